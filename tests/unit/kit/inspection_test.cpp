#include "kit/inspection.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakes/temp_folder.hpp"

namespace parley::kit {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Inspection, shows_what_a_library_says_of_itself) {
    const auto echo = inspect_library(ECHO_SO);
    ASSERT_TRUE(echo);
    EXPECT_TRUE(echo->problems.empty());
    EXPECT_THAT(echo->exports, ElementsAre("parley_plugin_v1"));
    EXPECT_THAT(echo->dynamic.needed, Contains(StartsWith("libstdc++")));
    const std::string text = to_text(*echo);
    EXPECT_THAT(text, HasSubstr("  agent         echo 1.0.0\n"));
    EXPECT_THAT(text, HasSubstr("  contract      1.0\n"));
    EXPECT_THAT(text, HasSubstr("    count             boolean: Number the replies of each conversation"));
}

TEST(Inspection, is_json_for_programs) {
    const auto json = nlohmann::json::parse(to_json({*inspect_library(ECHO_C_SO)}));
    EXPECT_EQ(json[0]["runs_here"], true);
    EXPECT_EQ(json[0]["manifest"]["id"], "echo-c");
    EXPECT_EQ(json[0]["sha256"].get<std::string>().size(), 64U);
}

TEST(Inspection, says_why_a_library_cannot_run_and_shows_the_rest) {
    const auto other = inspect_library(HOST_SINNERS "/wrong-major.so");
    ASSERT_TRUE(other);
    EXPECT_THAT(other->problems, ElementsAre(StartsWith("is built for plugin contract 2.0")));
    EXPECT_THAT(to_text(*other), HasSubstr("  agent         sinner 1.0.0\n"));
}

TEST(Inspection, of_any_bytes_is_a_problem_and_no_crash) {
    const fakes::TempFolder folder;
    const auto file = folder.path() / "x.so";
    const auto whole = inspect_library(ECHO_C_SO);
    const auto bytes = *read_library(ECHO_C_SO);
    for (std::size_t size = 0; size < bytes.size(); size += 611) {
        std::ofstream(file, std::ios::binary) << bytes.substr(0, size);
        const auto found = inspect_library(file);
        ASSERT_TRUE(found);
        EXPECT_FALSE(found->problems.empty()) << size;
        to_text(*found);
    }
}

TEST(DynamicFacts, are_read_from_damaged_bytes_without_harm) {
    std::string bytes = *read_library(ECHO_C_SO);
    for (std::size_t at = 16; at < bytes.size(); at += 97) {
        std::string damaged = bytes;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x5A);
        read_dynamic_facts(damaged);
    }
    EXPECT_THAT(read_dynamic_facts(bytes).needed, Contains("libc.so.6"));
    EXPECT_FALSE(read_dynamic_facts(bytes).has_executable_stack);
    EXPECT_EQ(inspect_library(ECHO_C_SO)->build_id.size() % 2, 0U);
}

}  // namespace
}  // namespace parley::kit
