#include "base/backoff.hpp"

#include <cstring>

#include <gtest/gtest.h>

namespace parley {
namespace {

// below(bound) gives what is asked for, modulo the bound.
class Fixed final : public Random {
  public:
    explicit Fixed(std::uint64_t value) : value_(value) {}
    void fill(std::span<unsigned char> out) override { std::memcpy(out.data(), &value_, out.size()); }

  private:
    std::uint64_t value_;
};

constexpr Backoff half_second{Millis{500}, Millis{60'000}, 2.0};

TEST(Backoff, doubles_and_waits_at_least_half_of_each_step) {
    Fixed least{0};
    EXPECT_EQ(half_second.delay(1, least), Millis{250});
    EXPECT_EQ(half_second.delay(2, least), Millis{500});
    EXPECT_EQ(half_second.delay(3, least), Millis{1'000});
    EXPECT_EQ(half_second.delay(7, least), Millis{16'000});
}

TEST(Backoff, adds_jitter_up_to_the_whole_step) {
    Fixed most_of_first{250};
    Fixed some{100};
    EXPECT_EQ(half_second.delay(1, most_of_first), Millis{500});
    EXPECT_EQ(half_second.delay(1, some), Millis{350});
}

TEST(Backoff, stays_within_half_and_whole_whatever_the_randomness) {
    SystemRandom random;
    for (int i = 0; i < 1'000; ++i) {
        const Millis delay = half_second.delay(3, random);
        ASSERT_GE(delay, Millis{1'000});
        ASSERT_LE(delay, Millis{2'000});
    }
}

TEST(Backoff, never_passes_its_cap) {
    Fixed most{30'000};
    Fixed least{0};
    for (const unsigned attempt : {8U, 9U, 100U, 4'000'000'000U}) {
        EXPECT_EQ(half_second.delay(attempt, most), Millis{60'000}) << attempt;
        EXPECT_EQ(half_second.delay(attempt, least), Millis{30'000}) << attempt;
    }
}

TEST(Backoff, keeps_its_bounds_for_the_smallest_steps) {
    for (const std::uint64_t value : {0U, 1U, 2U}) {
        Fixed random{value};
        EXPECT_EQ((Backoff{Millis{1}, Millis{1}, 2.0}.delay(1, random)), Millis{1});
        EXPECT_EQ((Backoff{Millis{0}, Millis{0}, 2.0}.delay(1, random)), Millis{1});
        const Millis three = Backoff{Millis{3}, Millis{3}, 2.0}.delay(1, random);
        EXPECT_GE(three, Millis{2});
        EXPECT_LE(three, Millis{3});
    }
}

TEST(Backoff, counts_an_attempt_that_was_never_made_as_the_first) {
    Fixed least{0};
    EXPECT_EQ(half_second.delay(0, least), half_second.delay(1, least));
}

}  // namespace
}  // namespace parley
