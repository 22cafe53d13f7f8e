// What a talk with an agent in the engine's own plugin host needs: HTTP without a network, and events.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "base/clock.hpp"
#include "core/turn.hpp"
#include "net/http_client.hpp"

namespace parley::kit {

// Answers every request with 200 and {}, a moment later and on its own thread. Thread-safe.
class YesHttp final : public HttpClient {
  public:
    YesHttp() : thread_([this] { work(); }) {}
    ~YesHttp() override;
    YesHttp(const YesHttp&) = delete;
    YesHttp& operator=(const YesHttp&) = delete;

    HttpCallId start(HttpCall, Completion<HttpOutcome> done) override;
    void cancel(HttpCallId) override {}
    std::size_t requests() const;

  private:
    void work();

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Completion<HttpOutcome>> waiting_;
    HttpCallId last_ = 0;
    bool is_over_ = false;
    std::thread thread_;  // last: it uses the rest
};

// A person's text in a conversation, which are numbered from 0; `item` is a number of its own, from 1.
TurnEvent text_event(const DeploymentPtr& deployment, std::size_t conversation, std::size_t item,
                     const std::string& text, const Clock& clock);

}  // namespace parley::kit
