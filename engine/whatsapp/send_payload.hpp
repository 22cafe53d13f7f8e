// The body of one Graph send: the native message object in its frame.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "core/outbound.hpp"

namespace parley {

// What becomes of a native message as its author made it: itself, or the parts of a text that is too long. invalid_input
// names the field and the documented limit that it breaks.
Result<std::vector<PreparedMessage>> to_messages(const std::string& native_json);

// invalid_input when the payload is no JSON object or breaks a documented limit, or when there is nobody to send it to.
// Frame members inside of the payload (to, recipient, messaging_product …) are left out: who gets a message is not its
// author's to say.
Result<std::string> to_graph_body(const OutboundMessage& message);

// Whether a native message may be sent at any time, also outside the service window.
bool is_template(const std::string& native_json);

// Marks a message read and, with `typing`, shows the typing indicator until the reply or for 25 s.
std::string to_presence_body(const MessageId& message, bool typing);

}  // namespace parley
