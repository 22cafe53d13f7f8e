#include "host/agent_policy.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include <arpa/inet.h>

namespace parley {
namespace {

Error refusal(std::string sentence) {
    return {Errc::invalid_input, std::move(sentence)};
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

}  // namespace

Result<> check_target(const AgentPolicy& policy, const UrlTarget& target) {
    const auto fits = [&](const std::string& pattern) { return fits_host(pattern, target); };
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
