#include "app/agent_config.hpp"

#include <gtest/gtest.h>

#include "unit/app/config_case.hpp"

namespace parley {
namespace {

using namespace test;

std::string json_of(std::string_view config_lines) {
    const auto report = load(with_deployment(config_lines));
    EXPECT_EQ(errors_of(report), "");
    return report.config.deployments.empty() ? "" : report.config.deployments[0].config_json;
}

TEST(AgentConfig, types_plain_scalars_as_yaml_1_2_does) {
    EXPECT_EQ(
        json_of("    config: { a: 1, b: -2, c: +3, d: 0, e: 0x1F, f: 0o17, g: 18446744073709551615 }\n"),
        R"({"a":1,"b":-2,"c":3,"d":0,"e":31,"f":15,"g":18446744073709551615})");
    EXPECT_EQ(json_of("    config: { a: 1.5, b: .5, c: 1e3, d: -0.25, e: 2. }\n"),
              R"({"a":1.5,"b":0.5,"c":1000.0,"d":-0.25,"e":2.0})");
    EXPECT_EQ(json_of("    config: { a: true, b: FALSE, c: null, d: ~, e: }\n"),
              R"({"a":true,"b":false,"c":null,"d":null,"e":null})");
    EXPECT_EQ(
        json_of(
            "    config: { a: yes, b: off, c: 1.2.3, d: 1_000, e: 12:30:00, f: e5, g: ., h: -, i: 1e }\n"),
        R"({"a":"yes","b":"off","c":"1.2.3","d":"1_000","e":"12:30:00","f":"e5","g":".","h":"-","i":"1e"})");
}

TEST(AgentConfig, quotes_and_variables_make_text) {
    EXPECT_EQ(
        json_of("    config: { a: \"1\", b: 'true', c: ${WHATSAPP_PHONE_NUMBER_ID}, d: \"x ${NO:-1}\" }\n"),
        R"({"a":"1","b":"true","c":"100000000000009","d":"x 1"})");
}

TEST(AgentConfig, without_a_block_it_is_an_empty_object) {
    EXPECT_EQ(json_of(""), "{}");
    EXPECT_EQ(json_of("    config:\n"), "{}");
    EXPECT_EQ(json_of("    config: {}\n"), "{}");
}

TEST(AgentConfig, secrets_of_the_deployment_stay_names_wherever_they_are_declared) {
    EXPECT_EQ(json_of("    config: { auth: \"Bearer ${secret:crm}\", raw: \"$${x}\" }\n    secrets: { crm: "
                      "\"${TOKEN}\" }\n"),
              R"({"auth":"Bearer ${secret:crm}","raw":"${x}"})");
}

TEST(AgentConfig, remembers_where_every_value_stands) {
    const auto report =
        load(with_deployment("    config:\n      facts: x.yaml\n      a/b: [1, { c~d: 2 }]\n"));
    ASSERT_EQ(errors_of(report), "");
    const auto& at = report.config.deployments[0].config_at;
    EXPECT_EQ(at.at(""), (Position{8, 7}));
    EXPECT_EQ(at.at("/facts"), (Position{8, 14}));
    EXPECT_EQ(at.at("/a~1b/1/c~0d"), (Position{9, 23}));
}

TEST(AgentConfig, what_json_cannot_say_is_an_error) {
    for (const char* value : {".inf", "-.Inf", ".nan", "010", "-007", "00.5", "123456789012345678901",
                              "0xFFFFFFFFFFFFFFFFF", "1e999", "${NOBODY}"}) {
        const auto report = load(with_deployment("    config: { a: " + std::string(value) + " }\n"));
        EXPECT_EQ(report.errors.size(), 1U) << value << "\n" << errors_of(report);
    }
}

TEST(AgentConfig, values_that_are_not_utf8_still_make_json) {
    Environment odd = environment();
    odd["ODD"] = "a\xFF";
    const auto report = load_config("t.yaml", with_deployment("    config: { a: ${ODD} }\n"), odd, now());
    EXPECT_EQ(report.config.deployments.at(0).config_json, "{\"a\":\"a\xEF\xBF\xBD\"}");
}

}  // namespace
}  // namespace parley
