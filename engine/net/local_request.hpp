// Whether a request was made on this machine: neither through a tunnel nor by a page of somebody else.
#pragma once

#include <string_view>

#include "net/http_message.hpp"

namespace parley {

// True for a loopback peer that names a loopback host, came through no proxy and has no foreign Origin.
bool is_local_request(const HttpRequest& request);

bool is_loopback_address(std::string_view address) noexcept;  // 127.0.0.0/8, ::1, ::ffff:127.0.0.0/104

// "localhost", "127.0.0.1:8000", "[::1]:8000"; the value of a Host header or what follows the scheme of an
// Origin.
bool is_loopback_authority(std::string_view authority) noexcept;

}  // namespace parley
