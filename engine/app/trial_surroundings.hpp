// What a person in `parley chat` may change around the agent: the time, and what HTTP servers answer.
#pragma once

#include <atomic>

#include "base/clock.hpp"
#include "net/http_client.hpp"

namespace parley {

// Goes with another clock, and can be put forward. Any thread.
class AdvancedClock final : public Clock {
  public:
    explicit AdvancedClock(const Clock& clock) : clock_(clock) {}
    WallTime wall() const override { return clock_.wall() + Millis(ahead_ms_); }
    MonoTime mono() const override { return clock_.mono() + Millis(ahead_ms_); }
    void advance(Millis duration) { ahead_ms_ += duration.count(); }

  private:
    const Clock& clock_;
    std::atomic<Millis::rep> ahead_ms_{0};
};

// Passes requests on, or answers them itself. Any thread.
class TrialHttp final : public HttpClient {
  public:
    static constexpr int real = 0;       // the network
    static constexpr int no_server = 1;  // every connection fails

    // `http` must outlive it.
    explicit TrialHttp(HttpClient& http) : http_(http) {}
    // real, no_server, or the status that every request is answered with.
    void answer(int how) { how_ = how; }

    HttpCallId start(HttpCall call, Completion<HttpOutcome> done) override;
    void cancel(HttpCallId id) override { http_.cancel(id); }

  private:
    HttpClient& http_;
    std::atomic<int> how_{real};
};

}  // namespace parley
