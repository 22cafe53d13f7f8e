// Level 5: threads.
#include <algorithm>

#include <parley/ext/kv.h>
#include <parley/ext/secrets.h>

#include "kit/check.hpp"
#include "kit/parallel_talk.hpp"
#include "kit/probe.hpp"

namespace parley::kit {
namespace {

constexpr std::chrono::milliseconds most_of_a_callback{50};
constexpr int tries = 3;

std::string told(const std::chrono::microseconds& took) {
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()) + " ms";
}

// The quickest of some tries: a busy machine makes a callback slow once, a blocking agent always.
Findings check_blocking(const Subject& subject, Progress& progress) {
    if (subject.manifest.is_blocking)
        return {{Verdict::skip, "its manifest declares the feature \"blocking\"", ""}};
    Findings found;
    for (const auto& message : small_talk()) {
        std::chrono::microseconds quickest = std::chrono::hours(1);
        std::string callback;
        for (int i = 0; i < tries && quickest > most_of_a_callback; ++i) {
            Probe probe(subject, progress);
            probe.must_start();
            probe.reset_slowest();
            probe.say(message, "the text \"" + message.text + "\"");
            if (probe.slowest() < quickest) callback = probe.slowest_callback();
            quickest = std::min(quickest, probe.slowest());
        }
        if (quickest > most_of_a_callback) {
            found.push_back({Verdict::fail,
                             callback + " holds its thread for " + told(quickest) + " (the text \"" +
                                 message.text + "\"); 50 ms are allowed",
                             "co_await turn.sleep(…) or turn.http(…) instead of waiting; or declare "
                             "\"features\": [\"blocking\"]"});
            break;
        }
    }
    return found;
}

// Of a library that is loaded for it and unloaded again.
std::string replies_of(const Subject& subject, Progress& progress, bool on_new_threads) {
    Probe probe(subject, progress, {.on_new_threads = on_new_threads});
    probe.must_start();
    std::string all;
    for (const auto& message : small_talk())
        for (const auto& reply : probe.say(message, "the text \"" + message.text + "\"").replies)
            all += reply.json + "\n";
    return all;
}

Findings check_moves(const Subject& subject, Progress& progress) {
    const std::string expected = replies_of(subject, progress, false);
    if (replies_of(subject, progress, false) != expected)
        return {{Verdict::skip, "answers differently from run to run, see duplicates.deterministic", ""}};
    if (replies_of(subject, progress, true) == expected) return {};
    return {{Verdict::fail, "answers differently when every callback runs on another thread",
             "keep nothing in thread_local variables: the host moves an instance between threads"}};
}

Findings check_phases(const Subject& subject, Progress& progress) {
    Probe probe(subject, progress);
    probe.must_start();
    probe.stop();
    const std::vector<std::string> all = probe.early_or_late();
    if (all.empty()) return {};
    return {{Verdict::fail, some_of(all),
             "call the host from start on, and until destroy returns; in create only log and get_extension"}};
}

// Only a crash, a hang or a turn that fails can be seen here; what races do otherwise, ThreadSanitizer sees.
Findings check_parallel(const Subject& subject, Progress& progress) {
    for (const char* id : {PARLEY_EXT_SECRETS, PARLEY_EXT_KV})
        if (subject.manifest.names_extension(id))
            return {{Verdict::skip, std::string("has ") + id + ", which this check cannot offer", ""}};
    progress.at("32 conversations at once in the engine's own host");
    const auto talk = talk_in_parallel(subject, 32, 6, Millis(6'000));
    if (!talk)
        return {{Verdict::fail, "does not start in the engine's own host: " + talk.error().message(), ""}};
    if (talk->is_stuck)
        return {{Verdict::fail, "has a thread that does not come back while 32 conversations run at once",
                 "look for locks that are held across a call of the host, or taken in another order"}};
    if (talk->open > 0 && talk->errors.empty())
        return {{Verdict::skip,
                 "takes longer than can be tried in real time: " + std::to_string(talk->open) + " of " +
                     std::to_string(talk->turns) + " turns were open after 6 s",
                 ""}};
    if (talk->errors.empty() || talk->requests > 0) return {};
    return {{Verdict::fail, "fails turns while 32 conversations run at once: " + some_of(talk->errors),
             "guard what conversations share with a lock, or leave \"concurrency\": \"conversation\" out"}};
}

}  // namespace

std::vector<Check> thread_checks() {
    return {
        {"threads.blocking", 5, "gives its thread back within 50 ms", {"load.answers"}, check_blocking},
        {"threads.moves", 5, "does not care on which thread it is called", {"load.answers"}, check_moves},
        {"threads.parallel",
         5,
         "answers many conversations at once in the engine's own host",
         {"turns.finished", "turns.exceptions", "turns.handles"},
         check_parallel},
        {"threads.phases", 5, "calls the host only while it may", {"load.starts"}, check_phases},
    };
}

}  // namespace parley::kit
