// Which addresses are the public internet, and which lead into somebody's own network.
#pragma once

#include <string_view>

#include <sys/socket.h>

namespace parley {

// False for everything that is not globally reachable unicast: loopback, private, link-local (with the
// clouds' metadata services), carrier-grade NAT, unique-local, multicast, documentation and reserved ranges,
// also when such an IPv4 address is wrapped in IPv6 (mapped, NAT64, 6to4), and for families other than IPv4
// and IPv6.
bool is_public_address(const sockaddr& address);
bool is_public_address(std::string_view text);  // false when it is no address

}  // namespace parley
