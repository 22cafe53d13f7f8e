// A clock that moves when told.
#pragma once

#include <atomic>

#include "base/clock.hpp"

namespace parley {

// Any thread. Starts at 2026-09-21T14:13:20Z; both times move together.
class FakeClock final : public Clock {
  public:
    WallTime wall() const override { return from_unix_ms(1'790'000'000'000 + passed_ms_.load()); }
    MonoTime mono() const override { return MonoTime{} + std::chrono::hours(1) + Millis{passed_ms_.load()}; }
    void advance(Millis by) { passed_ms_ += by.count(); }

  private:
    std::atomic<std::int64_t> passed_ms_{0};
};

}  // namespace parley
