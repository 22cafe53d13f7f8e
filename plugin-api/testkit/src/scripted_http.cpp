// Requests read from JSON, and the search for the rule that answers.
#include <algorithm>

#include <nlohmann/json.hpp>

#include <parley/testing/scripted_http.hpp>

namespace parley::testing {

HttpResponse HttpRule::next() {
    if (responses_.empty()) return {.http_status = 200};
    const std::size_t index = std::min(used_, responses_.size() - 1);
    ++used_;
    return responses_[index];
}

HttpResponse ScriptedHttp::answer(const HttpRequest& request) {
    for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule) {
        if (rule->covers(request)) return rule->next();
    }
    return {.status = PARLEY_INTERNAL,
            .body = "no on_http() of this test covers " + request.method + ' ' + request.url};
}

std::optional<HttpRequest> ScriptedHttp::parse(std::string_view request_json) {
    try {
        const auto json = nlohmann::json::parse(request_json);
        HttpRequest request;
        request.method = json.value("method", "GET");
        request.url = json.at("url").get<std::string>();
        request.headers = json.value("headers", std::map<std::string, std::string>{});
        if (json.contains("timeout_ms"))
            request.timeout = std::chrono::milliseconds(json["timeout_ms"].get<std::uint32_t>());
        const bool has_scheme = request.url.starts_with("https://") || request.url.starts_with("http://");
        if (!has_scheme || request.method.empty()) return std::nullopt;
        return request;
    } catch (const nlohmann::json::exception&) {
        return std::nullopt;
    }
}

}  // namespace parley::testing
