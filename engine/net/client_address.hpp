// Who really asks, when a proxy passes the request on.
#pragma once

#include <string>

#include "net/http_message.hpp"
#include "net/networks.hpp"

namespace parley {

// The peer of the connection; when that is a trusted proxy, the nearest address in X-Forwarded-For, from the right
// over all its lines, that is not one. What stands further left is the client's own claim and is not believed.
// "unknown" when a trusted proxy wrote something that is no address; so it lies in no network.
std::string client_address(const HttpRequest& request, const Networks& trusted_proxies);

}  // namespace parley
