#include "base/result.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

namespace parley {
namespace {

Result<int> half_of(int n) {
    if (n % 2 != 0) return Error{Errc::invalid_input, "an odd number"};
    return n / 2;
}

TEST(Result, holds_a_value_or_an_error) {
    EXPECT_EQ(half_of(8).value(), 4);
    const auto failed = half_of(7);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code(), Errc::invalid_input);
    EXPECT_EQ(failed.error().message(), "an odd number");
}

TEST(Result, tells_what_was_wrong_when_a_missing_value_is_taken) {
    try {
        (void)half_of(7).value();
        FAIL() << "no value, no exception";
    } catch (const std::logic_error& problem) {
        const std::string what = problem.what();
        EXPECT_NE(what.find("an odd number"), std::string::npos) << what;
        EXPECT_NE(what.find("result_test.cpp:"), std::string::npos) << what;
    }
}

TEST(Result, keeps_the_code_of_an_error_that_is_put_into_context) {
    const Error inner{Errc::busy, "the queue is full"};
    EXPECT_EQ(inner.within("store").within("turn 7"), Error(Errc::busy, "turn 7: store: the queue is full"));
}

TEST(Result, is_a_fault_of_ours_when_nobody_says_otherwise) {
    EXPECT_EQ(Error{}.code(), Errc::fault);
}

// The words are part of logs and JSON.
TEST(Errc, has_stable_names) {
    EXPECT_STREQ(to_string(Errc::invalid_input), "invalid_input");
    EXPECT_STREQ(to_string(Errc::not_found), "not_found");
    EXPECT_STREQ(to_string(Errc::conflict), "conflict");
    EXPECT_STREQ(to_string(Errc::unauthorized), "unauthorized");
    EXPECT_STREQ(to_string(Errc::busy), "busy");
    EXPECT_STREQ(to_string(Errc::unavailable), "unavailable");
    EXPECT_STREQ(to_string(Errc::corrupt), "corrupt");
    EXPECT_STREQ(to_string(Errc::fault), "fault");
}

}  // namespace
}  // namespace parley
