// The token of `Authorization: Bearer …`.
#pragma once

#include <string_view>

#include "net/http_message.hpp"

namespace parley {

// Empty when the request has none. The scheme's name may be written in any case. Valid as long as the request.
std::string_view bearer_token(const HttpRequest& request);

}  // namespace parley
