// What the store takes and gives of messages that leave: how a try ended, what a person decided, what has not left.
#pragma once

#include <optional>
#include <string>

#include "core/dead_letter.hpp"
#include "core/outbound.hpp"

namespace parley {

// What the author of an outbound message knows it by.
struct AuthorsNames {
    std::string user_callback;   // biz_opaque_callback_data; empty: none given
    std::string provisional_id;  // empty: WhatsApp's own id was there in time
};

struct OutcomeRecord {
    OutboundId id{};
    OutboundState state{};  // queued again, held, sent, failed, expired, cancelled
    WallTime at{};
    std::uint32_t tries = 0;
    MessageId wamid;  // when sent
    std::int32_t error_code = 0;
    std::string error_text;
    std::optional<DeadLetter> dead_letter;
};

// What a person decided about a message that is queued, or held.
struct OutboundDecision {
    OutboundId id{};
    bool send = false;  // a held one, again and now; else it is cancelled
    WallTime at{};
    std::string by;  // who, for the message's history
};

struct UnsentMessage {
    OutboundMessage message;
    OutboundState state = OutboundState::queued;  // or held
    WallTime held_since{};                        // of a held one
};

struct HeldMessage {
    OutboundId id{};
    PhoneNumberId channel;
    Recipient to;
    std::string callback;
    WallTime since{};
    std::string reason;
};

}  // namespace parley
