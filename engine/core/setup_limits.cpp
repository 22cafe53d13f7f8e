#include "core/setup_limits.hpp"

#include <algorithm>

namespace parley {
namespace {

using Times = std::vector<WallTime>;
using MaybeTime = std::optional<WallTime>;

constexpr std::int32_t pin_guessed_too_often = 133008;
constexpr std::int32_t pin_guessed_too_fast = 133009;
constexpr std::int32_t deleted_just_now = 133015;
constexpr std::int32_t registered_too_often = 133016;
constexpr std::int32_t code_not_sent = 136024;

// A clock that was set back must not make the past a future that never ends.
void keep_since(Times& times, WallTime since, WallTime now) {
    std::erase_if(times, [&](WallTime time) { return time <= since; });
    for (WallTime& time : times) time = std::min(time, now);
}

void end_block(MaybeTime& until, WallTime now) {
    if (!until) return;
    if (*until <= now) until.reset();
}

SetupFailure wait_for(Millis wait, const char* meaning, const char* remedy) {
    return refuse_setup(Errc::busy, meaning, remedy, wait);
}

void block(MaybeTime& until, WallTime now, Millis wait) {
    until = std::max(until.value_or(now), now + wait);
}

}  // namespace

SetupLimits::SetupLimits(const Clock& clock, SetupHistory history)
    : clock_(clock), history_(std::move(history)) {
    for (Times* times : {&history_.registrations, &history_.code_requests, &history_.code_tries})
        std::sort(times->begin(), times->end());
}

WallTime SetupLimits::forget_old() {
    const WallTime now = clock_.wall();
    keep_since(history_.registrations, now - window, now);
    keep_since(history_.code_requests, now - window, now);
    keep_since(history_.code_tries, now - code_life, now);
    for (MaybeTime* until :
         {&history_.registrations_blocked_until, &history_.codes_blocked_until, &history_.pins_blocked_until})
        end_block(*until, now);
    return now;
}

std::optional<SetupFailure> SetupLimits::take_registration() {
    const WallTime now = forget_old();
    if (history_.registrations_blocked_until)
        return wait_for(*history_.registrations_blocked_until - now,
                        "Meta takes no registration of this number for now",
                        "wait; a try before makes it no shorter");
    if (history_.pins_blocked_until)
        return wait_for(*history_.pins_blocked_until - now, "Meta takes no PIN for this number for now",
                        "wait, and make sure of the PIN before the next try");
    if (history_.registrations.size() >= most_registrations)
        return wait_for(
            history_.registrations.front() + window - now,
            "the number was registered or deregistered 10 times within 72 hours, and Meta would lock "
            "it for 72 more",
            "wait until the first of them is 72 hours old");
    history_.registrations.push_back(now);
    return std::nullopt;
}

std::optional<SetupFailure> SetupLimits::take_code_request() {
    const WallTime now = forget_old();
    if (history_.codes_blocked_until)
        return wait_for(*history_.codes_blocked_until - now, "Meta sends no codes to this number for now",
                        "wait, or verify the number in WhatsApp Manager");
    Times& requests = history_.code_requests;
    if (!requests.empty() && requests.back() + code_pause > now)
        return wait_for(requests.back() + code_pause - now, "a code was asked for a moment ago",
                        "give it a minute to arrive");
    if (requests.size() >= most_code_requests)
        return wait_for(
            requests.front() + window - now, "10 codes were asked for within 72 hours",
            "wait until the first request is 72 hours old, or verify the number in WhatsApp Manager");
    requests.push_back(now);
    history_.code_tries.clear();
    return std::nullopt;
}

std::optional<SetupFailure> SetupLimits::take_code_try() {
    const WallTime now = forget_old();
    Times& tries = history_.code_tries;
    if (tries.size() >= most_code_tries)
        return wait_for(tries.front() + code_life - now,
                        "5 codes were tried, and Meta locks numbers whose codes are guessed",
                        "ask for a new code");
    tries.push_back(now);
    return std::nullopt;
}

void SetupLimits::learn(const SetupFailure& failure) {
    const WallTime now = forget_old();
    switch (failure.code) {
        case registered_too_often:
        case deleted_just_now:
            block(history_.registrations_blocked_until, now, failure.wait);
            break;
        case pin_guessed_too_often:
        case pin_guessed_too_fast:
            block(history_.pins_blocked_until, now, failure.wait);
            break;
        case code_not_sent:
            if (failure.kind == Errc::busy) block(history_.codes_blocked_until, now, failure.wait);
            break;
        default:
            break;
    }
}

}  // namespace parley
