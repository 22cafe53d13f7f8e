// JSON strings without a JSON library, and the manifest's check at compile time.
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <parley/sdk/manifest.hpp>
#include <parley/sdk/text.hpp>

namespace {

using parley::characters;
using parley::json_string;
using parley::detail::JsonCheck;

TEST(SdkText, every_valid_text_comes_back_from_a_json_reader) {
    std::string controls;
    for (char c = 1; c < 0x20; ++c) controls += c;
    for (const std::string& text : {std::string("plain"), std::string("\"quoted\" \\ back/slash"), controls,
                                    std::string("नमस्ते 🙏 ﷽ é"), std::string("a\0b", 3), std::string("\x7f")}) {
        EXPECT_EQ(nlohmann::json::parse(json_string(text)).get<std::string>(), text);
    }
}

TEST(SdkText, bytes_that_are_not_utf8_become_replacement_characters) {
    EXPECT_EQ(json_string("a\xFFz"), "\"a\xEF\xBF\xBDz\"");
    EXPECT_EQ(json_string("\xC3"), "\"\xEF\xBF\xBD\"");
    for (const char* text : {"\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                             "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\x80", "\xE2\x82", "\xF0\x9F\x99"}) {
        EXPECT_TRUE(nlohmann::json::accept(json_string(text))) << testing::PrintToString(text);
        EXPECT_EQ(parley::utf8_length(text), 0U) << testing::PrintToString(text);
    }
}

TEST(SdkText, every_two_bytes_make_valid_json) {
    for (int first = 0; first < 256; ++first) {
        for (int second = 0; second < 256; ++second) {
            const std::string text{static_cast<char>(first), static_cast<char>(second)};
            ASSERT_TRUE(nlohmann::json::accept(json_string(text))) << first << ' ' << second;
        }
    }
}

TEST(SdkText, counts_characters_as_whatsapp_does) {
    EXPECT_EQ(characters(""), 0U);
    EXPECT_EQ(characters("abc"), 3U);
    EXPECT_EQ(characters("ñ🙏"), 3U);
    EXPECT_EQ(characters("\xFF\xFF"), 2U);
}

TEST(SdkManifest, check_agrees_with_a_json_reader) {
    for (const char* text : {"{}",
                             " {} ",
                             R"({"a":1})",
                             R"({"a":[1,-2.5e+3,0,true,false,null,"x\"y",{"b":{}}], "c":[]})",
                             "",
                             "[]",
                             "{",
                             "{}}",
                             R"({"a"})",
                             R"({"a":})",
                             R"({"a":1,})",
                             R"({a:1})",
                             R"({"a":01})",
                             R"({"a":1.})",
                             R"({"a":tru})",
                             R"({"a":"x)",
                             R"({"a":1 "b":2})",
                             R"({"a":[1,]})",
                             R"({"a":-})",
                             R"({"a":1e})",
                             "{\"a\":\"\n\"}"}) {
        const bool expected = nlohmann::json::accept(text) && nlohmann::json::parse(text).is_object();
        EXPECT_EQ(JsonCheck(text).is_object(), expected) << text;
    }
}

}  // namespace
