// Functions to be called at a monotonic time. Nothing runs by itself: whoever owns the queue calls step().
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/unique_function.hpp"

namespace parley {

// Thread-safe.
class TimerQueue {
  public:
    using TimerId = std::uint64_t;  // never reused

    // `on_earlier` runs (on the adding thread) when a timer becomes the next one due, so that a sleeper can
    // be woken.
    explicit TimerQueue(std::function<void()> on_earlier = nullptr) : on_earlier_(std::move(on_earlier)) {}

    TimerId add(MonoTime due, UniqueFunction<void()> call);
    bool cancel(TimerId id);  // false: it ran, runs now, or was cancelled

    // Calls everything due at `now`, earliest first, on this thread; returns how many.
    std::size_t step(MonoTime now);
    std::optional<MonoTime> next_due() const;

  private:
    using Key = std::pair<MonoTime, TimerId>;

    const std::function<void()> on_earlier_;
    mutable std::mutex mutex_;
    std::map<Key, UniqueFunction<void()>> timers_;
    std::unordered_map<TimerId, MonoTime> due_;
    TimerId next_id_ = 1;
};

}  // namespace parley
