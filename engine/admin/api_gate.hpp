// Who may use /api: the holder of the key, or, on trial set-ups, anybody on this machine.
#pragma once

#include <mutex>

#include "base/secret.hpp"
#include "net/router.hpp"

namespace parley {

struct ApiGateOptions {
    Secret api_key;                // empty: nobody has a key
    bool allow_anonymous = false;  // requests made on this machine need none
};

// Any thread.
class ApiGate {
  public:
    explicit ApiGate(ApiGateOptions options) : options_(std::move(options)) {}

    // The handler behind the gate: 403 when no key is configured, 401 for a missing or wrong one.
    RouteHandler guard(RouteHandler handler) const;

    void replace_key(Secret key);  // for requests to come

  private:
    bool has_key(const HttpRequest& request) const;
    Secret key() const;

    mutable std::mutex mutex_;  // guards the key
    ApiGateOptions options_;
};

}  // namespace parley
