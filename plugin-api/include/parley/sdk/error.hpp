// What an agent throws, and what the SDK throws at it.
#pragma once

#include <stdexcept>
#include <string>

#include <parley/plugin.h>

namespace parley {

// The configuration cannot be used. Write "key: what is wrong"; operators see the text.
struct ConfigError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// The host refused a call: a reply that is no JSON object, too many operations, an extension it does not
// have. Left uncaught it ends the turn with its text.
class Refused : public std::runtime_error {
  public:
    Refused(parley_status status, const std::string& what) : std::runtime_error(what), status_(status) {}
    parley_status status() const noexcept { return status_; }  // PARLEY_…

  private:
    parley_status status_;
};

// The turn was taken away while its coroutine ran. Unwinds the coroutine; not a std::exception, so that a
// catch of those does not swallow it. Nothing is to be done: what the turn staged is gone.
struct TurnOver {};

inline const char* status_name(parley_status status) noexcept {
    switch (status) {
        case PARLEY_OK:
            return "ok";
        case PARLEY_STALE:
            return "stale";
        case PARLEY_INVALID:
            return "invalid";
        case PARLEY_LIMIT:
            return "limit";
        case PARLEY_UNSUPPORTED:
            return "unsupported";
        case PARLEY_CONFIG:
            return "config";
        case PARLEY_TIMEOUT:
            return "timeout";
        case PARLEY_CANCELLED:
            return "cancelled";
        case PARLEY_DENIED:
            return "denied";
        case PARLEY_INTERNAL:
            return "internal";
        default:
            return "unknown";
    }
}

// For the status of a host call about `what`.
inline void require_ok(parley_status status, const char* what) {
    if (status == PARLEY_OK) return;
    if (status == PARLEY_STALE) throw TurnOver{};
    throw Refused(status, std::string(what) + ": refused by the host (" + status_name(status) + ")");
}

}  // namespace parley
