// A rate limit with a burst: one token a call, refilled evenly.
#pragma once

#include <algorithm>

#include "base/clock.hpp"

namespace parley {

class TokenBucket {
  public:
    // rate: tokens a second, 0 = no limit. The bucket begins full.
    TokenBucket(double rate, double burst, MonoTime now)
        : rate_(rate), burst_(burst), tokens_(burst), at_(now) {}

    // Another limit from now on. What was saved up stays, up to the new burst; what had no limit begins full.
    void change(double rate, double burst, MonoTime now) {
        if (rate == rate_ && burst == burst_) return;
        refill(now);
        tokens_ = rate_ <= 0 ? burst : std::min(tokens_, burst);
        rate_ = rate;
        burst_ = burst;
    }

    bool take(MonoTime now) {
        if (rate_ <= 0) return true;
        refill(now);
        if (tokens_ < 1.0) return false;
        tokens_ -= 1.0;
        return true;
    }

    // Puts a token back that was taken for a call that was not made.
    void give_back() { tokens_ = std::min(burst_, tokens_ + 1.0); }

    // When the next token is there; now when there is one.
    MonoTime ready_at(MonoTime now) {
        if (rate_ <= 0) return now;
        refill(now);
        if (tokens_ >= 1.0) return now;
        const double seconds = (1.0 - tokens_) / rate_;
        // One microsecond more, so that rounding never makes the caller come a moment too early.
        return now + std::chrono::duration_cast<MonoTime::duration>(std::chrono::duration<double>(seconds)) +
               std::chrono::microseconds(1);
    }

    bool is_full(MonoTime now) {
        refill(now);
        return rate_ <= 0 || tokens_ >= burst_;
    }

  private:
    void refill(MonoTime now) {
        if (now <= at_) return;
        tokens_ = std::min(burst_, tokens_ + rate_ * std::chrono::duration<double>(now - at_).count());
        at_ = now;
    }

    double rate_, burst_, tokens_;
    MonoTime at_;
};

}  // namespace parley
