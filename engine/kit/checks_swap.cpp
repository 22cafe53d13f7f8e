// Levels 6 and 7: replaced while it works, and given the same message twice.
#include <filesystem>

#include <nlohmann/json.hpp>

#include <parley/ext/state-migrate.h>

#include "host/host_text.hpp"
#include "kit/check.hpp"
#include "kit/probe.hpp"

namespace parley::kit {
namespace {

using testing::TurnRecord;

constexpr std::uint32_t oldest_tried = 3;  // schemas before today's

void hold_answers(Probe& probe) {
    probe.host().on_http("*", "").reply(200, "{}").after(std::chrono::seconds(1));
}

Findings broken(Probe& probe, const std::string& when) {
    Findings found;
    if (!probe.exceptions().empty())
        found.push_back({Verdict::fail, some_of(probe.exceptions()) + " " + when,
                         "no exception may leave a plugin function: catch it and finish the turn"});
    if (!probe.unfinished().empty())
        found.push_back({Verdict::fail, "does not finish its turns " + when,
                         "share nothing between instances: a new one starts while the old one still works"});
    if (!probe.misuses().empty())
        found.push_back(
            {Verdict::fail, some_of(probe.misuses()) + " " + when, "forget a turn once it is over"});
    return found;
}

template <class List>
void append(List& to, const List& more) {
    to.insert(to.end(), more.begin(), more.end());
}

Findings check_open_turns(const Subject& subject, Progress& progress) {
    Probe probe(subject, progress);
    probe.must_start();
    hold_answers(probe);
    for (int i = 0; i < 20; ++i)
        probe.begin({.text = "Hi", .sender = "9196000000" + std::to_string(i)},
                    "turns that are open when it ends");
    probe.stop();
    return broken(probe, "when it is destroyed with open turns");
}

Findings check_overlap(const Subject& subject, Progress& progress) {
    Probe old_one(subject, progress);
    old_one.must_start();
    hold_answers(old_one);
    const TurnRecord& open = old_one.begin({.text = "Hi"}, "a turn of the old instance");
    Findings found;
    {
        Probe new_one(subject, progress);
        new_one.must_start();
        new_one.say({.text = "Hi", .sender = "919800000002"}, "a turn of the new instance");
        if (open.open()) old_one.host().advance(std::chrono::seconds(30));
        if (open.open() || open.cancelled)
            found.push_back(
                {Verdict::fail, "the old instance no longer finishes its turns once a new one has started",
                 "share nothing between instances: a new one starts while the old one still works"});
        old_one.stop();
        new_one.say({.text = "Hi again", .sender = "919800000002"}, "a turn after the old instance is gone");
        append(found, broken(new_one, "beside an older instance"));
    }
    append(found, broken(old_one, "beside a newer instance"));
    return found;
}

// Two versions of a library are two files; their statics must be their own.
Findings check_copies(const Subject& subject, Progress& progress) {
    const std::filesystem::path copy = subject.folder / "second.so";
    std::filesystem::copy_file(subject.file, copy, std::filesystem::copy_options::overwrite_existing);
    Probe first(subject, progress);
    first.must_start();
    Findings found;
    {
        Probe second(subject, progress, {.file = copy});
        second.must_start();
        second.say({.text = "Hi"}, "a second copy of the library");
        append(found, broken(second, "as a second copy of the library"));
    }
    first.say({.text = "Hi"}, "the first copy, after the second is gone");
    append(found, broken(first, "after a second copy of the library was unloaded"));
    return found;
}

std::vector<std::string> foreign_states(const std::string& own) {
    std::vector<std::string> all{"{}", R"({"kit_unknown":{"a":[1,2,null]}})"};
    const auto document = nlohmann::json::parse(own, nullptr, false);
    if (!document.is_object()) return all;
    auto more = document;
    more["kit_unknown"] = 1;
    all.push_back(more.dump());
    for (const auto& [name, value] : document.items()) {
        auto odd = document;
        odd[name] = value.is_string() ? nlohmann::json(42) : nlohmann::json("of another type");
        all.push_back(odd.dump());
        odd[name] = nullptr;
        all.push_back(odd.dump());
        odd.erase(name);
        all.push_back(odd.dump());
    }
    return all;
}

// Its own, and what another version might have given.
std::vector<std::string> memories(const std::string& own) {
    std::vector<std::string> all{own};
    append(all, foreign_states(own));
    return all;
}

Findings check_state(const Subject& subject, Progress& progress) {
    Probe probe(subject, progress);
    probe.must_start();
    for (const auto& message : small_talk()) probe.say(message, "the text \"" + message.text + "\"");
    const std::string own = probe.host().state("919800000001");
    probe.stop();

    Probe next(subject, progress);
    next.must_start();
    next.host().set_state("919800000001", own);
    next.say({.text = "Hi"}, "a state of the version before");
    Findings found = broken(next, "with its own state from before");
    if (!next.failed().empty())
        found.push_back({Verdict::fail, "fails with its own state from before: " + some_of(next.failed()),
                         "read what you have written"});
    std::size_t number = 0;
    for (const std::string& state : foreign_states(own)) {
        const std::string conversation = "foreign" + std::to_string(++number);
        next.host().set_state(conversation, state);
        next.say({.text = "Hi", .conversation = conversation}, "the state " + state.substr(0, 200));
    }
    append(found, broken(next, "with a state of another version"));
    return found;
}

const Findings no_handover{{Verdict::skip, "has no parley.handover/1", ""}};

Findings check_handover(const Subject& subject, Progress& progress) {
    Probe old_one(subject, progress);
    old_one.must_start();
    hold_answers(old_one);
    for (const auto& message : small_talk()) old_one.begin(message, "the text \"" + message.text + "\"");
    const auto memory = old_one.host().export_memory();
    if (memory.status == PARLEY_UNSUPPORTED && old_one.exceptions().empty()) return no_handover;
    Findings found = broken(old_one, "when it gives its memory");
    if (memory.status != PARLEY_OK) {
        found.push_back({Verdict::fail, "does not give its memory: " + one_line(memory.text, 200),
                         "give one JSON object of at most 4 MiB to the sink"});
        return found;
    }
    for (const std::string& given : memories(memory.text)) {
        Probe new_one(subject, progress);
        new_one.must_start();
        const bool is_own = given == memory.text;
        const auto taken = new_one.host().import_memory(is_own ? subject.manifest.version : "99.0.0", given);
        new_one.say({.text = "Hi"}, "the memory " + one_line(given, 200));
        append(found, broken(new_one, is_own ? "with its own memory" : "with a memory of another version"));
        if (is_own && taken.status != PARLEY_OK)
            found.push_back({Verdict::fail, "does not take its own memory: " + one_line(taken.text, 200),
                             "take what you have given"});
    }
    return found;
}

bool has_migration(Probe& probe) {
    const parley_agent& agent = probe.host().agent();
    return PARLEY_HAS(&agent, get_extension) && agent.get_extension != nullptr &&
           agent.get_extension(agent.self, PARLEY_EXT_STATE_MIGRATE) != nullptr;
}

// What an older version wrote is not known here: a document may be refused, but only by a word.
Findings check_migration(const Subject& subject, Progress& progress) {
    Probe probe(subject, progress);
    probe.must_start();
    if (!has_migration(probe)) return {{Verdict::skip, "has no parley.state-migrate/1", ""}};
    const std::uint32_t today = subject.manifest.state_schema;
    if (today == 0)
        return {{Verdict::fail, "has parley.state-migrate/1, but its manifest has no state_schema",
                 "count the forms of your document in \"state_schema\", from 1 on"}};
    for (const auto& message : small_talk()) probe.say(message, "the text \"" + message.text + "\"");
    const std::string own = probe.host().state("919800000001");
    Findings found;
    std::vector<std::string> rubbish;
    std::size_t number = 0;
    for (std::uint32_t from = today > oldest_tried ? today - oldest_tried : 0; from < today; ++from) {
        for (const std::string& state : foreign_states(own)) {
            const std::string conversation = "older" + std::to_string(++number);
            probe.host().set_state(conversation, state, from);
            const TurnRecord& turn =
                probe.say({.text = "Hi", .conversation = conversation}, "the state " + state.substr(0, 200));
            const bool gave_rubbish = turn.error.find("it gave no document") != std::string::npos ||
                                      turn.error.find("is no JSON object") != std::string::npos ||
                                      turn.error.find("document is larger") != std::string::npos;
            if (gave_rubbish) rubbish.push_back(one_line(turn.error, 200));
        }
    }
    if (!rubbish.empty())
        found.push_back({Verdict::fail, some_of(rubbish),
                         "give one JSON object of at most 256 KiB to the sink, or a reason why not"});
    append(found, broken(probe, "with a document of an older schema"));
    return found;
}

struct Told {
    std::string text;
    std::string state;
    friend bool operator==(const Told&, const Told&) = default;
};

Told tell(const Subject& subject, Progress& progress, std::uint32_t attempt) {
    Probe probe(subject, progress);
    probe.must_start();
    Told told;
    for (auto message : small_talk()) {
        message.attempt = attempt;
        for (const auto& reply : probe.say(message, "the text \"" + message.text + "\"").replies)
            told.text += reply.json + "\n";
    }
    told.state = probe.host().state("919800000001");
    return told;
}

Findings check_deterministic(const Subject& subject, Progress& progress) {
    if (tell(subject, progress, 0) == tell(subject, progress, 0)) return {};
    return {{Verdict::fail, "says something else the second time, with the same time and the same randomness",
             "take time from now_unix_ms and randomness from random of the host only"}};
}

Findings check_redelivery(const Subject& subject, Progress& progress) {
    const Told first = tell(subject, progress, 0);
    const Told second = tell(subject, progress, 1);
    if (first == second) return {};
    if (second.text.empty() && !first.text.empty())
        return {{Verdict::fail, "does not answer messages that come again after a crash (attempt 1)",
                 "answer them: nothing of the first try was sent"}};
    return {{Verdict::warn, "answers differently when a message comes again after a crash (attempt 1)",
             "make sure that this is meant: nothing of the first try was sent"}};
}

}  // namespace

std::vector<Check> swap_checks() {
    const std::vector<std::string_view> sound_turns{"turns.finished", "turns.exceptions", "turns.handles"};
    return {
        {"swap.open_turns", 6, "can be destroyed with turns open", sound_turns, check_open_turns},
        {"swap.overlap", 6, "works beside a newer instance of itself", sound_turns, check_overlap},
        {"swap.copies", 6, "works beside a second copy of its library", sound_turns, check_copies},
        {"swap.state", 6, "takes the state of another version", sound_turns, check_state},
        {"swap.migration", 6, "takes documents of older schemas, or says why not", sound_turns,
         check_migration},
        {"swap.handover", 6, "gives and takes what it has in memory", sound_turns, check_handover},
        {"duplicates.deterministic", 7, "says the same with the same time and randomness", sound_turns,
         check_deterministic},
        {"duplicates.redelivery", 7, "answers a message that comes again", sound_turns, check_redelivery},
    };
}

}  // namespace parley::kit
