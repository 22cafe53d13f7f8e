// The TLS of a configuration: its files read and checked.
#pragma once

#include <memory>

#include "app/config.hpp"
#include "app/config_checks.hpp"
#include "net/tls_context.hpp"

namespace parley {

// Reports what is wrong with server.tls and its files, each mistake at its key; a certificate that has expired is a
// warning.
void check_tls(const Config& config, const KeyPlaces& places, WallTime now, Findings& findings);

// Whether the engine speaks HTTPS.
bool has_tls(const Config& config) noexcept;

// Null when the configuration has no TLS. invalid_input: a file has changed for the worse since it was checked.
Result<std::shared_ptr<const TlsContext>> make_tls(const Config& config);

}  // namespace parley
