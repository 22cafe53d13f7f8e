#include "app/yaml_document.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace parley {
namespace {

Diagnostic only_error(const YamlDocument& document) {
    EXPECT_EQ(document.root, nullptr);
    EXPECT_EQ(document.errors.size(), 1U);
    return document.errors.empty() ? Diagnostic{} : document.errors.front();
}

TEST(YamlDocument, knows_the_place_of_every_key_and_value) {
    const auto document = parse_yaml("a:\n  b: [1, \"two\"]\n");
    ASSERT_NE(document.root, nullptr);
    const YamlEntry& a = document.root->entries.at(0);
    EXPECT_EQ(a.key_at, (Position{1, 1}));
    const YamlEntry& b = a.value->entries.at(0);
    EXPECT_EQ(b.key_at, (Position{2, 3}));
    EXPECT_EQ(b.value->items.at(0)->at, (Position{2, 7}));
    EXPECT_EQ(b.value->items.at(1)->at, (Position{2, 10}));
    EXPECT_TRUE(b.value->items.at(0)->is_plain);
    EXPECT_FALSE(b.value->items.at(1)->is_plain);
}

TEST(YamlDocument, counts_columns_in_characters) {
    const auto document = parse_yaml("नमस्ते: { é: x }\n");
    ASSERT_NE(document.root, nullptr);
    EXPECT_EQ(document.root->entries.at(0).value->entries.at(0).key_at, (Position{1, 11}));
}

TEST(YamlDocument, an_absent_value_has_the_place_of_its_key) {
    const auto document = parse_yaml("a:\n\n\nb: 1\n");
    ASSERT_NE(document.root, nullptr);
    EXPECT_EQ(document.root->entries.at(0).value->kind, YamlNode::Kind::null);
    EXPECT_EQ(document.root->entries.at(0).value->at, (Position{1, 1}));
}

TEST(YamlDocument, keeps_repeated_keys_and_says_where_the_first_stands) {
    const auto document = parse_yaml("a: 1\nb: 2\na: 3\n");
    ASSERT_NE(document.root, nullptr);
    ASSERT_EQ(document.root->entries.size(), 3U);
    EXPECT_EQ(document.root->entries[0].first_at.line, 0U);
    EXPECT_EQ(document.root->entries[2].first_at, (Position{1, 1}));
}

TEST(YamlDocument, reads_variables_without_quotes_inside_flow_blocks) {
    const auto document = parse_yaml("a: { b: ${X}, c: [\"${Y}\", ${Z:-1}] }\n");
    ASSERT_NE(document.root, nullptr);
    const auto& a = *document.root->entries.at(0).value;
    EXPECT_EQ(a.entries.at(0).value->text, "${X}");
    EXPECT_EQ(a.entries.at(1).value->items.at(0)->text, "${Y}");
    EXPECT_EQ(a.entries.at(1).value->items.at(1)->text, "${Z:-1}");
}

TEST(YamlDocument, aliases_stand_for_what_they_name) {
    const auto document = parse_yaml("a: &x { k: v }\nb: *x\n");
    ASSERT_NE(document.root, nullptr);
    EXPECT_EQ(document.root->entries.at(1).value->entries.at(0).value->text, "v");
}

TEST(YamlDocument, refuses_what_would_explode_or_never_end) {
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 40; ++i) {
        const std::string before = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + ", " + before + ", " +
                before + "]\n";
    }
    EXPECT_NE(only_error(parse_yaml(bomb)).what.find("aliases counted in full"), std::string::npos);
    EXPECT_NE(only_error(parse_yaml("a: &a [*a]\n")).what.find("inside the very block"), std::string::npos);
}

