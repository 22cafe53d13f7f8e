// Port: waiting between two tries, so that a stop ends it and a test does not wait at all.
#pragma once

#include <condition_variable>
#include <mutex>

#include "base/clock.hpp"

namespace parley {

class Pause {
  public:
    virtual ~Pause() = default;
    // Blocks for `length`. False, at once, when there is no more waiting: whoever waited should give up. Any thread.
    virtual bool wait(Millis length) = 0;
};

class StoppablePause final : public Pause {
  public:
    bool wait(Millis length) override {
        std::unique_lock lock(mutex_);
        return !stopped_.wait_for(lock, length, [this] { return is_stopped_; });
    }
    // Ends all waiting, now and from now on. Any thread.
    void stop() {
        {
            const std::lock_guard lock(mutex_);
            is_stopped_ = true;
        }
        stopped_.notify_all();
    }

  private:
    std::mutex mutex_;
    std::condition_variable stopped_;
    bool is_stopped_ = false;
};

}  // namespace parley
