#include "kit/validator.hpp"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "kit/validation_text.hpp"

namespace parley::kit {
namespace {

using ::testing::HasSubstr;

const CheckReport& find(const ValidationReport& report, std::string_view name) {
    return *std::find_if(report.checks.begin(), report.checks.end(),
                         [&](const auto& one) { return one.check->name == name; });
}

ValidationReport validated(const std::string& file, ValidationOptions options = {}) {
    auto report = validate(file, options);
    EXPECT_TRUE(report) << report.error().message();
    return report ? *report : ValidationReport{};
}

TEST(Checks, have_names_of_their_own_and_stand_behind_what_they_need) {
    std::set<std::string_view> names;
    int level = 1;
    for (const Check& check : all_checks()) {
        for (const std::string_view need : check.needs)
            EXPECT_TRUE(names.contains(need)) << check.name << " needs " << need;
        EXPECT_TRUE(names.insert(check.name).second) << check.name;
        EXPECT_GE(check.level, level) << check.name;
        level = check.level;
    }
    EXPECT_EQ(level, highest_strictness);
}

TEST(Validator, runs_the_checks_up_to_the_strictness_asked_for) {
    const auto report = validated(ECHO_C_SO, {.strictness = 2});
    EXPECT_TRUE(std::all_of(report.checks.begin(), report.checks.end(),
                            [](const auto& one) { return one.check->level <= 2; }));
    EXPECT_EQ(report.id, "echo-c");
    EXPECT_EQ(report.contract, "1.0");
}

TEST(Validator, runs_only_the_checks_that_are_included) {
    const auto report = validated(ECHO_C_SO, {.strictness = 8, .include = "^turns\\.(replies|state)$"});
    ASSERT_EQ(report.checks.size(), 2U);
    EXPECT_EQ(report.checks[0].verdict, Verdict::pass);
}

TEST(Validator, names_an_expression_that_is_none_or_fits_nothing) {
    EXPECT_THAT(validate(ECHO_C_SO, {.include = "("}).error().message(),
                HasSubstr("is no regular expression"));
    EXPECT_THAT(validate(ECHO_C_SO, {.include = "nonsense"}).error().message(),
                HasSubstr("names no check up to level 5"));
}

TEST(Validator, says_when_there_is_no_file) {
    EXPECT_EQ(validate("/nowhere/at-all.so", {}).error().code(), Errc::not_found);
}

TEST(Validator, leaves_out_what_rests_on_a_failed_check) {
    const auto report = validated(HOST_SINNERS "/create-refuses.so", {.strictness = 8});
    EXPECT_EQ(find(report, "load.starts").verdict, Verdict::fail);
    EXPECT_EQ(find(report, "turns.replies").verdict, Verdict::skip);
    EXPECT_EQ(find(report, "turns.replies").findings.at(0).what, "not run, because load.starts has failed");
}

TEST(Validator, starts_the_agent_with_the_configuration_it_is_given) {
    const auto refused = validated(ECHO_SO, {.include = "load.starts", .config_json = R"({"delay_ms": -1})"});
    EXPECT_THAT(find(refused, "load.starts").findings.at(0).what,
                HasSubstr("delay_ms: expected a whole number from 0"));
    const auto taken = validated(ECHO_SO, {.include = "load.starts", .config_json = R"({"delay_ms": 1})"});
    EXPECT_TRUE(taken.has_passed());
}

TEST(Validator, runs_in_this_process_for_a_debugger) {
    EXPECT_TRUE(validated(ECHO_C_SO, {.include = "turns.replies", .in_process = true}).has_passed());
}

ValidationReport sample() {
    const auto checks = all_checks();
    return {"hello.so",
            "hello",
            "1.0.0",
            "1.0",
            7,
            {{&checks[0], Verdict::pass, {}, Millis(3)},
             {&checks[1],
              Verdict::fail,
              {{Verdict::fail, "says <nothing> & more", "say \"something\""}},
              Millis(1500)},
             {&checks[2], Verdict::skip, {{Verdict::skip, "not run", ""}}, Millis(0)},
             {&checks[3], Verdict::warn, {{Verdict::warn, "odd", ""}}, Millis(0)}}};
}

TEST(ValidationText, sums_up_in_its_last_line) {
    EXPECT_EQ(summary_of(sample()), "4 checks: 1 passed, 1 failed, 1 warning, 1 skipped (seed 7)");
    EXPECT_THAT(to_text(sample(), {}),
                ::testing::EndsWith("\n4 checks: 1 passed, 1 failed, 1 warning, 1 skipped (seed 7)\n"));
}

TEST(ValidationText, keeps_within_the_terminal) {
    ValidationReport report = sample();
    report.checks[1].findings[0].what =
        "a sentence that goes on and on, because somebody had a lot to say about this agent and its ways";
    const std::string text = to_text(report, {.columns = 60});
    const std::string finding = text.substr(text.find("a sentence"), 200);
    EXPECT_LE(finding.find('\n'), 60U);
}

TEST(ValidationText, has_colours_only_where_asked) {
    EXPECT_EQ(to_text(sample(), {}).find('\x1b'), std::string::npos);
    EXPECT_NE(to_text(sample(), {80, true}).find("\x1b[31mFAIL"), std::string::npos);
}

TEST(ValidationText, is_json_for_programs) {
    const auto json = nlohmann::json::parse(to_json(std::vector{sample()}));
    EXPECT_EQ(json[0]["passed"], false);
    EXPECT_EQ(json[0]["checks"][1]["verdict"], "FAIL");
    EXPECT_EQ(json[0]["checks"][1]["findings"][0]["remedy"], "say \"something\"");
}

TEST(ValidationText, is_junit_for_ci) {
    const std::string xml = to_junit(std::vector{sample()});
    EXPECT_THAT(
        xml,
        HasSubstr("<testsuite name=\"hello.so\" tests=\"4\" failures=\"1\" skipped=\"1\" time=\"1.503\">"));
    EXPECT_THAT(xml, HasSubstr("message=\"says &lt;nothing&gt; &amp; more\""));
    EXPECT_THAT(xml, HasSubstr("<skipped message=\"not run\"/>"));
    EXPECT_THAT(xml, HasSubstr("<system-out>odd</system-out>"));
}

}  // namespace
}  // namespace parley::kit
