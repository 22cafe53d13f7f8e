// The one source of randomness, and the ids made from it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/clock.hpp"

namespace parley {

class Random {
  public:
    virtual ~Random() = default;
    virtual void fill(std::span<unsigned char> out) = 0;  // any thread; never fails
    // A number in [0, bound); bound > 0. The slight bias of the remainder does not matter to jitter.
    std::uint64_t below(std::uint64_t bound);
};

// The kernel's generator, for everything but tests.
class SystemRandom final : public Random {
  public:
    void fill(std::span<unsigned char> out) override;
};

// A ULID: 48 bits of unix milliseconds and 80 random bits as 26 Crockford base32 digits. Sorts by time.
std::string make_ulid(WallTime now, Random& random);

}  // namespace parley
