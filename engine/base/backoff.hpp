// How long to wait before the n-th try: exponential, capped, with full jitter on the upper half.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/clock.hpp"
#include "base/random.hpp"

namespace parley {

struct Backoff {
    Millis first{500};
    Millis cap{60'000};
    double factor = 2.0;

    // `attempt` counts the tries already made, from 1. Between half of the step and the whole of it, at least
    // 1 ms.
    Millis delay(unsigned attempt, Random& random) const {
        double step = static_cast<double>(first.count());
        for (unsigned i = 1; i < attempt && step < static_cast<double>(cap.count()); ++i) step *= factor;
        const auto whole = std::max<std::int64_t>(std::min(static_cast<std::int64_t>(step), cap.count()), 1);
        const auto half = (whole + 1) / 2;
        return Millis{half +
                      static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(whole - half) + 1))};
    }
};

}  // namespace parley
