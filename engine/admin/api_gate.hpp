// Who may use /api: the holder of a key with the right scope, or, on trial set-ups, anybody on this machine.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "net/router.hpp"

namespace parley {

enum class ApiScope { read, send, admin };

struct ApiKey {
    std::string name;              // for the log
    Secret secret;                 // empty: opens nothing
    std::vector<ApiScope> scopes;  // admin includes the others
};

struct ApiGateOptions {
    std::vector<ApiKey> keys;      // none: nobody has a key
    bool allow_anonymous = false;  // requests made on this machine need none
};

// Any thread.
class ApiGate {
  public:
    explicit ApiGate(ApiGateOptions options) : options_(std::move(options)) {}

    // The handler behind the gate: 403 when no key is configured or the key lacks the scope, 401 for a missing or wrong
    // one. What is more than reading is logged with the key's name, before it happens.
    RouteHandler guard(ApiScope scope, RouteHandler handler) const;
    // The same for a handler that notes who called: the key's name, or "anonymous".
    using CallerHandler =
        std::function<void(const HttpRequest&, const PathArguments&, const std::string& caller, Responder)>;
    RouteHandler guard(ApiScope scope, CallerHandler handler) const;

    void replace_keys(std::vector<ApiKey> keys);  // for requests to come

  private:
    enum class Answer { closed, no_key, no_scope, open };
    struct Caller {
        Answer answer = Answer::no_key;
        std::string name;  // of the key
    };
    Caller judge(const HttpRequest& request, ApiScope scope) const;

    mutable std::mutex mutex_;  // guards the keys
    ApiGateOptions options_;
};

}  // namespace parley
