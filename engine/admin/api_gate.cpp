#include "admin/api_gate.hpp"

#include <algorithm>

#include "base/log.hpp"
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

const char* name_of(ApiScope scope) {
    switch (scope) {
        case ApiScope::read:
            return "read";
        case ApiScope::send:
            return "send";
        case ApiScope::admin:
            return "admin";
    }
    return "";
}

bool opens(const ApiKey& key, ApiScope scope) {
    return std::any_of(key.scopes.begin(), key.scopes.end(),
                       [&](ApiScope one) { return one == scope || one == ApiScope::admin; });
}

}  // namespace

RouteHandler ApiGate::guard(ApiScope scope, RouteHandler handler) const {
    return guard(scope,
                 CallerHandler([handler = std::move(handler)](
                                   const HttpRequest& request, const PathArguments& path, const std::string&,
                                   Responder respond) { handler(request, path, std::move(respond)); }));
}

RouteHandler ApiGate::guard(ApiScope scope, CallerHandler handler) const {
    return [this, scope, handler = std::move(handler)](const HttpRequest& request, const PathArguments& path,
                                                       Responder respond) {
        Caller caller = judge(request, scope);
        if (caller.answer != Answer::open && options_.allow_anonymous && is_local_request(request))
            caller = {Answer::open, "anonymous"};
        switch (caller.answer) {
            case Answer::closed:
                return respond(
                    problem(403, "Forbidden", "The API is closed: admin.api_key is not configured."));
            case Answer::no_key:
                return respond(unauthorized());
            case Answer::no_scope:
                log_info("api call refused", {{"request_id", request.request_id()},
                                              {"key", caller.name},
                                              {"scope", name_of(scope)},
                                              {"method", request.method()},
                                              {"path", request.path()},
                                              {"client", request.peer()}});
                return respond(problem(403, "Forbidden",
                                       std::string("This key lacks the scope \"") + name_of(scope) + "\"."));
            case Answer::open:
                break;
        }
        if (scope != ApiScope::read)
            log_info("api call", {{"request_id", request.request_id()},
                                  {"key", caller.name},
                                  {"method", request.method()},
                                  {"path", request.path()},
                                  {"client", request.peer()}});
        handler(request, path, caller.name, std::move(respond));
    };
}

void ApiGate::replace_keys(std::vector<ApiKey> keys) {
    const std::lock_guard lock(mutex_);
    options_.keys = std::move(keys);
}

// Compares with every key, so that the time does not tell which one is nearly right.
ApiGate::Caller ApiGate::judge(const HttpRequest& request, ApiScope scope) const {
    const std::string_view in_header = request.header("X-API-Key");
    const std::string_view given = in_header.empty() ? bearer_token(request) : in_header;
    const std::lock_guard lock(mutex_);
    Caller caller{Answer::closed, ""};
    for (const ApiKey& key : options_.keys) {
        if (key.secret.empty()) continue;
        if (caller.answer == Answer::closed) caller.answer = Answer::no_key;
        if (key.secret.equals(given) && !given.empty())
            caller = {opens(key, scope) ? Answer::open : Answer::no_scope, key.name};
    }
    return caller;
}

}  // namespace parley
