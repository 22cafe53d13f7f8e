#include "core/token_bucket.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

constexpr MonoTime start = MonoTime{} + std::chrono::hours{1};

TEST(TokenBucket, begins_full_and_gives_no_more_than_its_burst) {
    TokenBucket bucket{10, 3, start};
    EXPECT_TRUE(bucket.is_full(start));
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(bucket.take(start));
    EXPECT_FALSE(bucket.take(start));
}

TEST(TokenBucket, refills_evenly_up_to_its_burst) {
    TokenBucket bucket{10, 3, start};
    for (int i = 0; i < 3; ++i) bucket.take(start);
    EXPECT_FALSE(bucket.take(start + Millis{99}));
    EXPECT_TRUE(bucket.take(start + Millis{101}));
    EXPECT_FALSE(bucket.take(start + Millis{101}));
    EXPECT_FALSE(bucket.is_full(start + Millis{300}));
    const MonoTime much_later = start + std::chrono::hours{1};
    EXPECT_TRUE(bucket.is_full(much_later));
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(bucket.take(much_later));
    EXPECT_FALSE(bucket.take(much_later));
}

TEST(TokenBucket, keeps_what_it_saved_up_under_another_limit) {
    TokenBucket bucket{10, 3, start};
    bucket.take(start);
    bucket.change(1, 5, start);
    EXPECT_TRUE(bucket.take(start));
    EXPECT_TRUE(bucket.take(start));
    EXPECT_FALSE(bucket.take(start + Millis{999}));
    EXPECT_TRUE(bucket.take(start + Millis{1001}));
    bucket.change(0, 0, start + Millis{1001});
    EXPECT_TRUE(bucket.take(start + Millis{1001}));
    bucket.change(1, 2, start + Millis{1001});
    EXPECT_TRUE(bucket.take(start + Millis{1001}));
    EXPECT_TRUE(bucket.take(start + Millis{1001}));
    EXPECT_FALSE(bucket.take(start + Millis{1001}));
}

TEST(TokenBucket, keeps_its_rate_over_a_long_time) {
    TokenBucket bucket{80, 8, start};
    int taken = 0;
    for (int ms = 0; ms <= 10'000; ++ms)
        while (bucket.take(start + Millis{ms})) ++taken;
    EXPECT_GE(taken, 800);
    EXPECT_LE(taken, 808);
}

// A caller that comes when it was told must find a token, or it would spin.
TEST(TokenBucket, has_a_token_when_it_said_it_would) {
    for (const double rate : {1.0 / 6.0, 1.0, 3.0, 80.0, 1'000.0, 7'777.7}) {
        TokenBucket bucket{rate, 1, start};
        MonoTime now = start;
        for (int i = 0; i < 1'000; ++i) {
            now = bucket.ready_at(now);
            ASSERT_TRUE(bucket.take(now)) << rate << " at " << i;
        }
        const double seconds = std::chrono::duration<double>(now - start).count();
        EXPECT_NEAR(seconds, 999 / rate, 0.01 / rate + 0.002) << rate;
    }
}

TEST(TokenBucket, is_ready_now_when_it_has_a_token) {
    TokenBucket bucket{1, 2, start};
    bucket.take(start);
    EXPECT_EQ(bucket.ready_at(start), start);
    bucket.take(start);
    EXPECT_GT(bucket.ready_at(start), start + Millis{999});
    EXPECT_LT(bucket.ready_at(start), start + Millis{1'001});
}

TEST(TokenBucket, takes_a_token_back_but_never_above_its_burst) {
    TokenBucket bucket{1, 2, start};
    bucket.take(start);
    bucket.take(start);
    bucket.give_back();
    EXPECT_TRUE(bucket.take(start));
    EXPECT_FALSE(bucket.take(start));
    for (int i = 0; i < 5; ++i) bucket.give_back();
    EXPECT_TRUE(bucket.take(start));
    EXPECT_TRUE(bucket.take(start));
    EXPECT_FALSE(bucket.take(start));
}

TEST(TokenBucket, limits_nothing_at_a_rate_of_zero) {
    TokenBucket bucket{0, 0, start};
    for (int i = 0; i < 1'000; ++i) ASSERT_TRUE(bucket.take(start));
    EXPECT_EQ(bucket.ready_at(start), start);
    EXPECT_TRUE(bucket.is_full(start));
}

TEST(TokenBucket, gains_nothing_from_a_time_that_has_passed) {
    TokenBucket bucket{10, 1, start};
    bucket.take(start + Millis{50});
    EXPECT_FALSE(bucket.take(start));
    EXPECT_FALSE(bucket.take(start + Millis{149}));
    EXPECT_TRUE(bucket.take(start + Millis{151}));
}

}  // namespace
}  // namespace parley
