#include "net/client_address.hpp"

#include <algorithm>

namespace parley {
namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_port(std::string_view text) {
    return text.size() > 1 && text.front() == ':' &&
           std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Some proxies add the port: 192.0.2.1:4711, [2001:db8::1]:4711.
std::optional<IpAddress> read_hop(std::string_view text) {
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos) return std::nullopt;
        const std::string_view rest = text.substr(close + 1);
        return rest.empty() || is_port(rest) ? IpAddress::parse(text.substr(1, close - 1)) : std::nullopt;
    }
    const auto colon = text.find(':');
    const bool has_port =
        colon != std::string_view::npos && text.rfind(':') == colon && is_port(text.substr(colon));
    return IpAddress::parse(has_port ? text.substr(0, colon) : text);
}

// The entries of all lines, from the right.
class Hops {
  public:
    explicit Hops(const HttpRequest& request) : lines_(request.all_headers("X-Forwarded-For")) {}

    std::optional<std::string_view> next() {
        if (lines_.empty()) return std::nullopt;
        std::string_view& line = lines_.back();
        const auto comma = line.rfind(',');
        const std::string_view hop = line.substr(comma == std::string_view::npos ? 0 : comma + 1);
        if (comma == std::string_view::npos)
            lines_.pop_back();
        else
            line = line.substr(0, comma);
        return trimmed(hop);
    }

  private:
    std::vector<std::string_view> lines_;
};

}  // namespace

std::string client_address(const HttpRequest& request, const Networks& trusted_proxies) {
    if (trusted_proxies.empty()) return std::string(request.peer());
    auto at = IpAddress::parse(request.peer());
    if (!at) return std::string(request.peer());
    Hops hops(request);
    while (trusted_proxies.contain(*at)) {
        const auto hop = hops.next();
        if (!hop) break;
        at = read_hop(*hop);
        if (!at) return "unknown";
    }
    return at->to_string();
}

}  // namespace parley
