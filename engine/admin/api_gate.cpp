#include "admin/api_gate.hpp"

#include <algorithm>

#include "net/local_request.hpp"

namespace parley {
namespace {

constexpr std::string_view bearer = "bearer ";

bool is_bearer(std::string_view authorization) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return authorization.size() > bearer.size() &&
           std::equal(bearer.begin(), bearer.end(), authorization.begin(),
                      [&](char a, char b) { return a == lower(b); });
}

HttpResponse unauthorized() {
    HttpResponse response =
        problem(401, "Unauthorized", "Send the API key as X-API-Key or as Authorization: Bearer.");
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
}

}  // namespace

RouteHandler ApiGate::guard(RouteHandler handler) const {
    return [this, handler = std::move(handler)](const HttpRequest& request, const PathArguments& path,
                                                Responder respond) {
        if (has_key(request) || (options_.allow_anonymous && is_local_request(request)))
            return handler(request, path, std::move(respond));
        if (options_.api_key.empty())
            return respond(problem(403, "Forbidden", "The API is closed: admin.api_key is not configured."));
        respond(unauthorized());
    };
}

bool ApiGate::has_key(const HttpRequest& request) const {
    if (options_.api_key.empty()) return false;
    const std::string_view key = request.header("X-API-Key");
    if (!key.empty()) return options_.api_key.equals(key);
    const std::string_view authorization = request.header("Authorization");
    return is_bearer(authorization) && options_.api_key.equals(authorization.substr(bearer.size()));
}

}  // namespace parley
