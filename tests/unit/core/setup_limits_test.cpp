#include "core/setup_limits.hpp"

#include <gtest/gtest.h>

#include "fakes/fake_clock.hpp"

namespace parley {
namespace {

using namespace std::chrono_literals;

struct SetupLimitsTest : testing::Test {
    FakeClock clock;
    SetupLimits limits{clock};

    SetupFailure failed(std::int32_t code, Errc kind, Millis wait) {
        SetupFailure failure = refuse_setup(kind, "meaning", "remedy", wait);
        failure.code = code;
        return failure;
    }
};

TEST_F(SetupLimitsTest, lets_ten_registrations_pass_in_72_hours) {
    for (int i = 0; i < 10; ++i) {
        EXPECT_FALSE(limits.take_registration());
        clock.advance(1h);
    }
    const auto refused = limits.take_registration();
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->kind, Errc::busy);
    EXPECT_EQ(refused->wait, Millis(62h));
    EXPECT_TRUE(refused->is_retryable);
    EXPECT_FALSE(refused->remedy.empty());
    clock.advance(refused->wait - 1ms);
    EXPECT_TRUE(limits.take_registration());
    clock.advance(1ms);
    EXPECT_FALSE(limits.take_registration());
    EXPECT_TRUE(limits.take_registration());
}

TEST_F(SetupLimitsTest, a_refused_call_is_not_counted) {
    for (int i = 0; i < 10; ++i) EXPECT_FALSE(limits.take_registration());
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(limits.take_registration());
    EXPECT_EQ(limits.history().registrations.size(), 10U);
}

TEST_F(SetupLimitsTest, a_restart_forgets_nothing) {
    for (int i = 0; i < 10; ++i) EXPECT_FALSE(limits.take_registration());
    EXPECT_FALSE(limits.take_code_request());
    limits.learn(failed(133008, Errc::busy, 1h));
    SetupLimits again(clock, limits.history());
    EXPECT_EQ(again.history(), limits.history());
    EXPECT_TRUE(again.take_registration());
    EXPECT_TRUE(again.take_code_request());
}

TEST_F(SetupLimitsTest, a_code_gets_a_minute_to_arrive) {
    EXPECT_FALSE(limits.take_code_request());
    clock.advance(20s);
    EXPECT_EQ(limits.take_code_request()->wait, Millis(40s));
    clock.advance(40s);
    EXPECT_FALSE(limits.take_code_request());
}

TEST_F(SetupLimitsTest, lets_ten_code_requests_pass_in_72_hours) {
    for (int i = 0; i < 10; ++i) {
        EXPECT_FALSE(limits.take_code_request());
        clock.advance(1min);
    }
    EXPECT_EQ(limits.take_code_request()->wait, Millis(72h - 10min));
}

TEST_F(SetupLimitsTest, a_code_is_tried_five_times_until_a_new_one_is_asked_for) {
    EXPECT_FALSE(limits.take_code_request());
    for (int i = 0; i < 5; ++i) EXPECT_FALSE(limits.take_code_try());
    EXPECT_EQ(limits.take_code_try()->wait, Millis(1h));
    clock.advance(1min);
    EXPECT_FALSE(limits.take_code_request());
    EXPECT_FALSE(limits.take_code_try());
}

TEST_F(SetupLimitsTest, believes_what_meta_says_of_its_limits) {
    limits.learn(failed(133016, Errc::busy, 72h));
    EXPECT_EQ(limits.take_registration()->wait, Millis(72h));
    EXPECT_FALSE(limits.take_code_request());
    clock.advance(72h);
    EXPECT_FALSE(limits.take_registration());

    limits.learn(failed(133008, Errc::busy, 1h));
    EXPECT_EQ(limits.take_registration()->wait, Millis(1h));

    limits.learn(failed(136024, Errc::busy, 2h));
    clock.advance(1h);
    EXPECT_EQ(limits.take_code_request()->wait, Millis(1h));
}

TEST_F(SetupLimitsTest, other_failures_block_nothing) {
    const SetupHistory before = limits.history();
    limits.learn(failed(136024, Errc::conflict, 0ms));
    limits.learn(failed(133005, Errc::invalid_input, 0ms));
    limits.learn(failed(0, Errc::unavailable, 0ms));
    EXPECT_EQ(limits.history(), before);
}

TEST_F(SetupLimitsTest, a_clock_that_was_set_back_locks_nobody_out_for_longer) {
    SetupHistory history;
    history.registrations.assign(10, clock.wall() + 1000h);
    SetupLimits restored(clock, history);
    EXPECT_EQ(restored.take_registration()->wait, Millis(72h));
}

}  // namespace
}  // namespace parley
