#include "host/config_schema.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

constexpr std::string_view schema = R"({
  "type": "object", "additionalProperties": false, "required": ["facts", "tone"],
  "properties": {
    "facts": {"type": "string", "description": "What may be said"},
    "tone": {"enum": ["kind", "brief"]},
    "tries": {"type": "integer", "minimum": 1, "maximum": 9},
    "words": {"type": "array", "maxItems": 2, "items": {"type": "string", "minLength": 2}},
    "either": {"type": ["string", "boolean"]},
    "llm": {"type": "object", "additionalProperties": false, "required": ["url"],
            "properties": {"url": {"type": "string", "pattern": "^https?:"}, "a/b": {"type": "number"}}},
    "headers": {"type": "object", "additionalProperties": {"type": "string"}}
  }})";

std::string mistakes(std::string_view config) {
    const auto found = find_setting_mistakes(schema, config);
    if (!found) return found.error().message();
    std::string text;
    for (const SettingMistake& one : *found) {
        text += one.pointer + ": " + one.what;
        if (!one.instead.empty()) text += " | " + one.instead;
        text += "\n";
    }
    return text;
}

TEST(ConfigSchema, lets_right_settings_pass) {
    EXPECT_EQ(mistakes(R"({"facts":"f.yaml","tone":"kind","tries":9,"words":["ab"],"either":true,
                           "llm":{"url":"https://x","a/b":1.5},"headers":{"X":"y"}})"),
              "");
}

TEST(ConfigSchema, names_what_is_missing_and_what_it_is_for) {
    EXPECT_EQ(mistakes("{}"),
              "/facts: is missing: What may be said | write  facts: …\n/tone: is missing | write  tone: …\n");
    EXPECT_EQ(mistakes(R"({"facts":"f","tone":"kind","llm":{}})"), "/llm/url: is missing | write  url: …\n");
}

TEST(ConfigSchema, guesses_what_an_unknown_key_was_meant_to_be) {
    EXPECT_EQ(mistakes(R"({"facts":"f","tone":"kind","trise":2})"),
              "/trise: this agent has no such setting | did you mean \"tries\"?\n");
    EXPECT_EQ(mistakes(R"({"facts":"f","tone":"kind","llm":{"url":"http:","temperature":1}})"),
              "/llm/temperature: this agent has no such setting | known here: url, a/b\n");
}

TEST(ConfigSchema, says_what_was_expected_and_never_the_value) {
    EXPECT_EQ(mistakes(R"({"facts":7,"tone":"kind"})"), "/facts: expected a text, found a whole number\n");
    EXPECT_EQ(mistakes(R"({"facts":"f","tone":"sk-secret"})"), "/tone: expected \"kind\" or \"brief\"\n");
    EXPECT_EQ(mistakes(R"({"facts":"f","tone":"kind","tries":0})"), "/tries: expected at least 1\n");
    EXPECT_EQ(mistakes(R"({"facts":"f","tone":"kind","tries":2.5})"),
              "/tries: expected a whole number, found a number\n");
    EXPECT_EQ(mistakes(R"({"facts":"f","tone":"kind","either":[]})"),
              "/either: expected a text or true or false, found a list\n");
    EXPECT_EQ(mistakes(R"({"facts":"f","tone":"kind","llm":{"url":"ftp:"}})"),
              "/llm/url: expected a text of the form ^https?:\n");
    EXPECT_EQ(mistakes(R"({"facts":"f","tone":"kind","llm":{"url":"http:","a/b":"x"}})"),
              "/llm/a~1b: expected a number, found a text\n");
    EXPECT_EQ(mistakes(R"({"facts":"f","tone":"kind","headers":{"X":1}})"),
              "/headers/X: expected a text, found a whole number\n");
}

TEST(ConfigSchema, finds_every_mistake_in_one_run) {
    const std::string all = mistakes(
        R"({"facts":7,"tone":"loud","tries":10,"words":["a",1,"ok"],"llm":{"url":1,"ur":2},"hedaers":{}})");
    for (const char* place : {"/facts: expected", "/tone: expected", "/tries: expected", "/words",
                              "/llm/url: expected", "/llm/ur: this", "/hedaers: this"})
        EXPECT_NE(all.find(place), std::string::npos) << place << "\n" << all;
    EXPECT_EQ(all.find("is missing"), std::string::npos) << all;
}

TEST(ConfigSchema, counts_the_elements_of_a_list_as_they_were_written) {
    const auto found = find_setting_mistakes(R"({"properties":{"l":{"items":{"type":"string"}}}})",
                                             R"({"l":[1,"a",2,"b",3]})");
    ASSERT_TRUE(found);
    std::string places;
    for (const SettingMistake& one : *found) places += one.pointer + " ";
    EXPECT_EQ(places, "/l/0 /l/2 /l/4 ");
}

TEST(ConfigSchema, ends_however_many_mistakes_there_are) {
    std::string config = R"({"facts":"f","tone":"kind","headers":{)";
    for (int i = 0; i < 200; ++i) config += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":1";
    EXPECT_EQ(find_setting_mistakes(schema, config + "}}")->size(), 50U);
}

TEST(ConfigSchema, needs_objects_and_allows_everything_without_a_schema) {
    EXPECT_EQ(mistakes("[]"), "the agent's configuration is not a JSON object");
    EXPECT_EQ(mistakes("{"), "the agent's configuration is not a JSON object");
    EXPECT_FALSE(find_setting_mistakes("[]", "{}"));
    EXPECT_TRUE(find_setting_mistakes("", R"({"any":1})")->empty());
    EXPECT_TRUE(find_setting_mistakes(R"({"type":"object"})", R"({"any":1})")->empty());
}

}  // namespace
}  // namespace parley
