// What the operator wrote for one forwarder, checked.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <parley/sdk/config.hpp>

namespace forwarder {

enum class Format { bsp, whatsapp };

struct ForwarderConfig {
    std::string url;
    Format format = Format::bsp;
    std::string app_secret;  // of `whatsapp`; empty: requests are not signed
    std::chrono::milliseconds retry_for = std::chrono::hours(24);  // of `whatsapp`
    std::string signing_key;                                       // empty: requests are not signed
    std::vector<std::pair<std::string, std::string>> headers;      // of every request, besides our own
    std::chrono::milliseconds timeout = std::chrono::milliseconds::max();  // of one try
    int max_attempts = 10;                                                 // the first one included
};

// Throws parley::ConfigError, which names the key and what to write. Its texts hold no value of `secret`,
// `url` or `headers`.
ForwarderConfig read_config(const parley::Config& config);

}  // namespace forwarder
