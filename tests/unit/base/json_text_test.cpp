#include "base/json_text.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

constexpr const char* unreadable = "\xEF\xBF\xBD";

TEST(JsonText, leaves_plain_text_and_utf8_as_they_are) {
    EXPECT_EQ(json_string(""), "\"\"");
    EXPECT_EQ(json_string("fees / charges"), "\"fees / charges\"");
    EXPECT_EQ(json_string("é शुल्क 💳"), "\"é शुल्क 💳\"");
}

TEST(JsonText, escapes_quotes_backslashes_and_controls) {
    EXPECT_EQ(json_string("a\"b\\c\n\r\t"), R"("a\"b\\c\n\r\t")");
    EXPECT_EQ(json_string(std::string_view("\0\x01\x1f", 3)), R"("\u0000\u0001\u001f")");
}

TEST(JsonText, escapes_the_controls_that_json_would_let_through) {
    EXPECT_EQ(json_string("\x7f"), R"("\u007f")");
    EXPECT_EQ(json_string("\xC2\x80"
                          "a\xC2\x9F"),
              R"("\u0080a\u009f")");
    EXPECT_EQ(json_string("\xC2\xA0"), "\"\xC2\xA0\"");
}

// RFC 3629: overlong forms, surrogates, beyond U+10FFFF, stray and missing continuation bytes.
TEST(JsonText, replaces_what_is_not_utf8) {
    for (const char* byte : {"\x80", "\xC0", "\xC1", "\xF5", "\xFF"})
        EXPECT_EQ(json_string(byte), std::string("\"") + unreadable + "\"");
    for (const char* first : {"\xC3", "\xE0\xA4", "\xF0\x9F\x92"}) {
        const std::string cut = json_string(std::string("a") + first + "b");
        EXPECT_EQ(cut.find(unreadable), 2U);
        EXPECT_EQ(cut.substr(cut.size() - 2), "b\"");
    }
    for (const char* wrong :
         {"\xC0\xAF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80"})
        EXPECT_EQ(json_string(wrong).find(unreadable), 1U);
}

TEST(JsonText, keeps_the_ends_of_the_utf8_ranges) {
    for (const char* good : {"\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF",
                             "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"})
        EXPECT_EQ(json_string(good), std::string("\"") + good + "\"");
}

TEST(JsonText, goes_on_after_what_it_replaced) {
    EXPECT_EQ(json_string("a\xFF"
                          "b\nc"),
              std::string("\"a") + unreadable + "b\\nc\"");
}

TEST(JsonText, appends_to_what_is_there) {
    std::string out = "{\"a\":";
    append_json_string(out, "b");
    EXPECT_EQ(out, "{\"a\":\"b\"");
}

}  // namespace
}  // namespace parley
