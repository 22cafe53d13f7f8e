#include "net/local_request.hpp"

#include <algorithm>
#include <array>

namespace parley {
namespace {

constexpr std::array<std::string_view, 9> proxy_headers{"Forwarded",          "Via",
                                                        "X-Forwarded-For",    "X-Forwarded-Host",
                                                        "X-Forwarded-Proto",  "X-Forwarded-Port",
                                                        "X-Forwarded-Server", "X-Forwarded-Scheme",
                                                        "X-Forwarded-Prefix"};

bool equals_ignoring_case(std::string_view a, std::string_view lower) {
    return std::equal(a.begin(), a.end(), lower.begin(), lower.end(), [](char x, char y) {
        return (x >= 'A' && x <= 'Z' ? static_cast<char>(x - 'A' + 'a') : x) == y;
    });
}

// Four numbers and nothing else: "127.attacker.example" is a name.
bool is_loopback_ipv4(std::string_view text) {
    if (!text.starts_with("127.")) return false;
    const bool is_digits =
        std::all_of(text.begin(), text.end(), [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
    return is_digits && std::count(text.begin(), text.end(), '.') == 3 && text.back() != '.';
}

bool is_port(std::string_view text) {
    return text.empty() || (text.front() == ':' && std::all_of(text.begin() + 1, text.end(),
                                                               [](char c) { return c >= '0' && c <= '9'; }));
}

bool is_own_origin(std::string_view origin, std::string_view host) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (origin.starts_with(scheme)) return origin.substr(scheme.size()) == host;
    }
    return false;
}

}  // namespace

bool is_loopback_address(std::string_view address) noexcept {
    constexpr std::string_view mapped = "::ffff:";
    if (address.starts_with(mapped)) address.remove_prefix(mapped.size());
    return address == "::1" || is_loopback_ipv4(address);
}

bool is_loopback_authority(std::string_view authority) noexcept {
    if (authority.starts_with('[')) {
        const auto close = authority.find(']');
        return close != authority.npos && is_loopback_address(authority.substr(1, close - 1)) &&
               is_port(authority.substr(close + 1));
    }
    const auto colon = std::min(authority.find(':'), authority.size());
    const std::string_view host = authority.substr(0, colon);
    return (equals_ignoring_case(host, "localhost") || is_loopback_ipv4(host)) &&
           is_port(authority.substr(colon));
}

bool is_local_request(const HttpRequest& request) {
    const std::string_view host = request.header("Host");
    if (!is_loopback_address(request.peer()) || !is_loopback_authority(host)) return false;
    for (const std::string_view name : proxy_headers) {
        if (!request.all_headers(name).empty()) return false;
    }
    const std::string_view origin = request.header("Origin");
    return origin.empty() || is_own_origin(origin, host);
}

}  // namespace parley
