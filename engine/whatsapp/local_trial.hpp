// Whether a request is a trial on this machine: neither a tunnel nor a page in somebody's browser.
#pragma once

#include <string_view>

#include "net/http_message.hpp"

namespace parley {

// True for a loopback peer that names a loopback host, came through no proxy, has no foreign Origin and says
// that its body is JSON. A browser cannot send that content type to another origin without asking first.
bool is_local_trial(const HttpRequest& request);

bool is_loopback_address(std::string_view address) noexcept;  // 127.0.0.0/8, ::1, ::ffff:127.0.0.0/104

// "localhost", "127.0.0.1:8000", "[::1]:8000"; the value of a Host header or what follows the scheme of an
// Origin.
bool is_loopback_authority(std::string_view authority) noexcept;

}  // namespace parley
