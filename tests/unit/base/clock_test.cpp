#include "base/clock.hpp"

#include <gtest/gtest.h>

#include "fakes/fake_clock.hpp"

namespace parley {
namespace {

TEST(Clock, converts_unix_milliseconds_both_ways) {
    for (const std::int64_t ms : {-1LL, 0LL, 1'790'000'000'123LL}) EXPECT_EQ(unix_ms(from_unix_ms(ms)), ms);
    EXPECT_EQ(from_unix_ms(86'400'000), std::chrono::sys_days{std::chrono::January / 2 / 1970});
}

TEST(Clock, of_the_system_reads_the_clocks_it_is_named_for) {
    const SystemClock clock;
    const auto before = std::chrono::system_clock::now() - Millis{1};
    EXPECT_GE(clock.wall(), std::chrono::time_point_cast<Millis>(before));
    const WallTime wall = clock.wall();
    EXPECT_LE(wall, std::chrono::system_clock::now());
    const MonoTime first = clock.mono();
    const MonoTime second = clock.mono();
    EXPECT_LE(first, second);
    EXPECT_LE(second, std::chrono::steady_clock::now());
}

TEST(FakeClock, moves_both_times_together_and_only_when_told) {
    FakeClock clock;
    const WallTime wall = clock.wall();
    const MonoTime mono = clock.mono();
    EXPECT_EQ(wall, std::chrono::sys_days{std::chrono::September / 21 / 2026} + std::chrono::hours{14} +
                        std::chrono::minutes{13} + std::chrono::seconds{20});
    EXPECT_EQ(clock.wall(), wall);
    clock.advance(Millis{1'500});
    EXPECT_EQ(clock.wall() - wall, Millis{1'500});
    EXPECT_EQ(clock.mono() - mono, Millis{1'500});
}

}  // namespace
}  // namespace parley
