// An HTTP client that answers each call before start() returns, as the test says; for code that waits for its answers.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "net/http_client.hpp"

namespace parley {

// Any thread.
class AnsweringHttpClient final : public HttpClient {
  public:
    using Answer = std::function<HttpOutcome(const HttpCall&)>;
    explicit AnsweringHttpClient(Answer answer) : answer_(std::move(answer)) {}

    static HttpOutcome reply(int status, std::string body, HttpHeaders headers = {}) {
        HttpOutcome outcome;
        outcome.reply = HttpReply{status, std::move(headers), std::move(body)};
        return outcome;
    }
    static HttpOutcome failure(std::string reason) {
        HttpOutcome outcome;
        outcome.failure = {HttpFailure::Kind::not_sent, false, std::move(reason)};
        return outcome;
    }

    HttpCallId start(HttpCall call, Completion<HttpOutcome> done) override {
        HttpOutcome outcome;
        {
            const std::lock_guard lock(mutex_);
            outcome = answer_(call);
            calls_.push_back(std::move(call));
        }
        done(std::move(outcome));
        return 1;
    }
    void cancel(HttpCallId) override {}

    std::vector<HttpCall> calls() const {
        const std::lock_guard lock(mutex_);
        return calls_;
    }

  private:
    mutable std::mutex mutex_;
    const Answer answer_;
    std::vector<HttpCall> calls_;
};

}  // namespace parley
