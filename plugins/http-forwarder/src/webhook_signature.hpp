// The signatures of what goes to the bot: of Standard Webhooks, and Meta's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace forwarder {

// The key of a secret: base64 after "whsec_", any other text as it is. nullopt when that base64 is none, or
// empty.
std::optional<std::string> to_signing_key(std::string_view secret);

// The header webhook-signature: "v1," and the base64 HMAC-SHA256 of id.timestamp.body. Throws
// std::runtime_error when the cryptographic library fails.
std::string sign(std::string_view key, std::string_view id, std::int64_t unix_seconds, std::string_view body);

// The header webhook-id of a canonical message: its message_id, so that every try carries the same one. A
// message without an id that fits into a header gets one made of its bytes and the key.
std::string to_webhook_id(std::string_view message_json, std::string_view key);

// Meta's header X-Hub-Signature-256: "sha256=" and the HMAC-SHA256 of the body in lower-case hexadecimal.
std::string sign_as_meta(std::string_view app_secret, std::string_view body);

}  // namespace forwarder
