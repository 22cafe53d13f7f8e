#include "kit/scaffold.hpp"

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakes/temp_folder.hpp"

namespace parley::kit {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

// That it builds and passes is tested in tests/consumer.
TEST(Scaffold, fills_its_name_in_everywhere) {
    const fakes::TempFolder folder;
    const auto written =
        write_scaffold({.name = "card-helper", .parent = folder.path(), .package_prefix = "/opt/x"});
    ASSERT_TRUE(written) << written.error().message();
    EXPECT_THAT(*written, Contains("card-helper/src/card-helper.cpp"));
    EXPECT_THAT(*written, Contains("card-helper/.github/workflows/ci.yml"));
    for (const std::string& file : *written) {
        EXPECT_THAT(text_of(folder.path() / file), Not(HasSubstr("@NAME@"))) << file;
        EXPECT_THAT(text_of(folder.path() / file), Not(HasSubstr("@ID@"))) << file;
    }
    EXPECT_THAT(text_of(folder.path() / "card-helper/src/card-helper.cpp"),
                HasSubstr("\"com.example.card-helper\""));
    const auto presets = nlohmann::json::parse(text_of(folder.path() / "card-helper/CMakePresets.json"));
    EXPECT_EQ(presets["configurePresets"][0]["cacheVariables"]["CMAKE_PREFIX_PATH"], "/opt/x");
    EXPECT_EQ(presets["workflowPresets"][0]["name"], "dev");
}

TEST(Scaffold, in_c_has_no_cpp_source_of_the_agent) {
    const fakes::TempFolder folder;
    const auto written =
        write_scaffold({.name = "plain", .id = "org.example.plain", .in_c = true, .parent = folder.path()});
    ASSERT_TRUE(written);
    EXPECT_THAT(*written, Contains("plain/src/plain.c"));
    EXPECT_THAT(*written, Not(Contains("plain/src/plain.cpp")));
    EXPECT_THAT(text_of(folder.path() / "plain/CMakeLists.txt"), Not(HasSubstr("nlohmann")));
    EXPECT_THAT(text_of(folder.path() / "plain/tests/hello.yaml"), HasSubstr("agent: org.example.plain"));
}

TEST(Scaffold, refuses_names_that_are_no_names) {
    const fakes::TempFolder folder;
    for (const char* name : {"", "Hello", "a b", "../x", "-x", "9x", "test", "a/b", "naïve"})
        EXPECT_EQ(write_scaffold({.name = name, .parent = folder.path()}).error().code(), Errc::invalid_input)
            << name;
    EXPECT_EQ(write_scaffold({.name = "x", .id = "a\"b", .parent = folder.path()}).error().code(),
              Errc::invalid_input);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Scaffold, leaves_a_folder_that_is_there_alone) {
    const fakes::TempFolder folder;
    std::filesystem::create_directory(folder.path() / "mine");
    EXPECT_EQ(write_scaffold({.name = "mine", .parent = folder.path()}).error().code(), Errc::conflict);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path() / "mine"));
}

}  // namespace
}  // namespace parley::kit
