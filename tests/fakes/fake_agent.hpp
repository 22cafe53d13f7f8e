// An Agent that keeps the turns it was given until the test finishes them.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "core/agent.hpp"

namespace parley::fakes {

// Any thread.
class FakeAgent final : public Agent {
  public:
    void deliver(TurnPtr turn) override {
        const std::lock_guard lock(mutex_);
        turns_.push_back(std::move(turn));
    }
    void cancel(const TurnPtr& turn, std::string_view why) override {
        const std::lock_guard lock(mutex_);
        cancelled_.push_back(turn->event().message.id.str() + ": " + std::string(why));
    }

    // Every turn so far, in order of delivery.
    std::vector<TurnPtr> turns() const {
        const std::lock_guard lock(mutex_);
        return turns_;
    }
    std::vector<std::string> cancelled() const {
        const std::lock_guard lock(mutex_);
        return cancelled_;
    }
    // Answers the newest turn with one text.
    void answer(std::string_view text) {
        const TurnPtr turn = turns().back();
        turn->reply_text(text);
        turn->finish(true, "");
    }

  private:
    mutable std::mutex mutex_;
    std::vector<TurnPtr> turns_;
    std::vector<std::string> cancelled_;
};

}  // namespace parley::fakes
