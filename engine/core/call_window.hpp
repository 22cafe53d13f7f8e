// How many calls may be open at once: as many as a steady rate of calls needs at the latency the other side shows.
//
// More would not go faster there, and each open connection makes every call dearer here: with libcurl, a call among
// 512 connections costs half as much again as one among 32.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

#include "base/clock.hpp"

namespace parley {

// Not thread-safe: whoever owns it locks.
class CallWindow {
  public:
    // `rate` in calls a second; the window is never outside [least, most].
    CallWindow(double rate, std::size_t least, std::size_t most)
        : rate_(rate), least_(std::min(least, most)), most_(most) {}

    std::size_t size() const {
        const auto needed = static_cast<std::size_t>(rate_ * smooth_seconds_);
        return std::clamp(needed, least_, most_);
    }

    // A call has ended, well or not, after `latency`.
    void ended(MonoTime::duration latency) {
        constexpr double weight = 1.0 / 16;
        smooth_seconds_ += weight * (std::chrono::duration<double>(latency).count() - smooth_seconds_);
    }

  private:
    double rate_;
    std::size_t least_, most_;
    double smooth_seconds_ = 0;
};

}  // namespace parley
