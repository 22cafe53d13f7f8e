// The calls of one part of the program, which can be ended together while the client goes on for the others.
#pragma once

#include <map>
#include <mutex>

#include "net/http_client.hpp"

namespace parley {

// Any thread. Must outlive its calls; the client must outlive it.
class CancellableCalls final : public HttpClient {
  public:
    explicit CancellableCalls(HttpClient& client) : client_(client) {}

    HttpCallId start(HttpCall call, Completion<HttpOutcome> done) override;
    void cancel(HttpCallId id) override;

    // Cancels what is open. Calls that are started later end at once, as cancelled and not sent, on the caller's thread.
    void end();

  private:
    struct Open {
        std::optional<HttpCallId> id;  // the client's; none yet while it is being started
        bool is_cancelled = false;
    };

    HttpClient& client_;
    std::mutex mutex_;
    std::map<HttpCallId, Open> open_;
    HttpCallId last_ = 0;
    bool has_ended_ = false;
};

}  // namespace parley
