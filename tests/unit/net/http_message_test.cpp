// Decoding of URLs and form bodies.
#include "net/http_message.hpp"

#include <gtest/gtest.h>

namespace parley {

TEST(PercentDecode, turns_escapes_into_bytes) {
    EXPECT_EQ(percent_decode("a%20b%2Fc%c3%A9"), "a b/c\xc3\xa9");
    EXPECT_EQ(percent_decode("plus+stays"), "plus+stays");
}

TEST(PercentDecode, keeps_what_is_no_escape) {
    EXPECT_EQ(percent_decode("100%"), "100%");
    EXPECT_EQ(percent_decode("%4"), "%4");
    EXPECT_EQ(percent_decode("%zz%41"), "%zzA");
}

TEST(QueryValue, finds_and_decodes_a_value) {
    constexpr auto query = "hub.mode=subscribe&hub.challenge=115%2042&hub.verify_token=a+b%2Bc&flag";
    EXPECT_EQ(query_value(query, "hub.mode"), "subscribe");
    EXPECT_EQ(query_value(query, "hub.challenge"), "115 42");
    EXPECT_EQ(query_value(query, "hub.verify_token"), "a b+c");
    EXPECT_EQ(query_value(query, "flag"), "");
    EXPECT_EQ(query_value(query, "mode"), "");
}

TEST(QueryValue, decodes_names_and_takes_the_first_of_equals) {
    EXPECT_EQ(query_value("a%5Bb%5D=1&a%5Bb%5D=2", "a[b]"), "1");
    EXPECT_EQ(query_value("", "a"), "");
    EXPECT_EQ(query_value("&&a=x=y&", "a"), "x=y");
}

}  // namespace parley
