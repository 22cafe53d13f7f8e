#include "whatsapp/media_hosts.hpp"

#include <algorithm>
#include <array>

namespace parley {
namespace {

constexpr std::array<std::string_view, 4> metas_hosts{"graph.facebook.com:443", "lookaside.fbsbx.com:443",
                                                      "*.fbcdn.net:443", "*.whatsapp.net:443"};

}  // namespace

MediaHosts::MediaHosts(const std::string& graph_url) {
    if (auto target = parse_url_target(graph_url)) graph_ = std::move(*target);
}

bool MediaHosts::allow(const UrlTarget& target) const {
    if (!graph_.host.empty() && target == graph_) return true;
    const auto fits = [&](std::string_view pattern) { return fits_host(pattern, target); };
    return target.scheme == "https" && std::any_of(metas_hosts.begin(), metas_hosts.end(), fits);
}

}  // namespace parley
