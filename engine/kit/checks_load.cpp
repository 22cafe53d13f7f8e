// Level 1: loading, and the first words of the table.
#include <algorithm>
#include <chrono>
#include <set>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include "host/host_text.hpp"
#include "host/plugin_library.hpp"
#include "kit/check.hpp"
#include "kit/probe.hpp"
#include "kit/process_facts.hpp"

namespace parley::kit {
namespace {

using testing::Library;

constexpr std::chrono::milliseconds most_of_loading{100};

// Of three: a busy machine is slow once.
Millis quickest_load(const std::filesystem::path& file) {
    Millis quickest = Millis::max();
    for (int i = 0; i < 3; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        const Library library(file.string());
        quickest =
            std::min(quickest, std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now() - begin));
    }
    return quickest;
}

Findings check_opens(const Subject& subject, Progress& progress) {
    progress.at("loading it");
    // The engine's own way, for its explanations.
    const auto library = PluginLibrary::open(subject.file, subject.bytes, subject.folder / "staged");
    if (!library) {
        std::string sentence = library.error().message();
        const std::string path = subject.file.string() + ": ";
        if (sentence.starts_with(path)) sentence.erase(0, path.size());
        return {{Verdict::fail, sentence, ""}};
    }
    const Millis took = quickest_load(subject.file);
    if (took <= most_of_loading) return {};
    return {{Verdict::warn, "takes " + std::to_string(took.count()) + " ms to load",
             "do the work in create or start, not in static constructors"}};
}

// What is written to stdout while it lives.
class Stdout {
  public:
    explicit Stdout(const std::filesystem::path& file)
        : file_(::open(file.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600)), kept_(dup(STDOUT_FILENO)) {
        dup2(file_, STDOUT_FILENO);
    }
    ~Stdout() {
        dup2(kept_, STDOUT_FILENO);
        ::close(kept_);
        ::close(file_);
    }
    Stdout(const Stdout&) = delete;
    Stdout& operator=(const Stdout&) = delete;

    std::string text() const {
        std::fflush(stdout);
        std::string all(200, '\0');
        const ssize_t size = pread(file_, all.data(), all.size(), 0);
        all.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
        return all;
    }

  private:
    int file_;
    int kept_;
};

Findings check_quiet(const Subject& subject, Progress& progress) {
    const Stdout out(subject.folder / "stdout");
    const ProcessFacts before = read_process_facts();
    progress.at("loading it");
    const Library library(subject.file.string());
    const ProcessFacts after = read_process_facts();
    Findings found;
    for (const std::string& difference : differences(before, after))
        found.push_back({Verdict::fail, "while it is loaded, it " + difference,
                         "leave that to create or start; a library that is looked at must do nothing"});
    if (const std::string text = out.text(); !text.empty())
        found.push_back({Verdict::fail, "prints on stdout while it is loaded: " + one_line(text, 80),
                         "stdout belongs to the host's results; say it with host->log"});
    return found;
}

bool is_same(const parley_desc* one, const parley_desc* other) {
    const auto text = [](const char* p) { return std::string(p == nullptr ? "" : p); };
    return one != nullptr && other != nullptr && text(one->id) == text(other->id) &&
           text(one->version) == text(other->version) && text(one->summary) == text(other->summary);
}

Findings check_table(const Subject& subject, Progress& progress) {
    const Library library(subject.file.string());
    const parley_plugin& table = library.plugin();
    progress.at("count and desc");
    Findings found;
    const std::uint32_t count = table.count();
    std::set<std::string> ids;
    for (std::uint32_t i = 0; i < count && i < 64; ++i) {
        if (!is_same(table.desc(i), table.desc(i)))
            found.push_back({Verdict::fail, "desc(" + std::to_string(i) + ") gives another text each time",
                             "point to static data"});
        else if (!ids.insert(table.desc(i)->id).second)
            found.push_back({Verdict::fail, "holds the id " + std::string(table.desc(i)->id) + " twice",
                             "give every agent of the library an id of its own"});
    }
    if (table.desc(count) != nullptr)
        found.push_back(
            {Verdict::fail,
             "desc(" + std::to_string(count) + ") is not NULL, though count() is " + std::to_string(count),
             "return NULL for every index from count() on"});
    return found;
}

Findings check_ids(const Subject& subject, Progress& progress) {
    Findings found;
    for (const std::string& id :
         {std::string("com.example.nobody-has-this-id"), subject.manifest.id + "x", std::string()}) {
        Probe probe(subject, progress);
        const auto started = probe.host().start(subject.config_json, id.empty() ? " " : id);
        const std::string asked = id.empty() ? "the id \" \"" : "the id " + id;
        if (started.ok())
            found.push_back({Verdict::fail, "create takes " + asked + ", which is not its own",
                             "compare the whole id and return PARLEY_INVALID for any other"});
        else if (started.status != PARLEY_INVALID)
            found.push_back({Verdict::warn,
                             "create answers " + asked + " with " + to_string_status(started.status) +
                                 " instead of PARLEY_INVALID",
                             "look at the id before anything else"});
    }
    return found;
}

Findings check_starts(const Subject& subject, Progress& progress) {
    Probe probe(subject, progress);
    const auto started = probe.start();
    if (!probe.exceptions().empty())
        return {{Verdict::fail, some_of(probe.exceptions()),
                 "no exception may leave a plugin function: catch it and return a status"}};
    if (started.ok()) return {};
    std::string what = std::string("refuses to start with ") + to_string_status(started.status);
    what += started.error.empty() ? ", and says no reason" : ": " + one_line(started.error, 200);
    return {{Verdict::fail, what,
             subject.has_own_config
                 ? "give a configuration that it takes"
                 : "give the configuration it needs with --config FILE or --set key=value"}};
}

Findings check_answers(const Subject& subject, Progress& progress) {
    Probe probe(subject, progress);
    probe.must_start();
    probe.say({.text = "Hi"}, "the text \"Hi\"");
    if (probe.unfinished().empty()) return {};
    return {{Verdict::fail, "does not finish the turn of the text \"Hi\" before its deadline",
             "call finish exactly once for every event, on every path; the C++ SDK does it for you"}};
}

Findings check_extensions(const Subject& subject, Progress& progress) {
    Probe probe(subject, progress);
    probe.must_start();
    const parley_agent& agent = probe.host().agent();
    progress.at("get_extension of an unknown id");
    if (!PARLEY_HAS(&agent, get_extension) || agent.get_extension == nullptr ||
        agent.get_extension(agent.self, "com.example.unknown/1") == nullptr)
        return {};
    return {{Verdict::fail, "claims to have the extension com.example.unknown/1",
             "return NULL for every id that you do not know"}};
}

}  // namespace

std::vector<Check> load_checks() {
    return {
        {"load.opens", 1, "is loaded, and its table agrees with its manifest", {"file.exports"}, check_opens},
        {"load.quiet", 1, "does nothing while it is loaded", {"load.opens"}, check_quiet},
        {"load.table", 1, "describes its agents with static data", {"load.opens"}, check_table},
        {"load.starts", 1, "starts with its configuration", {"load.opens"}, check_starts},
        {"load.answers", 1, "finishes the turn of a plain text", {"load.starts"}, check_answers},
        {"load.ids", 1, "makes no instance for an id that is not its own", {"load.starts"}, check_ids},
        {"load.extensions", 1, "has no extension that nobody has defined", {"load.starts"}, check_extensions},
    };
}

}  // namespace parley::kit
