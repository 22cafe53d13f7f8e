// Tokens and versions.
#include "simulator/graph_access.hpp"

#include <algorithm>
#include <cctype>

namespace parley::sim {

bool is_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

bool is_version(std::string_view version) {
    if (!version.starts_with('v')) return false;
    const auto dot = version.find('.');
    return dot != std::string_view::npos && is_digits(version.substr(1, dot - 1)) &&
           is_digits(version.substr(dot + 1));
}

// Graph keeps the case of the scheme open (RFC 9110).
std::string_view bearer_of(std::string_view authorization) {
    constexpr std::string_view scheme = "bearer ";
    if (authorization.size() <= scheme.size()) return {};
    for (std::size_t i = 0; i < scheme.size(); ++i) {
        if (std::tolower(static_cast<unsigned char>(authorization[i])) != scheme[i]) return {};
    }
    return authorization.substr(scheme.size());
}

bool opens(const SimulatorNumber& number, std::string_view authorization) {
    return number.access_token.empty() || number.access_token == bearer_of(authorization);
}

HttpResponse graph_response(int status, std::string body) {
    HttpResponse response = HttpResponse::json(status, std::move(body));
    response.headers.emplace_back("facebook-api-version", "v25.0");
    return response;
}

}  // namespace parley::sim
