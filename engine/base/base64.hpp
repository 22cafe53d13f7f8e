// Base64 with '+', '/' and '=' (RFC 4648 section 4), and the form for URLs.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace parley {

std::string to_base64(std::string_view bytes);

std::string to_base64url(std::string_view bytes);  // with '-' and '_', without padding (section 5)

// The bytes; nothing when `text` is not base64 with its padding and nothing else.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace parley
