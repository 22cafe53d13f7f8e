// An HTTP client that reaches nobody: it keeps the calls, and the test answers them.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/http_client.hpp"

namespace parley {

// Any thread. Completions run on the thread that answers, fails or cancels.
class FakeHttpClient final : public HttpClient {
  public:
    HttpCallId start(HttpCall call, Completion<HttpOutcome> done) override {
        const std::lock_guard lock(mutex_);
        const HttpCallId id = next_id_++;
        seen_.emplace_back(id, call);
        open_.emplace(id, std::move(done));
        changed_.notify_all();
        return id;
    }

    void cancel(HttpCallId id) override {
        HttpOutcome outcome;
        outcome.failure = {HttpFailure::Kind::cancelled, true, "cancelled"};
        {
            const std::lock_guard lock(mutex_);
            cancelled_ += open_.count(id);
        }
        complete(id, std::move(outcome));
    }

    // Waits until `count` calls were started in all and returns the last with its id; none after 10 s.
    std::optional<std::pair<HttpCallId, HttpCall>> wait_for_call(std::size_t count) {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, std::chrono::seconds(10), [&] { return seen_.size() >= count; }))
            return std::nullopt;
        return seen_[count - 1];
    }

    // False when the call is over already.
    bool answer(HttpCallId id, int status, std::string body, HttpHeaders headers = {}) {
        HttpOutcome outcome;
        outcome.reply = HttpReply{status, std::move(headers), std::move(body)};
        return complete(id, std::move(outcome));
    }

    bool fail(HttpCallId id, HttpFailure failure) {
        HttpOutcome outcome;
        outcome.failure = std::move(failure);
        return complete(id, std::move(outcome));
    }

    std::size_t open_calls() const {
        const std::lock_guard lock(mutex_);
        return open_.size();
    }
    std::size_t started_calls() const {
        const std::lock_guard lock(mutex_);
        return seen_.size();
    }
    std::size_t cancelled_calls() const {
        const std::lock_guard lock(mutex_);
        return cancelled_;
    }

  private:
    bool complete(HttpCallId id, HttpOutcome outcome) {
        Completion<HttpOutcome> done;
        {
            const std::lock_guard lock(mutex_);
            const auto found = open_.find(id);
            if (found == open_.end()) return false;
            done = std::move(found->second);
            open_.erase(found);
        }
        done(std::move(outcome));
        return true;
    }

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    HttpCallId next_id_ = 1;
    std::vector<std::pair<HttpCallId, HttpCall>> seen_;
    std::map<HttpCallId, Completion<HttpOutcome>> open_;
    std::size_t cancelled_ = 0;
};

}  // namespace parley
