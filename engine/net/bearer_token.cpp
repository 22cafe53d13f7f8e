#include "net/bearer_token.hpp"

#include <algorithm>

namespace parley {

std::string_view bearer_token(const HttpRequest& request) {
    constexpr std::string_view scheme = "bearer ";
    const std::string_view value = request.header("Authorization");
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    const bool is_bearer =
        value.size() > scheme.size() && std::equal(scheme.begin(), scheme.end(), value.begin(),
                                                   [&](char a, char b) { return a == lower(b); });
    return is_bearer ? value.substr(scheme.size()) : std::string_view{};
}

}  // namespace parley
