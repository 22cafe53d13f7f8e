#include "net/url_target.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

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

bool fits_host(std::string_view pattern, const UrlTarget& target) {
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

}  // namespace parley
