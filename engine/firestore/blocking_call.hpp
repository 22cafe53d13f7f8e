// An HTTP call that is waited for.
#pragma once

#include <future>

#include "net/http_client.hpp"

namespace parley::firestore {

// Blocks until it is over, which its timeout bounds. Not on the client's own thread.
inline HttpOutcome ask(HttpClient& http, HttpCall call) {
    std::promise<HttpOutcome> promise;
    auto outcome = promise.get_future();
    http.start(std::move(call), [promise = std::move(promise)](HttpOutcome over) mutable {
        promise.set_value(std::move(over));
    });
    return outcome.get();
}

}  // namespace parley::firestore
