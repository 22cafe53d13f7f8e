// The customer service window: the 24 hours after a person's last message or call, in which WhatsApp takes free-form
// messages. Afterwards it takes templates only.
#pragma once

#include "base/clock.hpp"

namespace parley {

inline constexpr std::chrono::hours service_window{24};

// Where it begins: at the message's own time, unless that cannot be. Senders' clocks are Meta's; ours decides what is
// absurd.
constexpr WallTime window_start(WallTime said_at, WallTime received_at) {
    const bool plausible = said_at >= received_at - std::chrono::hours(7 * 24) &&
                           said_at <= received_at + std::chrono::minutes(5);
    return plausible ? said_at : received_at;
}

// Closed a few seconds early: a message takes time on its way.
constexpr bool is_window_closed(WallTime from, WallTime now) {
    return now > from + service_window - std::chrono::seconds(5);
}

}  // namespace parley
