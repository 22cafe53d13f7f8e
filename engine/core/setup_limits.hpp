// Meta's limits on the steps of a number's life, kept before anything is called: who exceeds them is locked out for days.
// Of one number; the caller keeps one for each, across restarts by history().
//
// Threads   None of its own; the caller serialises.
// Time      The clock's wall time: the limits outlive processes.
#pragma once

#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "core/setup_failure.hpp"

namespace parley {

// Plain data, to be stored and given back.
struct SetupHistory {
    std::vector<WallTime> registrations;                  // register and deregister, oldest first
    std::vector<WallTime> code_requests;                  // oldest first
    std::vector<WallTime> code_tries;                     // since the last code was asked for, oldest first
    std::optional<WallTime> registrations_blocked_until;  // by Meta's word
    std::optional<WallTime> codes_blocked_until;
    std::optional<WallTime> pins_blocked_until;

    friend bool operator==(const SetupHistory&, const SetupHistory&) = default;
};

class SetupLimits {
  public:
    static constexpr std::chrono::hours window{72};        // a moving one
    static constexpr std::size_t most_registrations = 10;  // Meta's
    static constexpr std::size_t most_code_requests = 10;  // Meta's
    // Ours: Meta locks numbers after guesses and does not tell how many.
    static constexpr std::size_t most_code_tries = 5;  // of one code
    static constexpr std::chrono::hours code_life{1};
    static constexpr std::chrono::seconds code_pause{60};  // the code of a moment ago may still arrive

    explicit SetupLimits(const Clock& clock, SetupHistory history = {});

    // Each counts one call that is about to be made, or says why it must not be: kind busy, with the wait. Save history()
    // before the call.
    std::optional<SetupFailure> take_registration();  // register_number, deregister_number
    std::optional<SetupFailure> take_code_request();
    std::optional<SetupFailure> take_code_try();

    // What Meta answered to such a call: a limit that it tells of is kept from then on.
    void learn(const SetupFailure& failure);

    const SetupHistory& history() const noexcept { return history_; }

  private:
    WallTime forget_old();

    const Clock& clock_;
    SetupHistory history_;
};

}  // namespace parley
