// The states of messages. The numbers are stored: they are pinned by a test and never change.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace parley {

enum class InboundState : std::uint8_t {
    stored = 0,    // waits for its turn
    unrouted = 1,  // no deployment has its number
    open = 2,      // its turn runs
    answered = 3,  // its turn committed
    dead = 4,      // no agent could finish it; a dead letter says why
};

enum class OutboundState : std::uint8_t {
    queued = 0,
    sending = 1,
    held = 2,  // it is open whether Graph took it
    sent = 3,
    failed = 4,
    delivered = 5,
    read = 6,
    played = 7,
    expired = 8,
    cancelled = 9,
};

const char* to_string(InboundState state) noexcept;
const char* to_string(OutboundState state) noexcept;
std::optional<OutboundState> outbound_state_of(std::string_view meta_word) noexcept;  // sent … played, failed

// True when a status may move a message from `from` to `to`: only forward, and never out of expired or
// cancelled.
bool moves_forward(OutboundState from, OutboundState to) noexcept;

// Nothing more will be sent for a message in this state.
bool is_settled(OutboundState state) noexcept;

}  // namespace parley
