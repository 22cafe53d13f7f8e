// When the next commit may begin: at once while little is written, a least distance apart when much is.
#pragma once

#include <algorithm>
#include <array>

#include "base/clock.hpp"

namespace parley {

// A commit costs the same whatever it carries, so above `busy_rate` awaited writes in the last second it pays
// to let some gather. Counting the writes and not the commits keeps the pace steady: the distance itself
// lowers the latter.
class CommitPacer {
  public:
    static constexpr unsigned busy_rate = 1000;

    explicit CommitPacer(Millis distance) : distance_(distance) {}

    // The earliest time for a commit, seen from `now`.
    MonoTime earliest(MonoTime now) {
        forget_before(now);
        return total_ < busy_rate ? now : std::max(now, last_ + distance_);
    }

    void began(MonoTime now, std::size_t awaited_writes) {
        forget_before(now);
        last_ = now;
        buckets_[slot(tick_)] += awaited_writes;
        total_ += awaited_writes;
    }

  private:
    static constexpr Millis bucket_width{100};
    static constexpr std::int64_t bucket_count = 10;

    static std::size_t slot(std::int64_t tick) { return static_cast<std::size_t>(tick % bucket_count); }

    void forget_before(MonoTime now) {
        const std::int64_t tick = now.time_since_epoch() / bucket_width;
        if (tick - tick_ >= bucket_count) {
            buckets_.fill(0);
            total_ = 0;
            tick_ = tick;
        }
        while (tick_ < tick) {
            std::size_t& bucket = buckets_[slot(++tick_)];
            total_ -= bucket;
            bucket = 0;
        }
    }

    const Millis distance_;
    MonoTime last_{};
    std::int64_t tick_ = 0;
    std::array<std::size_t, bucket_count> buckets_{};
    std::size_t total_ = 0;
};

}  // namespace parley
