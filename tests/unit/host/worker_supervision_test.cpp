#include "host/worker_supervision.hpp"

#include <gtest/gtest.h>

#include "fakes/fake_random.hpp"

namespace parley {
namespace {

using Breaker = WorkerSupervision::Breaker;

class Supervising : public ::testing::Test {
  protected:
    // The worker starts, lives for `life` and crashes; its next start comes as late as it says.
    Millis crash_after(Millis life) {
        supervision_.started(now_);
        now_ += life;
        const Millis pause = supervision_.crashed(now_, random_);
        now_ += pause;
        return pause;
    }
    static void expect_about(Millis pause, Millis whole) {
        EXPECT_GE(pause, whole / 2);
        EXPECT_LE(pause, whole);
    }

    FakeRandom random_;
    MonoTime now_ = MonoTime{} + std::chrono::hours(1);
    WorkerSupervision supervision_;
};

TEST_F(Supervising, waits_twice_as_long_after_each_crash_up_to_half_a_minute) {
    Millis whole{100};
    for (int i = 0; i < 12; ++i) {
        // Far enough apart for the breaker, too short to be well.
        expect_about(crash_after(Millis{30'000}), whole);
        whole = std::min(2 * whole, Millis{30'000});
    }
    EXPECT_EQ(supervision_.breaker(now_), Breaker::closed);
}

TEST_F(Supervising, begins_anew_after_a_healthy_minute) {
    for (int i = 0; i < 4; ++i) crash_after(Millis{1'000});
    expect_about(crash_after(Millis{60'000}), Millis{100});
}

TEST_F(Supervising, opens_after_five_crashes_within_a_minute_for_half_a_minute) {
    for (int i = 0; i < 4; ++i) crash_after(Millis{10});
    EXPECT_EQ(supervision_.breaker(now_), Breaker::closed);
    supervision_.started(now_);
    EXPECT_EQ(supervision_.crashed(now_, random_), Millis{30'000});
    EXPECT_EQ(supervision_.breaker(now_), Breaker::open);
    EXPECT_EQ(supervision_.breaker(now_ + Millis{29'999}), Breaker::open);
    EXPECT_EQ(supervision_.breaker(now_ + Millis{30'000}), Breaker::probing);
}

TEST_F(Supervising, stays_closed_when_the_crashes_lie_further_apart) {
    for (int i = 0; i < 20; ++i) crash_after(Millis{20'000});
    EXPECT_EQ(supervision_.breaker(now_), Breaker::closed);
}

TEST_F(Supervising, closes_when_the_probe_ends_and_opens_again_when_it_crashes) {
    for (int i = 0; i < 5; ++i) crash_after(Millis{10});
    ASSERT_EQ(supervision_.breaker(now_), Breaker::probing);
    EXPECT_EQ(crash_after(Millis{10}), Millis{30'000});
    EXPECT_EQ(supervision_.breaker(now_ - Millis{1}), Breaker::open);
    ASSERT_EQ(supervision_.breaker(now_), Breaker::probing);
    supervision_.answered();
    EXPECT_EQ(supervision_.breaker(now_), Breaker::closed);
    crash_after(Millis{10});
    EXPECT_EQ(supervision_.breaker(now_), Breaker::closed);
}

}  // namespace
}  // namespace parley
