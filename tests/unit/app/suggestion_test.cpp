#include "app/suggestion.hpp"

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
