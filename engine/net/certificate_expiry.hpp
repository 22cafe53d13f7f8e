// When the certificate that a web server shows ends.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace parley {

// Of an https:// address; nothing is asked for but the handshake. Trust and the host's name are checked: unavailable
// when they do not hold or nobody answers within `limit`, with the reason. invalid_input: no https:// address. Blocks.
// Proxies named by the environment are not used.
// `ca_file`: whom to trust; empty: whom the system trusts.
Result<WallTime> certificate_expiry(const std::string& url, Millis limit, const std::string& ca_file = {});

}  // namespace parley
