#include "whatsapp/json_document.hpp"

#include <random>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "unit/whatsapp/samples.hpp"

namespace parley {
namespace {

TEST(JsonDocument, keeps_the_bytes_of_every_value) {
    JsonDocument document;
    const std::string text =
        R"( { "a" : [ 1 , -2.50e+3 , "x\u0041\/" ] , "b" : { "c" : null } , "d":true } )";
    const auto root = document.parse(text);
    ASSERT_TRUE(root);
    EXPECT_EQ((*root)["a"].raw(), R"([ 1 , -2.50e+3 , "x\u0041\/" ])");
    EXPECT_EQ((*root)["b"].raw(), R"({ "c" : null })");
    EXPECT_EQ((*root)["b"]["c"].raw(), "null");
    EXPECT_EQ((*root)["d"].raw(), "true");
    std::vector<std::string> elements;
    for (const JsonValue element : (*root)["a"]) elements.emplace_back(element.raw());
    EXPECT_EQ(elements, (std::vector<std::string>{"1", "-2.50e+3", R"("x\u0041\/")"}));
    EXPECT_EQ((*root)["a"].size(), 3U);
}

TEST(JsonDocument, decodes_strings_and_takes_numbers_as_written) {
    JsonDocument document;
    const auto root =
        document.parse(R"({"s":"\"\\\/\b\f\n\r\t\u0928\ud83d\ude00\u0000|","n":1680000000000001,"t":true})");
    ASSERT_TRUE(root);
    EXPECT_EQ((*root)["s"].text(), std::string("\"\\/\b\f\n\r\t\u0928\U0001F600\0|", 17));
    EXPECT_EQ((*root)["n"].text(), "1680000000000001");
    EXPECT_EQ((*root)["n"].integer(), 1680000000000001);
    EXPECT_EQ((*root)["t"].text(), "");
    EXPECT_FALSE((*root)["t"].integer());
}

TEST(JsonDocument, answers_every_question_about_nothing_with_nothing) {
    const JsonValue none;
    EXPECT_FALSE(none);
    EXPECT_FALSE(none["a"]["b"]);
    EXPECT_EQ(none.text() + std::string(none.raw()), "");
    EXPECT_EQ(none.size(), 0U);
    EXPECT_FALSE(none.integer());
    JsonDocument document;
    const auto root = document.parse(R"("just text")");
    ASSERT_TRUE(root);
    EXPECT_FALSE((*root)["a"]);
    EXPECT_EQ(root->size(), 0U);
}

TEST(JsonDocument, finds_keys_that_were_written_with_escapes) {
    JsonDocument document;
    const auto root = document.parse(R"({"\u0074o":"hidden","too":1})");
    ASSERT_TRUE(root);
    EXPECT_EQ((*root)["to"].text(), "hidden");
}

TEST(JsonDocument, repairs_half_a_surrogate_pair_and_nothing_else) {
    JsonDocument document;
    const auto root = document.parse(
        R"({"a":"cut \ud83d","b":"\ude00 low","c":"\ud83d\ude00","d":"\\ud83d","e":"\ud83d\ud83d\ude00"})");
    ASSERT_TRUE(root);
    EXPECT_EQ((*root)["a"].raw(), R"("cut \ufffd")");
    EXPECT_EQ((*root)["b"].raw(), R"("\ufffd low")");
    EXPECT_EQ((*root)["c"].raw(), R"("\ud83d\ude00")");
    EXPECT_EQ((*root)["d"].text(), "\\ud83d");
    EXPECT_EQ((*root)["e"].text(), "\uFFFD\U0001F600");
}

TEST(JsonDocument, refuses_what_is_no_json) {
    JsonDocument document;
    for (const char* text :
         {"", " ", "{", "[1,]", "{\"a\":}", "{\"a\":tru}", "nul", "{} {}", "{\"a\":01}", "{\"a\":\"\\x\"}",
          "{\"a\":\"\\u12g4\"}", "{'a':1}", "\"\xff\"", "\"\xc3\"", "{\"a\":\"\n\"}", "<html>"}) {
        const auto root = document.parse(text);
        ASSERT_FALSE(root) << text;
        EXPECT_EQ(root.error().code(), Errc::invalid_input);
    }
}

TEST(JsonDocument, bounds_the_depth) {
    JsonDocument document;
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    EXPECT_TRUE(document.parse(nested(JsonDocument::max_depth - 2)));
    EXPECT_FALSE(document.parse(nested(JsonDocument::max_depth + 1)));
    EXPECT_FALSE(document.parse(nested(100'000)));
    EXPECT_FALSE(document.index(nested(100'000)));
}

TEST(JsonDocument, serves_small_texts_after_a_large_one) {
    JsonDocument document;
    const std::string large = "[\"" + std::string(3'000'000, 'x') + "\"]";
    ASSERT_TRUE(document.parse(large));
    const auto root = document.parse(R"({"a":1})");
    ASSERT_TRUE(root);
    EXPECT_EQ((*root)["a"].integer(), 1);
}

bool same(const JsonValue& value, const nlohmann::json& tree) {
    if (tree.is_object()) {
        if (!value.is_object() || value.size() != tree.size()) return false;
        for (const auto& [key, member] : tree.items()) {
            if (!same(value[key], member)) return false;
        }
        return true;
    }
    if (tree.is_array()) {
        if (!value.is_array() || value.size() != tree.size()) return false;
        std::size_t i = 0;
        for (const JsonValue element : value) {
            if (!same(element, tree[i++])) return false;
        }
        return true;
    }
    if (tree.is_string()) return value.is_string() && value.text() == tree.get<std::string>();
    return nlohmann::json::parse(value.raw()) == tree;
}

TEST(JsonDocument, reads_every_sample_as_another_parser_does) {
    JsonDocument document;
    for (const std::string& name : samples::names()) {
        const std::string text = samples::load(name);
        const auto root = document.parse(text);
        ASSERT_TRUE(root) << name;
        EXPECT_TRUE(same(*root, nlohmann::json::parse(text))) << name;
    }
}

TEST(JsonDocument, accepts_and_indexes_damaged_samples_only_if_they_are_json) {
    JsonDocument document;
    std::mt19937 random(7);
    const std::string pieces = "{}[]\",:\\u0dD9e-+.truefalsnl \n\x80";
    for (const std::string& name : samples::names()) {
        const std::string whole = nlohmann::json::parse(samples::load(name)).dump();
        for (int i = 0; i < 60; ++i) {
            std::string text = whole;
            text[random() % text.size()] = pieces[random() % pieces.size()];
            const auto root = document.parse(text);
            if (!root) continue;
            if (text.find("\\ud") != std::string::npos) continue;  // perhaps repaired
            ASSERT_TRUE(nlohmann::json::accept(text)) << text;
            EXPECT_EQ(root->raw(), std::string_view(text)) << text;
        }
    }
}

}  // namespace
}  // namespace parley
