// The readings of addresses: host:port, URLs, host names, networks.
#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>

#include <arpa/inet.h>

#include "app/scalars.hpp"
#include "net/networks.hpp"

namespace parley {
namespace {

Error expected(std::string what) {
    return {Errc::invalid_input, "expected " + std::move(what)};
}

struct Address {
    int family = 0;  // 0: not an address
    std::array<std::uint8_t, 16> bytes{};
};

Address read_address(std::string_view text) {
    Address address;
    const std::string copy(text);
    for (const int family : {AF_INET, AF_INET6}) {
        if (copy.find('\0') == std::string::npos &&
            inet_pton(family, copy.c_str(), address.bytes.data()) == 1) {
            address.family = family;
            return address;
        }
    }
    return address;
}

bool is_loopback_host(std::string_view host) {
    if (host == "localhost") return true;
    const Address address = read_address(host);
    if (address.family == AF_INET) return address.bytes[0] == 127;
    constexpr std::array<std::uint8_t, 16> v6_loopback{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    return address.family == AF_INET6 && address.bytes == v6_loopback;
}

struct HostPort {
    std::string_view host, port;  // the host without brackets
    bool has_port = false;
    bool is_v6 = false;
    bool is_whole = false;  // brackets match and nothing else follows
};

HostPort split(std::string_view text) {
    HostPort parts;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return parts;
        parts.host = text.substr(1, end - 1);
        parts.is_v6 = true;
        const std::string_view rest = text.substr(end + 1);
        parts.has_port = rest.starts_with(':');
        parts.port = parts.has_port ? rest.substr(1) : std::string_view{};
        parts.is_whole = rest.empty() || parts.has_port;
        return parts;
    }
    const auto colon = text.find(':');
    parts.host = text.substr(0, colon);
    parts.has_port = colon != std::string_view::npos;
    parts.port = parts.has_port ? text.substr(colon + 1) : std::string_view{};
    parts.is_whole = true;
    return parts;
}

bool is_port(std::string_view text) {
    const auto port = parse_count(text);
    return port && *port <= 65535;
}

bool is_label_char(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
}

bool is_dns_name(std::string_view host) {
    if (host.empty() || host.size() > 253) return false;
    while (true) {
        const auto dot = host.find('.');
        const std::string_view label = host.substr(0, dot);
        const bool is_label = !label.empty() && label.size() <= 63 && label.front() != '-' &&
                              label.back() != '-' && std::all_of(label.begin(), label.end(), is_label_char);
        if (!is_label) return false;
        if (dot == std::string_view::npos) return true;
        host.remove_prefix(dot + 1);
    }
}

// A name, an IPv4 address, or a bracketed IPv6 address, with an optional port.
bool is_authority(std::string_view text) {
    const HostPort parts = split(text);
    if (!parts.is_whole || (parts.has_port && !is_port(parts.port))) return false;
    if (parts.is_v6) return read_address(parts.host).family == AF_INET6;
    return read_address(parts.host).family == AF_INET || is_dns_name(parts.host);
}

std::string_view authority_of(std::string_view url) {
    const auto start = url.find("://");
    const std::string_view rest =
        start == std::string_view::npos ? std::string_view{} : url.substr(start + 3);
    return rest.substr(0, rest.find('/'));
}

}  // namespace

Result<std::string> parse_host_port(std::string_view text) {
    const HostPort parts = split(text);
    const int family = read_address(parts.host).family;
    const bool is_host = parts.is_v6 ? family == AF_INET6 : family == AF_INET || parts.host == "localhost";
    if (!parts.is_whole || !is_host || !parts.has_port || !is_port(parts.port)) {
        return expected("an address and a port from 0 to 65535");
    }
    return std::string(text);
}

Result<std::string> parse_url(std::string_view text) {
    const bool has_scheme = text.starts_with("http://") || text.starts_with("https://");
    const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) {
        return c > 0x20 && c < 0x7F && c != '?' && c != '#' && c != '@' && c != '\\';
    });
    if (!has_scheme || !is_plain || !is_authority(authority_of(text))) {
        return expected("an http or https URL without user, query or fragment");
    }
    return std::string(text);
}

Result<std::string> parse_host_name(std::string_view text) {
    const std::string_view plain = text.starts_with("*.") ? text.substr(2) : text;
    if (!is_authority(plain)) return expected("a host name, maybe with a port, without http:// and path");
    return std::string(text);
}

Result<std::string> parse_network(std::string_view text) {
    const auto network = Network::parse(text);
    if (!network) return network.error();
    return std::string(text);
}

bool is_loopback(std::string_view host_port) {
    return is_loopback_host(split(host_port).host);
}

bool is_loopback_url(std::string_view url) {
    return is_loopback(authority_of(url));
}

}  // namespace parley
