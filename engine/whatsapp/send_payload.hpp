// The body of one Graph send: the native message object in its frame.
#pragma once

#include <string>

#include "base/result.hpp"
#include "core/outbound.hpp"

namespace parley {

// invalid_input when the payload is no JSON object, or when there is nobody to send it to. Frame members
// inside of the payload (to, recipient, messaging_product …) are left out: who gets a message is not its
// author's to say.
Result<std::string> to_graph_body(const OutboundMessage& message);

// Marks a message read and, with `typing`, shows the typing indicator until the reply or for 25 s.
std::string to_presence_body(const MessageId& message, bool typing);

}  // namespace parley
