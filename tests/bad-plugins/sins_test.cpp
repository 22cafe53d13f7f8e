// One row a sin: which check finds it, and the exact sentence. And nothing but the sin is found.
#include <algorithm>
#include <fstream>
#include <set>

#include <gtest/gtest.h>

#include "fakes/temp_folder.hpp"
#include "host/plugin_library.hpp"
#include "kit/validator.hpp"

namespace parley::kit {
namespace {

struct Sin {
    std::string name;
    std::string check;
    Verdict verdict;
    std::string sentence;             // how the finding begins; "$" at its end: it ends there too
    std::set<std::string> also = {};  // checks that cannot but fail too
    bool host_refuses = false;        // with the same sentence, before anything of it runs for people
};

std::ostream& operator<<(std::ostream& out, const Sin& sin) {
    return out << sin.name;
}

std::set<std::string> every_check() {
    std::set<std::string> names;
    for (const Check& check : all_checks()) names.insert(std::string(check.name));
    return names;
}

// What unloads a library with a running thread may crash anywhere.
const std::set<std::string> everything = every_check();

const std::vector<Sin> sins{
    {"no-entry",
     "file.exports",
     Verdict::fail,
     "does not export parley_plugin_v1: write PARLEY_PLUGIN in C++, or define `const parley_plugin "
     "parley_plugin_v1` in C$",
     {},
     true},
    {"no-manifest",
     "file.manifest",
     Verdict::fail,
     "has no manifest (section .parley): write PARLEY_PLUGIN in C++ or PARLEY_MANIFEST in C, in exactly one "
     "source$",
     {},
     true},
    {"two-manifests",
     "file.manifest",
     Verdict::fail,
     "holds more than one manifest: write PARLEY_PLUGIN or PARLEY_MANIFEST in exactly one source$",
     {},
     true},
    {"not-json", "file.manifest", Verdict::fail, "manifest: is not JSON$", {}, true},
    {"wrong-major",
     "file.contract",
     Verdict::fail,
     "is built for plugin contract 2.0, this host speaks 1.0: build it with this host's plugin.h$",
     {},
     true},
    {"needs-unknown",
     "file.contract",
     Verdict::fail,
     "requires the extension parley.teleport/1, which this host does not have",
     {},
     true},
    {"more-exports",
     "file.exports",
     Verdict::fail,
     "exports more than parley_plugin_v1: sinner_helper; build it with add_agent_plugin(), or with "
     "-fvisibility=hidden and a version script$",
     {},
     true},
    {"missing-symbol",
     "load.opens",
     Verdict::fail,
     "uses a symbol that nothing provides: link every library it needs, with -Wl,-z,defs",
     {},
     true},
    {"liar-version",
     "load.opens",
     Verdict::fail,
     "its manifest says version 1.0.0, its table says 9.9.9: they must be the same$",
     {},
     true},
    {"liar-id",
     "load.opens",
     Verdict::fail,
     "its manifest says id sinner, but its table holds no agent of that id$",
     {},
     true},
    {"liar-abi",
     "load.opens",
     Verdict::fail,
     "its table and its manifest name different contracts: build both from the same plugin.h$",
     {},
     true},
    {"small-table",
     "load.opens",
     Verdict::fail,
     "its table parley_plugin_v1 is incomplete: set struct_size, count, desc and create$",
     {},
     true},
    {"truncated",
     "file.elf",
     Verdict::fail,
     "is truncated or damaged (a segment lies behind the end of the file): copy or build the library again$",
     {},
     true},
    {"a-text",
     "file.elf",
     Verdict::fail,
     "is not a shared library (no ELF header): name the .so file that the agent's build made$",
     {},
     true},
    {"create-refuses", "load.starts", Verdict::fail,
     "refuses to start with CONFIG: config.facts: the file has no section \"fees\"$"},
    {"start-refuses", "load.starts", Verdict::fail, "refuses to start with DENIED, and says no reason$"},
    {"no-on-event", "load.starts", Verdict::fail,
     "refuses to start with INVALID: create gave no on_event or no destroy$"},
    {"throws_in_create", "load.starts", Verdict::fail, "create threw std::logic_error (no settings)$"},
    {"never_finishes", "load.answers", Verdict::fail,
     "does not finish the turn of the text \"Hi\" before its deadline$"},
    {"segfaults", "load.answers", Verdict::crash,
     "ended the process with SIGSEGV in on_event (the text \"Hi\")"},
    {"aborts", "load.answers", Verdict::crash,
     "ended the process with SIGABRT in on_event (the text \"Hi\"); it wrote: I cannot go on"},
    {"calls_exit", "load.answers", Verdict::crash,
     "ended the process with exit(3) in on_event (the text \"Hi\")$"},
    {"spins", "load.answers", Verdict::timeout, "did not come back in on_event (the text \"Hi\")$"},
    {"takes_any_id", "load.ids", Verdict::fail, "create takes the id sinnerx, which is not its own$"},
    {"prints_at_load", "load.quiet", Verdict::fail, "prints on stdout while it is loaded: sinner 1.0 ready"},
    {"thread_at_load", "load.quiet", Verdict::fail, "while it is loaded, it left 1 thread(s) running$",
     everything},
    {"refuses_without_a_word", "config.refuses", Verdict::fail,
     "refuses a configuration with an array without saying why$"},
    {"shares_its_settings", "config.instances", Verdict::fail,
     "answers differently once another instance with another configuration has run$"},
    {"unique_symbol",
     "unload.symbols",
     Verdict::fail,
     "has STB_GNU_UNIQUE symbols, which keep it in memory and shared between versions: _ZN7Counter5callsE$",
     {"file.exports"}},
    {"tls_destructor", "unload.traces", Verdict::warn,
     "stays in memory after dlclose, so every new version adds to it$"},
    {"leaves_a_file_open", "unload.traces", Verdict::fail,
     "once its instance is destroyed, it has left file descriptors open:"},
    {"closes_descriptors", "unload.traces", Verdict::fail,
     "once its instance is destroyed, it has closed file descriptors that are not its own: 0 (/dev/null), 1 "
     "("},
    {"changes_the_environment", "unload.traces", Verdict::fail,
     "once its instance is destroyed, it has changed the environment variables$"},
    {"leaks", "unload.cycles", Verdict::fail, "leaks: "},
    {"throws", "turns.exceptions", Verdict::fail, "on_event threw std::runtime_error (nobody catches me)$"},
    {"throws_a_number", "turns.exceptions", Verdict::fail, "on_event threw an exception of type int$"},
    {"finishes_twice", "turns.handles", Verdict::fail, "finish: the turn is over already$"},
    {"stale_handle", "turns.handles", Verdict::fail, "reply_text: the turn is over already$"},
    {"leaves_pictures_open", "turns.finished", Verdict::fail,
     "does not finish the turns of a message of type image$"},
    {"reply_not_json", "turns.replies", Verdict::fail,
     "stages a reply that WhatsApp refuses: is not a JSON object: {type: text} (the text \"Hi\")$"},
    {"reply_over_limit", "turns.replies", Verdict::fail,
     "stages a reply that WhatsApp refuses: interactive.action.buttons[0].reply.title: 22 characters, at "
     "most 20 (the text \"Hi\")$"},
    {"state_is_an_array", "turns.state", Verdict::fail, "its state is not a JSON object: [1,2]$"},
    {"fails_unknown_kinds", "turns.kinds", Verdict::fail,
     "does not finish with PARLEY_OK: an event of the unknown kind 99$"},
    {"trusts_http",
     "async.errors",
     Verdict::crash,
     "ended the process with SIGABRT in on_result (HTTP: no connection)",
     {"async.cancel"}},
    {"forgets_refusals",
     "async.refused",
     Verdict::fail,
     "does not finish its turn (operations refused with LIMIT)$",
     {"fault.host_calls", "async.silence"}},
    {"forgets_followups",
     "async.followups",
     Verdict::fail,
     "does not finish the turn of its follow-up nudge",
     {}},
    {"works_after_cancel",
     "async.cancel",
     Verdict::fail,
     "reply_text: the turn is over already; finish: the turn is over already (taken away after 0 answers)$",
     {"async.silence", "async.destroy", "swap.open_turns", "fault.host_calls"}},
    {"blocks", "threads.blocking", Verdict::fail, "on_event holds its thread for 20"},
    {"per_thread", "threads.moves", Verdict::fail,
     "answers differently when every callback runs on another thread$"},
    {"calls_host_in_create", "threads.phases", Verdict::fail,
     "now_unix_ms: called inside create, where only log and get_extension may be$"},
    {"waits_in_two_instances", "swap.overlap", Verdict::fail,
     "the old instance no longer finishes its turns once a new one has started$"},
    {"believes_its_state", "swap.state", Verdict::crash,
     "ended the process with SIGABRT in on_event (the state {})$"},
    {"migrates_to_rubbish", "swap.migration", Verdict::fail,
     "the state of schema 0 could not be brought to 2: what it gave is no JSON object"},
    {"refuses_its_memory", "swap.handover", Verdict::fail, "does not take its own memory: who are you?$"},
    {"own_clock", "duplicates.deterministic", Verdict::fail,
     "says something else the second time, with the same time and the same randomness$"},
    {"ignores_second_tries", "duplicates.redelivery", Verdict::fail,
     "does not answer messages that come again after a crash (attempt 1)$"},
    {"dies_of_a_refusal", "fault.host_calls", Verdict::crash,
     "ended the process with SIGABRT in on_event (call 1 to the host refused with LIMIT)$"},
    {"dies_without_memory", "fault.memory", Verdict::crash,
     "ended the process with SIGSEGV in on_event (a text of "},
    {"opens_many_files", "process.starts", Verdict::fail,
     "does not start in a worker process: agent sinner: create answered LIMIT: 300 files are needed$"},
    {"dies_in_a_worker", "process.turns", Verdict::fail,
     "its worker was ended by signal 6 (SIGABRT) in on_event (the text \"Hi\")$"},
    {"trusts_http_in_a_worker", "process.async", Verdict::fail,
     "its worker was ended by signal 6 (SIGABRT) in on_result (HTTP: no connection)$"},
    {"says_who_it_is", "process.same", Verdict::fail,
     "answers differently in a worker process: the text \"Hi\"$"},
    {"leaves_a_lock", "process.killed", Verdict::fail,
     "does not go on after its process was killed: its process was ended by signal 9 (SIGKILL): the agent "
     "does not start: agent sinner: create answered DENIED: it runs already$"},
    {"gives_up_after_two_ends", "process.poison", Verdict::fail,
     "does not go on after a message that ended its process twice: its process was ended by signal 9 "
     "(SIGKILL): the agent does not start: agent sinner: create answered DENIED: it began twice for "
     "nothing$"},
    {"trusts_types", "long.fuzz", Verdict::fail, "ended the process with SIGABRT in on_event"},
    {"leaks_slowly", "long.soak", Verdict::fail, "needs more and more memory: "},
};

// What is found early is not looked for late: that takes longer, and everything rests on the early checks.
int strictness_of(const Sin& sin) {
    for (const Check& check : all_checks())
        if (check.name == sin.check) return std::max(check.level, 8);
    return highest_strictness;
}

// Level 10 for a moment, instead of ten minutes and a million messages.
ValidationOptions short_options(int strictness) {
    ValidationOptions options;
    options.strictness = strictness;
    options.worker = WORKER;
    options.fuzz_for = Millis(500);
    options.soak_messages = 5'000;
    return options;
}

constexpr bool is_sanitized() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#else
    return false;
#endif
}

class Sins : public ::testing::TestWithParam<Sin> {
  protected:
    // The host's own sinners have a dash in their names.
    std::filesystem::path library() const {
        const std::string& name = GetParam().name;
        if (name == "truncated") return cut(std::filesystem::path(BAD_PLUGINS) / "sound.so");
        if (name == "a-text") return write("not a library, but long enough to be read as the header of one");
        const char* where = name.find('-') == std::string::npos ? BAD_PLUGINS : HOST_SINNERS;
        return std::filesystem::path(where) / (name + ".so");
    }

