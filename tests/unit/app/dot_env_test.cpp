#include "app/dot_env.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

TEST(DotEnv, reads_the_forms_people_write) {
    const auto parsed = parse_dot_env(
        "\xEF\xBB\xBF# a comment\r\n"
        "\n"
        "PLAIN=value\r\n"
        "  SPACED =  a b \t\n"
        "export EXPORTED=x\n"
        "COMMENTED=abc # the rest\n"
        "HASH=a#b\n"
        "EQUALS=a=b==\n"
        "EMPTY=\n"
        "SINGLE='a \"b\" \\n #' # after\n"
        "DOUBLE=\"a\\n\\\"b\\\" \\$x\"\n"
        "TWICE=1\n"
        "TWICE=2");
    EXPECT_TRUE(parsed.errors.empty());
    const Environment expected{
        {"PLAIN", "value"},        {"SPACED", "a b"},   {"EXPORTED", "x"}, {"COMMENTED", "abc"},
        {"HASH", "a#b"},           {"EQUALS", "a=b=="}, {"EMPTY", ""},     {"SINGLE", "a \"b\" \\n #"},
        {"DOUBLE", "a\n\"b\" $x"}, {"TWICE", "2"}};
    EXPECT_EQ(parsed.variables, expected);
}

TEST(DotEnv, names_every_bad_line_and_shows_no_value) {
    const auto parsed =
        parse_dot_env("A=1\njust-s3cret\n1B=s3cret\nC='s3cret\nD=\"s3cret\" s3cret\n=s3cret\nE=2\n");
    ASSERT_EQ(parsed.errors.size(), 5U);
    const unsigned lines[] = {2, 3, 4, 5, 6};
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_EQ(parsed.errors[i].at.line, lines[i]);
        EXPECT_EQ(to_text(parsed.errors[i]).find("s3cret"), std::string::npos) << to_text(parsed.errors[i]);
    }
    EXPECT_EQ(parsed.errors[2].path, "C");
    EXPECT_EQ(parsed.variables, (Environment{{"A", "1"}, {"E", "2"}}));
}

}  // namespace
}  // namespace parley
