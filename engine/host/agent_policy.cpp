#include "host/agent_policy.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>

#include <arpa/inet.h>

namespace parley {
namespace {

Error refusal(std::string sentence) {
    return {Errc::invalid_input, std::move(sentence)};
}

std::string to_lower(std::string_view text) {
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

bool is_plain(std::string_view url) {
    return std::all_of(url.begin(), url.end(),
                       [](unsigned char c) { return c > 0x20 && c < 0x7f && c != '\\'; });
}

bool is_host_name(std::string_view host) {
    const auto allowed = [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_';
    };
    return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), allowed);
}

bool is_ipv6(const std::string& host) {
    in6_addr address{};
    return ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

bool read_port(std::string_view text, unsigned& port) {
    const auto [end, trouble] = std::from_chars(text.data(), text.data() + text.size(), port);
    return trouble == std::errc{} && end == text.data() + text.size() && port > 0 && port <= 65535;
}

bool is_private_v4(std::uint32_t a) {
    const auto in = [a](std::uint32_t net, unsigned bits) { return (a ^ net) >> (32 - bits) == 0; };
    return in(0x00000000, 8) || in(0x0a000000, 8) || in(0x64400000, 10) || in(0x7f000000, 8) ||
           in(0xa9fe0000, 16) || in(0xac100000, 12) || in(0xc0a80000, 16);
}

bool is_private_v6(const in6_addr& address) {
    const unsigned char* b = address.s6_addr;
    const bool mostly_zero = std::all_of(b, b + 10, [](unsigned char c) { return c == 0; });
    if (mostly_zero && ((b[10] == 0xff && b[11] == 0xff) || (b[10] == 0 && b[11] == 0))) {
        std::uint32_t v4 = 0;
        std::memcpy(&v4, b + 12, sizeof v4);
        return is_private_v4(ntohl(v4));  // also :: and ::1, which read as 0.0.0.0 and 0.0.0.1
    }
    return (b[0] & 0xfe) == 0xfc || (b[0] == 0xfe && (b[1] & 0xc0) == 0x80);
}

bool matches(std::string_view pattern, const UrlTarget& target) {
    const std::string wanted = to_lower(pattern);
    std::string_view host = wanted;
    const std::size_t colon = host.rfind(':');
    if (colon != std::string_view::npos && host.find(':') == colon) {
        unsigned port = 0;
        if (!read_port(host.substr(colon + 1), port) || port != target.port) return false;
        host = host.substr(0, colon);
    }
    if (host.starts_with("*."))
        return target.host.size() > host.size() - 1 && target.host.ends_with(host.substr(1));
    return target.host == host;
}

}  // namespace

Result<UrlTarget> parse_url_target(std::string_view url) {
    if (url.size() > 8192 || !is_plain(url))
        return refusal("the url must be printable ASCII of at most 8 KiB");
    UrlTarget target;
    const std::size_t scheme_end = url.find("://");
    if (scheme_end == std::string_view::npos) return refusal("the url must begin with http:// or https://");
    target.scheme = to_lower(url.substr(0, scheme_end));
    if (target.scheme != "http" && target.scheme != "https")
        return refusal("the url must begin with http:// or https://");
    target.port = target.scheme == "http" ? 80 : 443;

    const std::string_view rest = url.substr(scheme_end + 3);
    std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
    if (authority.find('@') != std::string_view::npos)
        return refusal("the url must not hold a user or password");
    std::string_view port;
    if (authority.starts_with('[')) {
        const std::size_t close = authority.find(']');
        if (close == std::string_view::npos) return refusal("the url's host is malformed");
        target.host = to_lower(authority.substr(1, close - 1));
        port = authority.substr(close + 1);
        if (!is_ipv6(target.host)) return refusal("the url's host is malformed");
    } else {
        const std::size_t colon = authority.find(':');
        target.host = to_lower(authority.substr(0, colon));
        if (colon != std::string_view::npos) port = authority.substr(colon);
        if (!is_host_name(target.host))
            return refusal("the url's host is malformed; write other scripts as punycode");
    }
    if (!port.empty() && (port.front() != ':' || !read_port(port.substr(1), target.port)))
        return refusal("the url's port is malformed");
    return target;
}

Result<> check_target(const AgentPolicy& policy, const UrlTarget& target) {
    const auto fits = [&](const std::string& pattern) { return matches(pattern, target); };
    if (!policy.allowed_hosts.empty() &&
        std::none_of(policy.allowed_hosts.begin(), policy.allowed_hosts.end(), fits))
        return refusal("host " + target.host + " is not among the deployment's allowed_hosts");
    if (!policy.allow_private_networks && is_private_host(target.host))
        return refusal("host " + target.host +
                       " is in a private network, which the deployment does not allow");
    return {};
}

bool is_private_host(const std::string& host) {
    const std::string name = host.ends_with('.') ? host.substr(0, host.size() - 1) : host;
    if (name == "localhost" || name.ends_with(".localhost")) return true;
    in_addr v4{};
    if (::inet_pton(AF_INET, name.c_str(), &v4) == 1) return is_private_v4(ntohl(v4.s_addr));
    in6_addr v6{};
    if (::inet_pton(AF_INET6, name.c_str(), &v6) == 1) return is_private_v6(v6);
    return false;
}

Result<std::string> fill_secrets(std::string_view value, const std::map<std::string, Secret>& secrets) {
    constexpr std::string_view begin = "${secret:";
    std::string filled;
    for (;;) {
        const std::size_t at = value.find(begin);
        filled += value.substr(0, at);
        if (at == std::string_view::npos) return filled;
        value.remove_prefix(at + begin.size());
        const std::size_t end = value.find('}');
        if (end == std::string_view::npos) return refusal("${secret:… is not closed");
        const std::string name(value.substr(0, end));
        const auto secret = secrets.find(name);
        if (secret == secrets.end())
            return Error{Errc::not_found,
                         "the deployment has no secret named " + name + ": add it under `secrets`"};
        filled += secret->second.reveal();
        value.remove_prefix(end + 1);
    }
}

}  // namespace parley
