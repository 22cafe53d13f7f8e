// The webhook that Meta would have sent for one message or status, alone.
#pragma once

#include <string>
#include <string_view>

namespace forwarder {

// Of a canonical message: Meta's envelope around WhatsApp's own object, with Meta's escapes. A status carries the id and
// the biz_opaque_callback_data that its bot knows. Throws std::runtime_error when the text is no canonical message.
std::string to_meta_envelope(std::string_view message_json);

}  // namespace forwarder
