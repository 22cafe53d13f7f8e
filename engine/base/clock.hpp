// The one source of time. Wall time is to show and to store, monotonic time to measure and to wait; nothing
// else in the engine asks the system. Tests give a FakeClock that moves when told.
#pragma once

#include <chrono>
#include <cstdint>

namespace parley {

using Millis = std::chrono::milliseconds;
using WallTime = std::chrono::sys_time<Millis>;
using MonoTime = std::chrono::steady_clock::time_point;

class Clock {
  public:
    virtual ~Clock() = default;
    virtual WallTime wall() const = 0;  // any thread
    virtual MonoTime mono() const = 0;  // any thread; CLOCK_MONOTONIC
};

class SystemClock final : public Clock {
  public:
    WallTime wall() const override {
        return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
    }
    MonoTime mono() const override { return std::chrono::steady_clock::now(); }
};

constexpr std::int64_t unix_ms(WallTime t) {
    return t.time_since_epoch().count();
}
constexpr WallTime from_unix_ms(std::int64_t ms) {
    return WallTime{Millis{ms}};
}

}  // namespace parley
