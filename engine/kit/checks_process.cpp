// Level 9: in a worker process.
#include <nlohmann/json.hpp>

#include <parley/ext/kv.h>
#include <parley/ext/secrets.h>

#include "kit/check.hpp"
#include "kit/killed_talk.hpp"
#include "kit/probe.hpp"

namespace parley::kit {
namespace {

constexpr std::size_t kills = 3;  // the engine gives up a process that ends five times in a minute
constexpr std::size_t longest_whole_text = 4096;  // WhatsApp's; the engine splits longer ones
constexpr std::size_t kills_of_poison = 2;        // its attempts
constexpr Millis patience{20'000};

Subject isolated(const Subject& subject) {
    Subject other = subject;
    other.is_isolated = true;
    return other;
}

Findings check_starts(const Subject& subject, Progress& progress) {
    Probe probe(isolated(subject), progress);
    const auto started = probe.start();
    if (started.ok()) return {};
    return {{Verdict::fail, "does not start in a worker process: " + started.error,
             "a worker has no environment but PATH and LANG, 256 descriptors and 2 GiB of addresses"}};
}

// The checks of a group, each with the agent in a worker.
Findings again(const std::vector<Check>& group, const Subject& subject, Progress& progress,
               std::string_view except = "") {
    const Subject other = isolated(subject);
    Findings all;
    for (const Check& check : group) {
        if (check.name == except) continue;
        for (Finding& one : check.run(other, progress)) {
            if (one.verdict == Verdict::skip) continue;
            one.what += " (" + std::string(check.name) + ", in a worker process)";
            all.push_back(std::move(one));
        }
    }
    return all;
}

Findings check_turns(const Subject& subject, Progress& progress) {
    return again(turn_checks(), subject, progress);
}

// A worker's agent is always offered every extension: what a host withholds is answered UNSUPPORTED.
Findings check_async(const Subject& subject, Progress& progress) {
    return again(async_checks(), subject, progress, "async.withheld");
}

struct Answer {
    std::string sample;
    nlohmann::json replies = nlohmann::json::array();
    std::string state;
};

std::vector<Answer> answers(const Subject& subject, Progress& progress) {
    Probe probe(subject, progress);
    probe.must_start();
    std::vector<Answer> all;
    const auto say = [&](const testing::Message& message, const std::string& name) {
        if (message.text.size() > longest_whole_text / 2) return;
        const auto& turn = probe.say(message, name);
        Answer answer{name, nlohmann::json::array(), turn.state_json.value_or("")};
        for (const auto& reply : turn.replies)
            answer.replies.push_back(nlohmann::json::parse(reply.json, nullptr, false));
        all.push_back(std::move(answer));
    };
    for (const auto& message : small_talk()) say(message, "the text \"" + message.text + "\"");
    for (const Sample& sample : samples())
        if (sample.is_usual) say(sample.message, sample.name);
    return all;
}

// The first message that was answered differently; empty: none.
std::string difference(const std::vector<Answer>& a, const std::vector<Answer>& b) {
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i)
        if (a[i].replies != b[i].replies || a[i].state != b[i].state) return a[i].sample;
    return "";
}

Findings check_same(const Subject& subject, Progress& progress) {
    const auto here = answers(subject, progress);
    if (!difference(here, answers(subject, progress)).empty())
        return {{Verdict::skip, "answers differently from run to run, see duplicates.deterministic", ""}};
    const std::string sample = difference(here, answers(isolated(subject), progress));
    if (sample.empty()) return {};
    return {{Verdict::fail, "answers differently in a worker process: " + sample,
             "depend on nothing of the process around: no environment, no folder, no name of the program"}};
}

// Empty: it can be tried.
Findings cannot_be_tried(const Subject& subject) {
    for (const char* id : {PARLEY_EXT_SECRETS, PARLEY_EXT_KV})
        if (subject.manifest.names_extension(id))
            return {{Verdict::skip, std::string("has ") + id + ", which this check cannot offer", ""}};
    return {};
}

Findings judge(const Result<KilledTalk>& talk, std::size_t expected_kills, const std::string& when,
               const char* remedy) {
    if (!talk) return {{Verdict::fail, "does not start in a worker process: " + talk.error().message(), ""}};
    if (!talk->runs)
        return {{Verdict::fail, "does not go on " + when + ": its process " + talk->last_end, remedy}};
    if (!talk->errors.empty())
        return {{Verdict::fail, "fails messages " + when + ": " + some_of(talk->errors), remedy}};
    if (talk->open > 0)
        return {{Verdict::fail, "leaves " + std::to_string(talk->open) + " messages without an end " + when,
                 remedy}};
    if (talk->kills < expected_kills)
        return {{Verdict::fail, "ends its process by itself while people talk: " + talk->last_end, ""}};
    return {};
}

Findings check_killed(const Subject& subject, Progress& progress) {
    if (Findings skip = cannot_be_tried(subject); !skip.empty()) return skip;
    progress.at("8 conversations while its process is killed");
    return judge(
        talk_with_kills(subject, kills, patience), kills, "after its process was killed",
        "expect to be killed at any moment: leave nothing behind that the next process trips over, and "
        "answer messages that come again (attempt 1)");
}

Findings check_poison(const Subject& subject, Progress& progress) {
    if (Findings skip = cannot_be_tried(subject); !skip.empty()) return skip;
    progress.at("8 conversations, one message of which ends the process each time");
    const auto talk = talk_with_poison(subject, patience);
    Findings found = judge(talk, kills_of_poison, "after a message that ended its process twice",
                           "start as if nothing had been: the engine gives such a message up by itself");
    if (found.empty() && talk->dead != 1)
        found.push_back(
            {Verdict::fail,
             "has " + std::to_string(talk->dead) + " messages given up where one ends its process each time",
             ""});
    return found;
}

}  // namespace

std::vector<Check> process_checks() {
    return {
        {"process.starts", 9, "starts in a worker process", {"load.answers"}, check_starts},
        {"process.turns",
         9,
         "keeps the promises of level 3 in a worker process",
         {"process.starts", "turns.finished", "turns.exceptions", "turns.handles", "turns.replies",
          "turns.state", "turns.kinds"},
         check_turns},
        {"process.async",
         9,
         "survives HTTP, timers and follow-ups in a worker process",
         {"process.turns", "async.errors", "async.refused", "async.cancel", "async.silence",
          "async.followups", "async.destroy"},
         check_async},
        {"process.same", 9, "answers the same in a worker process", {"process.turns"}, check_same},
        {"process.killed",
         9,
         "goes on when its process is killed at any moment",
         {"process.async", "duplicates.redelivery"},
         check_killed},
        {"process.poison",
         9,
         "goes on after a message that ends its process each time",
         {"process.killed"},
         check_poison},
    };
}

}  // namespace parley::kit
