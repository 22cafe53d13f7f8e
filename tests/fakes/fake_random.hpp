// Randomness that repeats: the same numbers in every run.
#pragma once

#include <atomic>

#include "base/random.hpp"

namespace parley {

// Any thread.
class FakeRandom final : public Random {
  public:
    void fill(std::span<unsigned char> out) override {
        for (unsigned char& byte : out) byte = static_cast<unsigned char>(next_.fetch_add(1));
    }

  private:
    std::atomic<unsigned> next_{1};
};

}  // namespace parley
