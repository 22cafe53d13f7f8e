// Level 5: threads.
#include <algorithm>

#include "kit/check.hpp"
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

}  // namespace

std::vector<Check> thread_checks() {
    return {
        {"threads.blocking", 5, "gives its thread back within 50 ms", {"load.answers"}, check_blocking},
        {"threads.moves", 5, "does not care on which thread it is called", {"load.answers"}, check_moves},
        {"threads.phases", 5, "calls the host only while it may", {"load.starts"}, check_phases},
    };
}

}  // namespace parley::kit
