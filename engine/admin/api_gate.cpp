#include "admin/api_gate.hpp"

#include "net/bearer_token.hpp"
#include "net/local_request.hpp"

namespace parley {
namespace {

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
        if (key().empty())
            return respond(problem(403, "Forbidden", "The API is closed: admin.api_key is not configured."));
        respond(unauthorized());
    };
}

void ApiGate::replace_key(Secret key) {
    const std::lock_guard lock(mutex_);
    options_.api_key = std::move(key);
}

Secret ApiGate::key() const {
    const std::lock_guard lock(mutex_);
    return options_.api_key;
}

bool ApiGate::has_key(const HttpRequest& request) const {
    const Secret wanted = key();
    if (wanted.empty()) return false;
    const std::string_view given = request.header("X-API-Key");
    if (!given.empty()) return wanted.equals(given);
    const std::string_view token = bearer_token(request);
    return !token.empty() && wanted.equals(token);
}

}  // namespace parley
