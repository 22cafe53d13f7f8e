#include "base/suggestion.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

TEST(Suggestion, finds_what_was_meant) {
    const std::vector<std::string_view> keys{"phone_number_id", "access_token", "agent", "app", "app_secret"};
    EXPECT_EQ(nearest("phone_numer_id", keys), "phone_number_id");
    EXPECT_EQ(nearest("phone-number-id", keys), "phone_number_id");
    EXPECT_EQ(nearest("acess_tokne", keys), "access_token");
    EXPECT_EQ(nearest("Agent", keys), "agent");
    EXPECT_EQ(nearest("agnet", keys), "agent");
}

TEST(Suggestion, counts_two_swapped_letters_as_one_slip) {
    EXPECT_EQ(nearest("ehco", {"each", "echo"}), "echo");
    EXPECT_EQ(nearest("dev.parley.ehco", {"dev.parley.echo", "dev.parley.other"}), "dev.parley.echo");
}

TEST(Suggestion, prefers_the_nearest_and_among_equals_the_first) {
    EXPECT_EQ(nearest("limt", {"limits", "limit"}), "limit");
    EXPECT_EQ(nearest("cat", {"bat", "rat"}), "bat");
}

TEST(Suggestion, allows_one_slip_for_every_three_letters) {
    EXPECT_EQ(nearest("abc", {"abx"}), "abx");
    EXPECT_EQ(nearest("abc", {"axx"}), "");
    EXPECT_EQ(nearest("abcdef", {"abcdxx"}), "abcdxx");
    EXPECT_EQ(nearest("abcdef", {"abcxxx"}), "");
}

TEST(Suggestion, says_nothing_when_nothing_is_near) {
    EXPECT_EQ(nearest("colour", {"agent", "app"}), "");
    EXPECT_EQ(nearest("", {"a"}), "");
    EXPECT_EQ(nearest("x", {}), "");
    EXPECT_EQ(nearest(std::string(1000, 'a'), {"a"}), "");
    EXPECT_EQ(
        nearest("a", {std::string_view(
                         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")}),
        "");
}

}  // namespace
}  // namespace parley
