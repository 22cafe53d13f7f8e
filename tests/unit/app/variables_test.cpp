#include "app/variables.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "fakes/temp_folder.hpp"

namespace parley {
namespace {

class VariablesTest : public testing::Test {
  protected:
    void write(const std::string& name, const std::string& content) {
        std::ofstream(folder_.path() / name, std::ios::binary) << content;
    }
    Variables::Filled fill(std::string_view text) { return variables_.fill(text); }

    fakes::TempFolder folder_;
    Environment environment_{{"A", "alpha"}, {"EMPTY", ""}, {"NESTED", "${A}"}, {"YAML", "x: y\n- z #"}};
    Variables variables_{environment_, folder_.path()};
};

TEST_F(VariablesTest, fills_in_values_anywhere_in_a_text) {
    EXPECT_EQ(fill("${A}").text, "alpha");
    EXPECT_EQ(fill("Bearer ${A}-${A}!").text, "Bearer alpha-alpha!");
    EXPECT_EQ(fill("nothing $A $ {A}").text, "nothing $A $ {A}");
    EXPECT_TRUE(fill("x${A}").was_filled);
    EXPECT_FALSE(fill("x$A").was_filled);
}

TEST_F(VariablesTest, a_default_stands_in_for_unset_and_empty) {
    EXPECT_EQ(fill("${NONE:-d}").text, "d");
    EXPECT_EQ(fill("${EMPTY:-d}").text, "d");
    EXPECT_EQ(fill("${A:-d}").text, "alpha");
    EXPECT_EQ(fill("[${NONE:-}]").text, "[]");
    EXPECT_EQ(fill("${NONE:-http://127.0.0.1:8001}").text, "http://127.0.0.1:8001");
    EXPECT_EQ(fill("${EMPTY}").text, "");
}

TEST_F(VariablesTest, values_are_not_expanded_again) {
    EXPECT_EQ(fill("${NESTED}").text, "${A}");
    EXPECT_EQ(fill("${YAML}").text, "x: y\n- z #");
}

TEST_F(VariablesTest, two_dollars_write_the_braces_themselves) {
    EXPECT_EQ(fill("$${A}").text, "${A}");
    EXPECT_EQ(fill("$${A} ${A}").text, "${A} alpha");
}

TEST_F(VariablesTest, names_what_is_missing_or_malformed) {
    EXPECT_NE(fill("${NONE}").what.find("NONE is not set"), std::string::npos);
    for (const char* text : {"${", "${A", "${}", "${1A}", "${A B}", "${A-d}", "${A:d}", "${a.b}",
                             "${A:-${B}}", "${secret:x}", "${file:}"}) {
        EXPECT_NE(fill(text).what, "") << text;
    }
}

TEST_F(VariablesTest, reads_files_without_their_last_line_break) {
    write("token", "s3cret\r\n");
    write("two", "a\n\n");
    EXPECT_EQ(fill("${file:token}").text, "s3cret");
    EXPECT_EQ(fill("${file:" + (folder_.path() / "token").string() + "}").text, "s3cret");
    EXPECT_EQ(fill("${file:two}").text, "a\n");
    EXPECT_TRUE(fill("${file:token}").was_filled);
}

TEST_F(VariablesTest, refuses_files_that_are_missing_large_or_not_files) {
    write("large", std::string((64U << 10) + 1, 'x'));
    write("fits", std::string(64U << 10, 'x'));
    ASSERT_EQ(mkfifo((folder_.path() / "pipe").c_str(), 0600), 0);
    EXPECT_NE(fill("${file:missing}").what.find("missing"), std::string::npos);
    EXPECT_NE(fill("${file:large}").what.find("64 KiB"), std::string::npos);
    EXPECT_EQ(fill("${file:fits}").text.size(), 64U << 10);
    EXPECT_NE(fill("${file:pipe}").what, "");
    EXPECT_NE(fill("${file:.}").what, "");
    EXPECT_NE(fill("${file:/dev/zero}").what, "");
}

TEST_F(VariablesTest, leaves_known_secrets_for_the_engine) {
    const auto known = [](std::string_view name) { return name == "crm"; };
    const auto filled = variables_.fill("Bearer ${secret:crm} ${A}", known);
    EXPECT_EQ(filled.text, "Bearer ${secret:crm} alpha");
    EXPECT_NE(variables_.fill("${secret:cmr}", known).what, "");
}

}  // namespace
}  // namespace parley
