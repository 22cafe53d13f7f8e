// Where a URL leads, read so strictly that no client can read another host out of it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace parley {

struct UrlTarget {
    std::string scheme;  // http or https
    std::string host;    // lower case, IPv6 without brackets
    unsigned port = 0;

    friend bool operator==(const UrlTarget&, const UrlTarget&) = default;
};

// invalid_input unless it is a plain absolute http(s) URL of printable ASCII without user information.
Result<UrlTarget> parse_url_target(std::string_view url);

// Patterns: "api.example.com", "*.example.com" (any depth below), either with ":port".
bool fits_host(std::string_view pattern, const UrlTarget& target);

}  // namespace parley
