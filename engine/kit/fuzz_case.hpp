// One fuzz case: what people write, what HTTP answers and what the host refuses, all from one number.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "kit/probe.hpp"

namespace parley::kit {

// Numbers from a seed; the same on every machine.
class Dice {
  public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next();
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }  // bound > 0
    bool one_in(std::size_t sides) { return below(sides) == 0; }

  private:
    std::uint64_t state_;
};

// A message like `original`, changed in a few places: its text, or members of the native object.
testing::Message mutated(const testing::Message& original, Dice& dice);

struct FuzzCase {
    std::uint64_t seed = 0;
    std::vector<std::string> findings;  // sentences
};

// Makes an instance, plays about 40 actions with it and destroys it. `tell` hears each action; may be empty.
FuzzCase play_case(const Subject& subject, std::uint64_t seed, const std::vector<Sample>& corpus,
                   Progress& progress, const std::function<void(const std::string&)>& tell);

}  // namespace parley::kit
