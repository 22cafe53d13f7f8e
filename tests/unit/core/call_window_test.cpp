#include "core/call_window.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

void end_calls(CallWindow& window, int count, Millis latency) {
    for (int i = 0; i < count; ++i) window.ended(latency);
}

TEST(CallWindow, begins_at_its_least) {
    EXPECT_EQ(CallWindow(5000, 32, 512).size(), 32U);
}

TEST(CallWindow, grows_to_what_the_rate_needs_at_the_latency_it_sees) {
    CallWindow window(5000, 32, 512);
    end_calls(window, 200, Millis{50});
    EXPECT_NEAR(static_cast<double>(window.size()), 250, 2);
}

TEST(CallWindow, is_wide_within_its_first_calls_to_a_slow_side) {
    CallWindow window(5000, 32, 512);
    end_calls(window, 32, Millis{100});
    EXPECT_GT(window.size(), 400U);
}

TEST(CallWindow, stays_within_its_bounds) {
    CallWindow window(5000, 32, 512);
    end_calls(window, 200, Millis{30'000});
    EXPECT_EQ(window.size(), 512U);
    end_calls(window, 500, Millis{0});
    EXPECT_EQ(window.size(), 32U);
    EXPECT_EQ(CallWindow(5000, 32, 8).size(), 8U);
}

}  // namespace
}  // namespace parley