TEST(YamlDocument, refuses_more_than_64_levels_and_one_mebibyte) {
    EXPECT_EQ(parse_yaml(std::string(64, '[') + std::string(64, ']')).errors.size(), 0U);
    EXPECT_NE(only_error(parse_yaml(std::string(65, '[') + std::string(65, ']'))).what.find("64 levels"),
              std::string::npos);
    EXPECT_NE(only_error(parse_yaml(std::string(100'000, '['))).what, "");
    EXPECT_NE(only_error(parse_yaml(std::string((1U << 20) + 1, ' '))).what.find("1 MiB"), std::string::npos);
}

struct Refused {
    const char* name;
    std::string text;
    Position at;
    const char* says;
};

class YamlRefusal : public testing::TestWithParam<Refused> {};

TEST_P(YamlRefusal, names_the_place_and_the_reason) {
    const Diagnostic error = only_error(parse_yaml(GetParam().text));
    EXPECT_EQ(error.at, GetParam().at) << error.at.line << ":" << error.at.column;
    EXPECT_NE((error.what + error.instead).find(GetParam().says), std::string::npos) << error.what << "\n"
                                                                                     << error.instead;
}

INSTANTIATE_TEST_SUITE_P(
    All, YamlRefusal,
    testing::Values(Refused{"latin1", "a: caf\xE9\n", {1, 7}, "UTF-8"},
                    Refused{"overlong", "a: \xC0\xAF\n", {1, 4}, "UTF-8"},
                    Refused{"surrogate", "a: \xED\xA0\x80\n", {1, 4}, "UTF-8"},
                    Refused{"cut_character", "a: \xE2\x82", {1, 4}, "UTF-8"},
                    Refused{"end_of_transmission", "a: 1\nb: \x04\nc: 2\n", {2, 4}, "control character"},
                    Refused{"nul", std::string("a: \0b\n", 6), {1, 4}, "control character"},
                    Refused{"escape", "a: \x1B[31m\n", {1, 4}, "control character"},
                    Refused{"utf16",
                            std::string("\xFF\xFE"
                                        "a\0",
                                        4),
                            {1, 1},
                            "UTF-8"},
                    Refused{"tab", "a:\n\tb: 1\n", {2, 3}, "spaces"},
                    Refused{"tag", "a: !!binary aGk=\n", {1, 4}, "tags"},
                    Refused{"custom_tag", "a: !secret x\n", {1, 4}, "tags"},
                    Refused{"merge", "a: &a {b: 1}\nc:\n  <<: *a\n", {3, 3}, "merge keys"},
                    Refused{"list_as_key", "? [a]\n: 1\n", {1, 3}, "key must be"},
                    Refused{"null_as_key", "~: 1\n", {1, 1}, "key must be"},
                    Refused{"open_double_quote", "a: \"b\nc: 1\n", {1, 4}, "never close"},
                    Refused{"open_single_quote", "a: 'it''s\n", {1, 4}, "never close"},
                    Refused{"open_flow", "a: [1, 2\n", {2, 1}, "close the ["},
                    Refused{"dedent", "a:\n    b: 1\n  c: 2\n", {3, 3}, "indentation"},
                    Refused{"two_documents", "a: 1\n---\nb: 1\n", {3, 1}, "second document"},
                    Refused{"unknown_alias", "a: *b\n", {1, 4}, "anchor"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(YamlDocument, quotes_that_close_are_fine) {
    for (const char* text :
         {"a: \"x\\\"y\"\n", "a: 'it''s'\n", "a: \"\"\n", "a: &n 'x'\n", "a: \"two\n  lines\"\n"}) {
        EXPECT_NE(parse_yaml(text).root, nullptr) << text;
    }
}

TEST(YamlDocument, takes_time_in_proportion_to_the_text) {
    std::string one_line = "a: [";
    while (one_line.size() < 1'000'000) one_line += "abcdefghi, ";
    std::string quotes = "a: [";
    while (quotes.size() < 1'000'000) quotes += "\"abcdefghijkl\", ";
    std::string variables = "a: [";
    while (variables.size() < 1'000'000) variables += "${ABCDEFGHIJ, ";
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_NE(parse_yaml(one_line + "x]").root, nullptr);
    EXPECT_NE(parse_yaml(quotes + "x]").root, nullptr);
    EXPECT_EQ(parse_yaml(variables + "x]").root, nullptr);
    // Quadratic work on these takes minutes; the bound leaves room for sanitizers and a busy machine.
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
}

}  // namespace
}  // namespace parley
