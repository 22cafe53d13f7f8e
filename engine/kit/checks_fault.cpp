// Level 8: each thing that can go wrong, one after another.
#include "host/host_text.hpp"
#include "kit/check.hpp"
#include "kit/probe.hpp"

namespace parley::kit {
namespace {

constexpr std::size_t most_faults = 400;

std::size_t count_calls(const Subject& subject, Progress& progress) {
    Probe probe(subject, progress);
    probe.must_start();
    for (const auto& message : small_talk()) probe.say(message, "the text \"" + message.text + "\"");
    return probe.calls();
}

// Refuses the n-th call of a talk; false when it was a call whose refusal ends the turn for good.
Findings refuse_one(const Subject& subject, Progress& progress, std::size_t number, parley_status status) {
    std::size_t calls = 0;
    std::string refused;
    Probe probe(subject, progress, {.refuse = [&](std::string_view call) {
                    if (++calls != number) return parley_status{PARLEY_OK};
                    refused = call;
                    return status;
                }});
    const auto started = probe.start();
    if (!started.ok() && refused.empty())
        return {{Verdict::fail, "does not start: " + one_line(started.error, 200), ""}};
    if (!started.ok()) return {};  // what it insists on was refused, and it says so
    for (const auto& message : small_talk()) {
        const auto step =
            "call " + std::to_string(number) + " to the host refused with " + to_string_status(status);
        const auto& turn = probe.begin(message, step);
        for (int second = 0; second < 41 && turn.open(); ++second)
            probe.host().advance(std::chrono::seconds(1));
        if (turn.cancelled && refused != "finish" && refused != "extend")
            return {
                {Verdict::fail,
                 "does not finish its turn when " + refused + " is refused with " + to_string_status(status),
                 "look at what every call returns, and finish the turn with an error"}};
    }
    probe.stop();
    if (!probe.exceptions().empty())
        return {{Verdict::fail,
                 some_of(probe.exceptions()) + " when " + refused + " is refused with " +
                     to_string_status(status),
                 "no exception may leave a plugin function: catch it and finish the turn"}};
    if (!probe.misuses().empty())
        return {
            {Verdict::fail,
             some_of(probe.misuses()) + " when " + refused + " is refused with " + to_string_status(status),
             "look at what every call returns"}};
    return {};
}

Findings check_host_calls(const Subject& subject, Progress& progress) {
    const std::size_t calls = std::min(count_calls(subject, progress), most_faults);
    Findings found;
    for (std::size_t number = 1; number <= calls && found.empty(); ++number)
        for (const parley_status status : {PARLEY_LIMIT, PARLEY_INTERNAL})
            if (found.empty()) found = refuse_one(subject, progress, number, status);
    return found;
}

Findings check_clock(const Subject& subject, Progress& progress) {
    Probe probe(subject, progress);
    probe.must_start();
    for (const std::int64_t unix_ms :
         {std::int64_t{1'790'000'000'000}, std::int64_t{1'690'000'000'000}, std::int64_t{0},
          std::int64_t{4'102'444'800'000}, std::int64_t{1'790'000'000'000}}) {
        probe.host().set_unix_ms(unix_ms);
        for (const auto& message : small_talk())
            probe.say(message, "the wall clock at " + std::to_string(unix_ms) + " ms");
        probe.host().advance(std::chrono::hours(24 * 40));
    }
    Findings found;
    if (!probe.exceptions().empty())
        found.push_back({Verdict::fail, some_of(probe.exceptions()) + " when the clock jumps",
                         "expect any time, also one before the last"});
    if (!probe.unfinished().empty())
        found.push_back({Verdict::fail, "does not finish its turns when the clock jumps",
                         "measure durations with now_mono_ns"});
    return found;
}

// No more address space than there is: what asks for more gets none.
Findings check_memory(const Subject& subject, Progress& progress) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    (void)subject, (void)progress;
    return {{Verdict::skip, "a sanitizer needs its memory", ""}};
#else
    Probe probe(subject, progress, {.is_poor = true});
    if (probe.start().ok())
        for (const std::size_t size : {10UL, 10'000UL, 1'000'000UL, 30'000'000UL})
            probe.say({.text = std::string(size, 'x')},
                      "a text of " + std::to_string(size) + " bytes with no memory left");
    probe.stop();
    if (probe.exceptions().empty()) return {};
    return {{Verdict::fail, some_of(probe.exceptions()) + " when there is no memory left",
             "catch std::bad_alloc like any other exception"}};
#endif
}

}  // namespace

std::vector<Check> fault_checks() {
    const std::vector<std::string_view> sound_turns{"turns.finished", "turns.exceptions", "turns.handles"};
    return {
        {"fault.host_calls", 8, "survives each call to the host failing once", sound_turns, check_host_calls},
        {"fault.clock", 8, "survives a clock that jumps", sound_turns, check_clock},
        {"fault.memory", 8, "survives a host without memory", sound_turns, check_memory},
    };
}

}  // namespace parley::kit
