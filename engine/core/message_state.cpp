#include "core/message_state.hpp"

namespace parley {

const char* to_string(InboundState state) noexcept {
    switch (state) {
        case InboundState::stored:
            return "stored";
        case InboundState::unrouted:
            return "unrouted";
        case InboundState::open:
            return "open";
        case InboundState::answered:
            return "answered";
        case InboundState::dead:
            return "dead";
    }
    return "unknown";
}

const char* to_string(OutboundState state) noexcept {
    switch (state) {
        case OutboundState::queued:
            return "queued";
        case OutboundState::sending:
            return "sending";
        case OutboundState::held:
            return "held";
        case OutboundState::sent:
            return "sent";
        case OutboundState::failed:
            return "failed";
        case OutboundState::delivered:
            return "delivered";
        case OutboundState::read:
            return "read";
        case OutboundState::played:
            return "played";
        case OutboundState::expired:
            return "expired";
        case OutboundState::cancelled:
            return "cancelled";
    }
    return "unknown";
}

std::optional<OutboundState> outbound_state_of(std::string_view meta_word) noexcept {
    for (const OutboundState state : {OutboundState::sent, OutboundState::failed, OutboundState::delivered,
                                      OutboundState::read, OutboundState::played})
        if (meta_word == to_string(state)) return state;
    return std::nullopt;
}

bool moves_forward(OutboundState from, OutboundState to) noexcept {
    if (from == OutboundState::expired || from == OutboundState::cancelled) return false;
    return to > from && to <= OutboundState::played;
}

bool is_settled(OutboundState state) noexcept {
    return state >= OutboundState::sent;
}

}  // namespace parley
