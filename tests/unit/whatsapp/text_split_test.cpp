#include "whatsapp/text_split.hpp"

#include <random>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <simdjson.h>

namespace parley {
namespace {

using Parts = std::vector<std::string>;

std::size_t utf16_units(const std::string& text) {
    std::size_t units = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0) != 0x80) units += byte >= 0xF0 ? 2 : 1;
    }
    return units;
}

std::string without_blanks(std::string text) {
    std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
    return text;
}

TEST(TextSplit, leaves_what_fits) {
    EXPECT_EQ(split_text("short", 5), Parts{"short"});
    EXPECT_EQ(split_text("  kept as it is ", 40), Parts{"  kept as it is "});
    EXPECT_EQ(split_text("", 5), Parts{});
}

TEST(TextSplit, cuts_at_the_best_end_in_the_second_half) {
    EXPECT_EQ(split_text("one two three four", 10), (Parts{"one two", "three four"}));
    EXPECT_EQ(split_text("It is done. Now what about it", 20), (Parts{"It is done.", "Now what about it"}));
    EXPECT_EQ(split_text("One line here\nanother. Then more", 24),
              (Parts{"One line here", "another. Then more"}));
    EXPECT_EQ(split_text("First part.\n\nSecond. part\nx yz", 26),
              (Parts{"First part.\n\nSecond. part", "x yz"}));
    EXPECT_EQ(split_text("A whole paragraph.\n\nSecond\nline", 28),
              (Parts{"A whole paragraph.", "Second\nline"}));
}

TEST(TextSplit, cuts_inside_of_a_word_only_when_it_must) {
    EXPECT_EQ(split_text("abcdefghij", 4), (Parts{"abcd", "efgh", "ij"}));
    EXPECT_EQ(split_text("ab cdefghij", 4), (Parts{"ab", "cdef", "ghij"}));
}

TEST(TextSplit, counts_utf16_units_and_keeps_letters_whole) {
    EXPECT_EQ(split_text("\U0001F600\U0001F600\U0001F600", 4), (Parts{"\U0001F600\U0001F600", "\U0001F600"}));
    EXPECT_EQ(split_text("\U0001F600\U0001F600", 3), (Parts{"\U0001F600", "\U0001F600"}));
    // "ki" is a letter and its vowel sign; a family is three faces and two joiners.
    EXPECT_EQ(split_text("\u0915\u093F\u0915\u093F", 3), (Parts{"\u0915\u093F", "\u0915\u093F"}));
    EXPECT_EQ(split_text("ab\U0001F468\u200D\U0001F469", 5), (Parts{"ab", "\U0001F468\u200D\U0001F469"}));
}

TEST(TextSplit, makes_progress_even_when_one_letter_is_too_long) {
    EXPECT_EQ(split_text("\U0001F600\U0001F600", 1), (Parts{"\U0001F600", "\U0001F600"}));
    std::string many = "a";
    for (int i = 0; i < 50; ++i) many += "\u0301";
    std::string joined;
    for (const auto& part : split_text(many, 8)) joined += part;
    EXPECT_EQ(joined, many);
}

TEST(TextSplit, loses_nothing_but_blanks_at_cuts_whatever_the_text) {
    std::mt19937 random(11);
    const Parts pieces{"a",      "b",      " ",      " ",          "\n",     ".",     "!",
                       "\u0964", "\u0915", "\u093F", "\U0001F600", "\u200D", "word ", "\n\n"};
    for (int round = 0; round < 400; ++round) {
        std::string text;
        for (int i = 0; i < 120; ++i) text += pieces[random() % pieces.size()];
        std::string joined;
        for (const std::string& part : split_text(text, 10)) {
            EXPECT_LE(utf16_units(part), 10U);
            EXPECT_TRUE(simdjson::validate_utf8(part));
            joined += part;
        }
        EXPECT_EQ(without_blanks(joined), without_blanks(text));
    }
}

TEST(SplitTextReply, keeps_other_members_and_quotes_once) {
    const std::string first = std::string(4000, 'a');
    const nlohmann::json native{
        {"type", "text"},
        {"context", {{"message_id", "wamid.A1"}}},
        {"text", {{"preview_url", true}, {"body", first + ". " + std::string(500, 'b')}}}};
    const Parts parts = split_text_reply(native.dump());
    ASSERT_EQ(parts.size(), 2U);
    const auto one = nlohmann::json::parse(parts[0]);
    const auto two = nlohmann::json::parse(parts[1]);
    EXPECT_EQ(one["text"]["body"], first + ".");
    EXPECT_EQ(two["text"]["body"], std::string(500, 'b'));
    EXPECT_EQ(two["text"]["preview_url"], true);
    EXPECT_EQ(one["context"]["message_id"], "wamid.A1");
    EXPECT_FALSE(two.contains("context"));
    EXPECT_EQ(two["type"], "text");
}

TEST(SplitTextReply, leaves_everything_else_alone) {
    const std::string long_text(5000, 'x');
    for (const std::string& native :
         {std::string(R"({"type":"text","text":{"body":"short"}})"),
          R"({"type":"image","image":{"link":")" + long_text + "\"}}", "no json " + long_text,
          R"({"type":"text","text":")" + long_text + "\"}",
          R"({"type":"text","text":{"body":")" + std::string(4096, 'x') + "\"}}"}) {
        EXPECT_EQ(split_text_reply(native), Parts{native});
    }
}

TEST(SplitTextReply, counts_characters_and_not_the_escapes) {
    std::string escaped;
    for (int i = 0; i < 4096; ++i) escaped += "\\u0915";
    const std::string native = R"({"type":"text","text":{"body":")" + escaped + "\"}}";
    EXPECT_EQ(split_text_reply(native), Parts{native});
    EXPECT_EQ(split_text_reply(R"({"type":"text","text":{"body":")" + escaped + "\\u0915\"}}").size(), 2U);
}

}  // namespace
}  // namespace parley
