#include "host/timer_queue.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "fakes/fake_clock.hpp"

namespace parley {
namespace {

TEST(TimerQueue, runs_what_is_due_earliest_first) {
    FakeClock clock;
    TimerQueue queue;
    std::vector<int> ran;
    queue.add(clock.mono() + Millis{20}, [&] { ran.push_back(20); });
    queue.add(clock.mono() + Millis{10}, [&] { ran.push_back(10); });
    queue.add(clock.mono() + Millis{30}, [&] { ran.push_back(30); });
    EXPECT_EQ(queue.next_due(), clock.mono() + Millis{10});
    EXPECT_EQ(queue.step(clock.mono()), 0U);
    clock.advance(Millis{20});
    EXPECT_EQ(queue.step(clock.mono()), 2U);
    EXPECT_EQ(ran, (std::vector<int>{10, 20}));
    clock.advance(Millis{10});
    EXPECT_EQ(queue.step(clock.mono()), 1U);
    EXPECT_EQ(queue.next_due(), std::nullopt);
}

TEST(TimerQueue, forgets_what_is_cancelled) {
    FakeClock clock;
    TimerQueue queue;
    const auto id = queue.add(clock.mono(), [] { FAIL(); });
    EXPECT_TRUE(queue.cancel(id));
    EXPECT_FALSE(queue.cancel(id));
    EXPECT_EQ(queue.step(clock.mono()), 0U);
}

TEST(TimerQueue, tells_when_a_timer_becomes_the_next_one) {
    FakeClock clock;
    int told = 0;
    TimerQueue queue([&] { ++told; });
    queue.add(clock.mono() + Millis{10}, [] {});
    queue.add(clock.mono() + Millis{20}, [] {});
    EXPECT_EQ(told, 1);
    queue.add(clock.mono() + Millis{5}, [] {});
    EXPECT_EQ(told, 2);
}

TEST(TimerQueue, may_be_added_to_by_what_it_runs) {
    FakeClock clock;
    TimerQueue queue;
    int ran = 0;
    queue.add(clock.mono(), [&] { queue.add(clock.mono(), [&] { ++ran; }); });
    EXPECT_EQ(queue.step(clock.mono()), 2U);
    EXPECT_EQ(ran, 1);
}

}  // namespace
}  // namespace parley
