// Spares a bot that is down: after some failures in a row one request at a time finds out whether it is back.
#pragma once

#include <chrono>
#include <mutex>
#include <string>

namespace forwarder {

// Any thread. Times are of one monotonic clock.
class CircuitBreaker {
  public:
    using Millis = std::chrono::milliseconds;

    // How long to wait before a request is worth it. 0: make it now and report how it ended.
    Millis ask(Millis now);

    void answered();  // whatever the answer says: the bot is there
    // Failures of one conversation in a row count once, so that a message that its bot cannot take stops nobody else.
    void failed(Millis now, const std::string& conversation);

  private:
    bool is_open() const { return pause_.count() > 0; }

    std::mutex mutex_;
    int failures_ = 0;
    std::string last_conversation_;
    Millis pause_{0};  // how long it stays open; 0: it is closed
    Millis open_until_{0};
    Millis probe_ends_{0};  // a probe is under way until then, at most
    bool is_probing_ = false;
};

}  // namespace forwarder
