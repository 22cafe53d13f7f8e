#include "whatsapp/graph_call.hpp"

#include <algorithm>

namespace parley {
namespace {

constexpr std::size_t most_answer = 1U << 20;

bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

bool is_path_safe(std::string_view id) noexcept {
    return !id.empty() && id.size() <= 256 && std::all_of(id.begin(), id.end(), [](char c) {
        return is_alphanumeric(c) || c == '-' || c == '_';
    });
}

GraphCaller::GraphCaller(GraphOptions options) : options_(std::move(options)) {
    while (options_.graph_url.ends_with('/')) options_.graph_url.pop_back();
}

HttpCall GraphCaller::make(std::string_view method, std::string_view path, const Secret& token) const {
    HttpCall call;
    call.method = method;
    call.url = options_.graph_url + "/" + options_.api_version + "/" + std::string(path);
    call.headers = {{"Authorization", "Bearer " + std::string(token.reveal())}};
    call.timeout = options_.timeout;
    call.connect_timeout = options_.connect_timeout;
    call.max_response = most_answer;
    return call;
}

HttpCall GraphCaller::make_json(std::string_view method, std::string_view path, const Secret& token,
                                std::string body) const {
    HttpCall call = make(method, path, token);
    call.headers.emplace_back("Content-Type", "application/json");
    call.body = std::move(body);
    return call;
}

void blot_out(std::string& text, std::string_view secret) {
    constexpr std::string_view blot = "***";
    if (secret.empty()) return;
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + blot.size())) {
        text.replace(at, secret.size(), blot);
    }
}

}  // namespace parley
