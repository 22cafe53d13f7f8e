#include "host/config_paths.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

const std::string schema = R"({"type":"object","properties":{
    "facts":{"type":"string","format":"path"},
    "name":{"type":"string"},
    "nested":{"properties":{"file":{"format":"path"}}},
    "files":{"items":{"format":"path"}}}})";

TEST(ConfigPaths, become_absolute_where_the_schema_says_so) {
    const auto resolved = resolve_paths(
        schema,
        R"({"facts":"card-facts.yaml","name":"a/b","nested":{"file":"../x","other":"y"},"files":["1","/2"]})",
        "/etc/parley/config");
    ASSERT_TRUE(resolved) << resolved.error().message();
    EXPECT_EQ(*resolved,
              R"({"facts":"/etc/parley/config/card-facts.yaml","files":["/etc/parley/config/1","/2"],)"
              R"("name":"a/b","nested":{"file":"/etc/parley/x","other":"y"}})");
}

TEST(ConfigPaths, stay_when_absolute_empty_of_another_type_or_unknown) {
    const std::string config = R"({"facts":"/already/there","files":[7],"nested":"flat","unknown":"x"})";
    EXPECT_EQ(*resolve_paths(schema, config, "/etc"), config);
    EXPECT_EQ(*resolve_paths(schema, R"({"facts":""})", "/etc"), R"({"facts":""})");
    EXPECT_EQ(*resolve_paths("", R"({ "facts": "x" })", "/etc"), R"({ "facts": "x" })");
    EXPECT_EQ(*resolve_paths(R"({"properties":7})", R"({"facts":"x"})", "/etc"), R"({"facts":"x"})");
}

TEST(ConfigPaths, need_objects) {
    EXPECT_EQ(resolve_paths(schema, "[]", "/etc").error().code(), Errc::invalid_input);
    EXPECT_EQ(resolve_paths(schema, "{", "/etc").error().code(), Errc::invalid_input);
    EXPECT_EQ(resolve_paths("nonsense", "{}", "/etc").error().code(), Errc::invalid_input);
}

}  // namespace
}  // namespace parley
