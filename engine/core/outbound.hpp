// What leaves: one message to send, and how its sending ended.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.hpp"
#include "base/trace_context.hpp"
#include "core/ids.hpp"
#include "core/message_state.hpp"

namespace parley {

// Where a message goes: the number if it is known, else the BSUID.
struct Recipient {
    std::string wa_id;    // digits without '+'
    std::string user_id;  // BSUID
};

// A message that fits WhatsApp's limits, before it is anybody's.
struct PreparedMessage {
    std::string native_json;    // without the frame: {"type":"text","text":{…}}, maybe "context"
    std::string user_callback;  // biz_opaque_callback_data that its author gave it
};

// A message as its author made it, before the store numbers it.
struct NewOutbound {
    PhoneNumberId channel;
    Recipient to;
    // Native Graph object without the frame: {"type":"text","text":{…}}, maybe "context".
    std::string payload_json;
    std::string callback;       // "p1." + ULID, made with the message, the same in every try
    std::string user_callback;  // biz_opaque_callback_data an agent set itself; shown again in its statuses
};

struct OutboundMessage : NewOutbound {
    OutboundId id{};
    ConversationId conversation{};
    std::uint32_t tries = 0;  // calls made so far
    WallTime created_at{};
    WallTime window_from{};       // when the person last wrote, as far as known; {}: ask the store
    TraceId answered_trace = {};  // of the message it answers; none: nobody asked for it
};

// How wide a temporary refusal reaches.
enum class Scope : std::uint8_t { message, recipient, number, account, app };

// How one call to Graph ended.
struct Sent {
    MessageId wamid;
    Millis pause{0};  // Graph took it, and asks the number to send nothing for so long
};
struct RetryLater {
    Millis after{0};  // 0: the pump's own backoff
    Scope scope = Scope::message;
    std::int32_t code = 0;  // Graph's error code; 0 when the call did not reach Graph
    std::string reason;
};
struct Rejected {
    char error_class = 'N';  // N bad request, T token, W window, U user side, X policy
    std::int32_t code = 0;
    std::string reason;  // one line for people; no secret
    int status = 0;      // Graph's answer as it came, for those who speak Graph; 0: there was none
    std::string answer{};
};
struct Unknown {  // the call may have arrived
    std::string reason;
};
// How a message ended, for those who wait for it.
struct SendEnding {
    OutboundState state{};  // sent, failed or expired
    MessageId wamid;        // of a sent one, when it is known
    std::int32_t code = 0;
    std::string reason;
    int status = 0;  // see Rejected
    std::string answer;
};

// A text as a native message.
std::string to_text_message(std::string_view text);

// What a message is called before WhatsApp has given it an id of its own; made from its callback id.
std::string provisional_id(const std::string& callback);

// By what all systems know it: the trace of the message it answers, or one of its own, made from its callback id; so the same
// in every try.
TraceId trace_of(const OutboundMessage& message);

using SendOutcome = std::variant<Sent, RetryLater, Rejected, Unknown>;

}  // namespace parley
