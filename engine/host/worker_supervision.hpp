// When a worker that crashed is started again, and when its deployment is given up for a while.
//
// A crash is followed by a pause that doubles, 0.1 s to 30 s; a worker that lived for a minute begins anew. After
// five crashes within a minute the breaker opens: turns fail at once for half a minute. Then one turn at a time
// is let through; if one ends, the breaker closes, and if the worker crashes, it opens again.
#pragma once

#include <deque>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"

namespace parley {

struct SupervisionOptions {
    Backoff pause{Millis{100}, Millis{30'000}};
    Millis healthy_after{60'000};
    std::size_t most_crashes = 5;
    Millis counted_for{60'000};
    Millis open_for{30'000};
};

// Not thread-safe.
class WorkerSupervision {
  public:
    enum class Breaker { closed, open, probing };

    explicit WorkerSupervision(SupervisionOptions options = {}) : options_(options) {}

    void started(MonoTime now) { started_ = now; }
    Millis crashed(MonoTime now, Random& random);  // how long until the next start
    void answered() {                              // a turn has ended
        if (breaker_ != Breaker::probing) return;
        breaker_ = Breaker::closed;
        crashes_.clear();
    }
    Breaker breaker(MonoTime now) {
        if (breaker_ == Breaker::open && now >= open_until_) breaker_ = Breaker::probing;
        return breaker_;
    }

  private:
    const SupervisionOptions options_;
    Breaker breaker_ = Breaker::closed;
    std::deque<MonoTime> crashes_;
    MonoTime started_{};
    MonoTime open_until_{};
    unsigned in_a_row_ = 0;
};

}  // namespace parley
