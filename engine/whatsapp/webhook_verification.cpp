#include "whatsapp/webhook_verification.hpp"

#include <algorithm>

#include "net/router.hpp"

namespace parley {
namespace {

constexpr std::size_t longest_challenge = 256;

bool has_hub_name(std::string_view query) {
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, end);
        if (percent_decode(pair.substr(0, pair.find('='))).starts_with("hub.")) return true;
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return false;
}

// The challenge is echoed: only what cannot be markup. Meta sends digits.
bool is_harmless(std::string_view challenge) {
    return !challenge.empty() && challenge.size() <= longest_challenge &&
           std::all_of(challenge.begin(), challenge.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      c == '-' || c == '_' || c == '.' || c == '~' || c == '=' || c == '+' || c == '/' ||
                      c == ':';
           });
}

bool matches_any(const std::vector<Secret>& tokens, std::string_view candidate) {
    bool found = false;
    for (const Secret& token : tokens) {
        const bool same = !token.empty() && token.equals(candidate);
        found = found || same;
    }
    return found;
}

}  // namespace

HttpResponse answer_verification(std::string_view query, const std::vector<Secret>& tokens) {
    const std::string prefix = has_hub_name(query) ? "hub." : "";
    const bool is_ours = matches_any(tokens, query_value(query, prefix + "verify_token"));
    std::string challenge = query_value(query, prefix + "challenge");
    if (!is_ours || query_value(query, prefix + "mode") != "subscribe" || !is_harmless(challenge)) {
        return problem(403, "Forbidden", "verification failed");
    }
    HttpResponse response = HttpResponse::text(200, std::move(challenge));
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    return response;
}

}  // namespace parley