    fakes::TempFolder folder;

  private:
    std::filesystem::path cut(const std::filesystem::path& whole) const {
        const auto bytes = read_library(whole);
        return write(bytes->substr(0, bytes->size() / 8));
    }
    std::filesystem::path write(const std::string& bytes) const {
        const auto file = folder.path() / "written.so";
        std::ofstream(file, std::ios::binary) << bytes;
        return file;
    }
};

std::string told(const ValidationReport& report) {
    std::string text;
    for (const CheckReport& one : report.checks)
        for (const Finding& finding : one.findings)
            if (finding.verdict != Verdict::skip)
                text += std::string(one.check->name) + " " + to_string(finding.verdict) + ": " +
                        finding.what + "\n";
    return text;
}

bool says(const Finding& finding, const Sin& sin) {
    const bool is_whole = sin.sentence.ends_with('$');
    const std::string begin = is_whole ? sin.sentence.substr(0, sin.sentence.size() - 1) : sin.sentence;
    return finding.verdict == sin.verdict &&
           (is_whole ? finding.what == begin : finding.what.starts_with(begin));
}

TEST_P(Sins, is_found_by_its_own_check_with_its_sentence) {
    const Sin& sin = GetParam();
    if (is_sanitized() && (sin.check.starts_with("fault.memory") || sin.check == "unload.cycles" ||
                           sin.verdict == Verdict::crash))
        GTEST_SKIP() << "a sanitizer ends or keeps things in its own way";
    ValidationOptions options = short_options(strictness_of(sin));
    // Each of its turns holds 200 ms of real time.
    if (sin.name == "blocks") options.include = "^(load|threads)";
    options.limit = Millis(sin.name == "spins" ? 500 : 60'000);
    const auto report = validate(library(), options);
    ASSERT_TRUE(report) << report.error().message();
    EXPECT_EQ(report->has_passed(), sin.verdict == Verdict::warn);
    bool is_found = false;
    for (const CheckReport& one : report->checks) {
        if (one.check->name == sin.check) {
            is_found = std::any_of(one.findings.begin(), one.findings.end(),
                                   [&](const Finding& f) { return says(f, sin); });
        } else if (!sin.also.contains(std::string(one.check->name))) {
            EXPECT_FALSE(is_failure(one.verdict)) << one.check->name << " fails too:\n" << told(*report);
        }
    }
    EXPECT_TRUE(is_found) << sin.check << " should say: " << sin.sentence << "\n" << told(*report);
}

class HostSins : public Sins {};

TEST_P(HostSins, are_refused_by_the_host_with_the_same_sentence) {
    const Sin& sin = GetParam();
    const auto file = library();
    const auto bytes = read_library(file);
    ASSERT_TRUE(bytes);
    const auto opened = PluginLibrary::open(file, *bytes, folder.path());
    ASSERT_FALSE(opened);
    const std::string sentence = sin.sentence.substr(0, sin.sentence.find('$'));
    EXPECT_NE(opened.error().message().find(sentence), std::string::npos) << opened.error().message();
}

std::string name_of(const ::testing::TestParamInfo<Sin>& one) {
    std::string name = one.param.name;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

std::vector<Sin> those_the_host_refuses() {
    std::vector<Sin> some;
    std::copy_if(sins.begin(), sins.end(), std::back_inserter(some),
                 [](const Sin& sin) { return sin.host_refuses; });
    return some;
}

INSTANTIATE_TEST_SUITE_P(All, Sins, ::testing::ValuesIn(sins), name_of);
INSTANTIATE_TEST_SUITE_P(All, HostSins, ::testing::ValuesIn(those_the_host_refuses()), name_of);

struct Good {
    const char* name;
    std::string config_json;
};

std::ostream& operator<<(std::ostream& out, const Good& good) {
    return out << good.name;
}

class GoodAgents : public ::testing::TestWithParam<Good> {};

TEST_P(GoodAgents, pass_every_check_without_a_warning) {
    const auto file = std::filesystem::path(AGENTS) / (std::string(GetParam().name) + ".so");
    ValidationOptions options = short_options(highest_strictness);
    options.config_json = GetParam().config_json;
    options.limit = Millis(120'000);
    const auto report = validate(file, options);
    ASSERT_TRUE(report) << report.error().message();
    EXPECT_TRUE(report->has_passed()) << told(*report);
    EXPECT_EQ(report->count(Verdict::warn), 0U) << told(*report);
    EXPECT_GT(report->count(Verdict::pass), 30U);
}

INSTANTIATE_TEST_SUITE_P(All, GoodAgents,
                         ::testing::Values(Good{"echo", ""},
                                           Good{"echo", R"({"count": true, "delay_ms": 20})"},
                                           Good{"echo-c", ""},
                                           Good{"http-forwarder", R"({"url": "https://bot.test/"})"},
                                           Good{"credit-card-agent", R"({"facts": ")" FACTS R"("})"}));

TEST(SoundAgent, passes_every_check) {
    const auto report =
        validate(std::filesystem::path(BAD_PLUGINS) / "sound.so", short_options(highest_strictness));
    ASSERT_TRUE(report);
    EXPECT_EQ(told(*report), "");
}

}  // namespace
}  // namespace parley::kit
