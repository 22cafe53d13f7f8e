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
    std::vector<WallTime> registrations;  // register and deregister, of the last 72 hours, oldest first
    std::vector<WallTime> code_requests;  // of the last 24 hours, oldest first
    std::vector<WallTime> code_tries;     // since the last code was asked for, oldest first
    std::optional<WallTime> registrations_blocked_until;  // Meta said so
    std::optional<WallTime> codes_blocked_until;
    std::optional<WallTime> pins_blocked_until;  // too many wrong PINs

    friend bool operator==(const SetupHistory&, const SetupHistory&) = default;
};

class SetupLimits {
  public:
    explicit SetupLimits(const Clock& clock, SetupHistory history = {});

    // Each counts one call that is about to be made, or says why it must not be: kind busy, with the wait. Save history()
    // before the call.
    std::optional<SetupFailure> take_registration();  // register_number, deregister_number
    std::optional<SetupFailure> take_code_request();
    std::optional<SetupFailure> take_code_try();

    // What Meta answered to such a call: its own limits and waits are kept from then on.
    void learn(const SetupFailure& failure);

    const SetupHistory& history() const noexcept { return history_; }

  private:
    void forget_old();

    const Clock& clock_;
    SetupHistory history_;
};

}  // namespace parley
