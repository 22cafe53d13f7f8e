// A pause that does not wait: it moves the clock.
#pragma once

#include <atomic>
#include <mutex>
#include <vector>

#include "base/pause.hpp"
#include "fakes/fake_clock.hpp"

namespace parley::fakes {

class FakePause final : public Pause {
  public:
    explicit FakePause(FakeClock& clock) : clock_(clock) {}
    bool wait(Millis length) override {
        if (is_stopped) return false;
        {
            const std::lock_guard lock(mutex_);
            waits_.push_back(length);
        }
        clock_.advance(length);
        return true;
    }
    std::vector<Millis> waits() const {
        const std::lock_guard lock(mutex_);
        return waits_;
    }

    std::atomic<bool> is_stopped{false};

  private:
    FakeClock& clock_;
    mutable std::mutex mutex_;
    std::vector<Millis> waits_;
};

}  // namespace parley::fakes
