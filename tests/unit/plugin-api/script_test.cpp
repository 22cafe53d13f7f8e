// Conversation scripts: what passes, what fails and how it is said, what --update writes.
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <parley/sdk.hpp>
#include <parley/sdk/json.hpp>
#include <parley/testing/script.hpp>
#include <parley/testing/sdk_agent.hpp>
#include <parley/testing/yaml_json.hpp>

#include "fakes/temp_folder.hpp"

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

// Counts, offers a choice, calls a CRM, and sleeps on it when asked.
struct Clerk : parley::Agent<Clerk> {
    parley::Task on_message(parley::Turn turn) {
        parley::Json state = turn.state();
        const int seen = state.value("seen", 0) + 1;
        state["seen"] = seen;
        turn.state(state);
        turn.annotate("intent", turn.text == "lead" ? "LEAD" : "OTHER");
        if (turn.text == "fail") throw std::runtime_error("asked to fail");
        if (turn.text == "silence") co_return;
        if (turn.text == "secret") {
            turn.reply(secret("KEY"));
            co_return;
        }
        if (turn.text == "sleep") co_await turn.sleep(10s);
        if (turn.text == "lead") {
            const auto answer = co_await turn.http("https://crm.test/lead").post("{}");
            turn.reply("CRM says " + std::to_string(answer.status));
            co_return;
        }
        if (turn.text == "choose") {
            turn.reply(parley::ButtonsReply("Go on?").button("y", "Yes").button("n", "No"));
            co_return;
        }
        turn.reply(turn.type + " " + turn.text + " #" + std::to_string(seen));
    }
};

// Counts where a newer version of it cannot see the count.
struct Forgetful : parley::Agent<Forgetful> {
    parley::Task on_message(parley::Turn turn) {
        turn.reply("#" + std::to_string(++seen_));
        co_return;
    }
    int seen_ = 0;
};

// The guide's agent: tests/consumer/project/reminders.cpp.
struct Reminders : parley::Agent<Reminders> {
    parley::Task on_message(parley::Turn turn) {
        turn.reply("Which documents do you have?");
        turn.follow_up("unfinished", parley::after(20h).unless_written().in_window());
        co_return;
    }
    parley::Task on_followup(parley::Turn turn, parley::Followup followup) {
        if (followup.key == "unfinished") turn.reply("Are you still interested?");
        co_return;
    }
};

class Script : public ::testing::Test {
  protected:
    template <class Agent>
    parley::testing::ScriptReport run_with_swaps(const std::string& yaml) {
        std::ofstream(file_) << yaml;
        return parley::testing::run_script(file_, parley::testing::plugin_of<Agent>,
                                           {.swap_each_step = true});
    }
    parley::testing::ScriptReport run(const std::string& yaml, bool update = false) {
        std::ofstream(file_) << yaml;
        return parley::testing::run_script(file_, parley::testing::plugin_of<Clerk>, {.update = update});
    }
    std::string only_failure(const std::string& yaml) {
        const auto report = run(yaml);
        EXPECT_EQ(report.failures.size(), 1U);
        if (report.failures.empty()) return "";
        const std::string text = to_text(report.failures[0]);
        return text.substr(text.find("s.yaml") + 6);
    }
    std::string updated(const std::string& yaml) {
        const auto report = run(yaml, true);
        for (const auto& failure : report.failures) ADD_FAILURE() << to_text(failure);
        std::ifstream in(file_);
        std::stringstream text;
        text << in.rdbuf();
        EXPECT_THAT(run(text.str()).failures, IsEmpty()) << "what was written passes:\n" << text.str();
        return text.str();
    }

    const std::filesystem::path& file() const { return file_; }

  private:
    parley::fakes::TempFolder folder_;
    std::filesystem::path file_ = folder_.path() / "s.yaml";
};

TEST_F(Script, waits_for_followups) {
    const auto report = parley::testing::run_script(
        std::filesystem::path(PARLEY_SOURCE_DIR) / "tests/consumer/project/reminders.yaml",
        parley::testing::plugin_of<Reminders>, {});
    for (const auto& failure : report.failures) ADD_FAILURE() << to_text(failure);
    EXPECT_EQ(report.steps, 8U);
    std::ofstream(file()) << "steps:\n  - user: Hi\n  - wait: 20h\n    expect_none: true\n";
    EXPECT_THAT(parley::testing::run_script(file(), parley::testing::plugin_of<Reminders>, {}).failures,
                ::testing::SizeIs(1));
}

TEST_F(Script, gives_followups_to_the_agent_that_has_taken_over) {
    const auto report = run_with_swaps<Reminders>(
        "steps:\n  - user: Hi\n  - wait: 20h\n    expect: {text: {contains: interested}}\n  - wait: 20h\n"
        "    expect_none: true\n");
    for (const auto& failure : report.failures) ADD_FAILURE() << to_text(failure);
    EXPECT_EQ(report.steps, 3U);
}

TEST_F(Script, passes_when_everything_is_as_expected) {
    const auto report = run(R"(
agent: test.agent
steps:
  - user: Hi
    expect: {text: "text Hi #1", type: text, intent: OTHER, state: {seen: 1}}
  - user: choose
    expect: {text: {contains: "Go on"}, type: interactive, choices: ["Yes", "No"]}
  - user: {tap: "Yes"}
    expect: [{text: {regex: "^interactive Yes"}}, {annotations: {intent: OTHER}}]
  - user: {image: {id: "1", caption: Look}}
    expect: {text: "image Look #4"}
  - user: {button: {id: y, title: Sure}, from: "919800000009"}
    expect: {text: "interactive Sure #1"}
  - user: silence
    expect_none: true
)");
    EXPECT_THAT(report.failures, IsEmpty()) << to_text(report.failures.at(0));
    EXPECT_EQ(report.steps, 6U);
}

TEST_F(Script, scripts_http_and_sees_the_requests) {
    const auto report = run(R"(
http: {"POST https://crm.test/": {status: 503, then: 201}}
steps:
  - user: lead
    expect: {text: "CRM says 503", intent: LEAD, requests: ["POST https://crm.test/lead"]}
  - user: lead
    expect: {text: "CRM says 201"}
  - user: lead
    http: {"https://crm.test": {fail: no connection}}
    expect: {text: "CRM says 0"}
)");
    EXPECT_THAT(report.failures, IsEmpty()) << to_text(report.failures.at(0));
}

TEST_F(Script, moves_time_only_when_told) {
    const auto report = run(R"(
steps:
  - user: sleep
    expect_none: true
  - wait: 9s
    expect_none: true
  - wait: 1s
    expect: {text: "text sleep #1"}
)");
    EXPECT_THAT(report.failures, IsEmpty()) << to_text(report.failures.at(0));
}

TEST_F(Script, waits_for_an_answer_when_no_wait_follows) {
    EXPECT_THAT(run("steps:\n  - user: sleep\n    expect: {text: \"text sleep #1\"}\n").failures, IsEmpty());
}

TEST_F(Script, shows_place_and_difference) {
    EXPECT_EQ(only_failure("steps:\n  - user: Hi\n    expect: {text: \"text Ho #1\"}\n"),
              ":3:20: reply 1: text\n    - text Ho #1\n    + text Hi #1\n");
}

TEST_F(Script, counts_replies) {
    EXPECT_EQ(only_failure("steps:\n  - user: Hi\n    expect_none: true\n"),
              ":3:18: reply 1 was not expected\n    + text Hi #1\n");
    EXPECT_EQ(only_failure("steps:\n  - user: Hi\n    expect: [{text: \"text Hi #1\"}, {text: more}]\n"),
              ":3:36: reply 2 did not come\n    - more\n");
}

TEST_F(Script, compares_the_state_by_its_members) {
    EXPECT_EQ(only_failure("steps:\n  - user: Hi\n    expect: {state: {seen: 2}}\n"),
              ":3:21: state.seen\n    - 2\n    + 1\n");
    EXPECT_EQ(only_failure("steps:\n  - user: Hi\n    expect: {state: {gone: 2}}\n"),
              ":3:21: state.gone: is missing\n    - 2\n");
}

TEST_F(Script, fails_with_a_turn_that_fails_unless_that_is_expected) {
    EXPECT_EQ(only_failure("steps:\n  - user: fail\n"), ":2:5: the turn failed\n    + asked to fail\n");
    EXPECT_THAT(run("steps:\n  - user: fail\n    expect: {error: {contains: asked}}\n").failures, IsEmpty());
}

TEST_F(Script, gives_the_secrets_that_it_lists) {
    EXPECT_THAT(run("secrets: {KEY: abc}\nsteps:\n  - user: secret\n    expect: {text: abc}\n").failures,
                IsEmpty());
    EXPECT_THAT(only_failure("steps:\n  - user: secret\n"),
                HasSubstr("secret KEY: refused by the host (denied)"));
    EXPECT_EQ(only_failure("secrets: [KEY]\nsteps:\n  - user: Hi\n"),
              ":1:10: secrets: expected a mapping of names to texts\n");
}

TEST_F(Script, names_mistakes_in_itself) {
    EXPECT_EQ(only_failure("steps:\n  - usr: Hi\n"),
              ":2:5: usr: is no key of a step; there are user, wait, http, expect, expect_none, note\n");
    EXPECT_EQ(only_failure("steps:\n  - wait: soon\n"),
              ":2:11: expected a duration such as 200ms, 20s, 5m, 23h or 2d, found soon\n");
    EXPECT_EQ(only_failure("steps:\n  - user: Hi\n    expect: {text: {regex: \"(\"}}\n"),
              ":3:28: (: is no regular expression\n");
    EXPECT_EQ(only_failure("steps:\n  - user: {tap: Maybe}\n"),
              ":2:5: tap: nothing with the title Maybe was offered last\n");
    EXPECT_THAT(only_failure("steps: [\n"), HasSubstr(":2:1: "));
    EXPECT_EQ(only_failure("agent: other\nsteps:\n  - user: Hi\n"),
              ":1:1: agent: this script is for other, the library holds test.agent\n");
    EXPECT_EQ(only_failure("steps:\n  - user: a\n    user: b\n"),
              ":3:5: the key user stands here a second time\n");
    EXPECT_EQ(only_failure(""), ": a script: expected a mapping\n");
}

TEST_F(Script, swaps_the_agent_after_each_step_and_keeps_what_the_conversations_know) {
    const std::string told_twice =
        "steps:\n  - {user: a, expect: {text: 'text a #1'}}\n"
        "  - {user: sleep}\n  - {wait: 10s, expect: {text: 'text sleep #2'}}\n"
        "  - {user: b, expect: {text: 'text b #3'}}\n";
    for (const auto& failure : run_with_swaps<Clerk>(told_twice).failures) ADD_FAILURE() << to_text(failure);
    const auto report = run_with_swaps<Forgetful>(
        "steps:\n  - {user: a, expect: {text: '#1'}}\n  - {user: b, expect: {text: '#2'}}\n");
    ASSERT_EQ(report.failures.size(), 1U);
    EXPECT_EQ(report.failures[0].line, 3);
    EXPECT_EQ(report.failures[0].found, "#1");
}

TEST_F(Script, update_changes_the_value_and_nothing_around_it) {
    EXPECT_EQ(updated("# the head\nsteps:\n  - user: Hi   # a greeting\n    expect: {text: \"old\", intent: "
                      "OLD} # kept\n"),
              "# the head\nsteps:\n  - user: Hi   # a greeting\n    expect: {text: \"text Hi #1\", intent: "
              "\"OTHER\"} # kept\n");
    EXPECT_EQ(updated("steps:\n  - user: Hi\n    expect:\n      text: it's old # why\n"),
              "steps:\n  - user: Hi\n    expect:\n      text: \"text Hi #1\" # why\n");
}

TEST_F(Script, update_writes_an_expectation_anew_where_the_replies_are_others) {
    EXPECT_EQ(
        updated("steps:\n  - user: choose\n    expect_none: true\n\n  # the second\n  - user: silence\n    "
                "expect:\n      - text: a\n      - text: b\n"),
        "steps:\n  - user: choose\n    expect:\n      - type: \"interactive\"\n        text: \"Go on?\"\n"
        "        choices: [\"Yes\",\"No\"]\n\n  # the second\n  - user: silence\n    expect_none: true\n");
}

TEST_F(Script, update_writes_what_was_never_expected) {
    EXPECT_EQ(updated("steps:\n  - user: Hi\n  - user: silence\n"),
              "steps:\n  - user: Hi\n    expect:\n      - text: \"text Hi #1\"\n      - annotations: "
              "{\"intent\":\"OTHER\"}\n  - user: silence\n");
}

TEST_F(Script, update_expects_no_failure_by_itself) {
    const auto report = run("steps:\n  - user: fail\n", true);
    ASSERT_EQ(report.failures.size(), 1U);
    EXPECT_EQ(report.failures[0].what, "the turn failed");
    EXPECT_EQ(report.updated, 0U);
}

TEST_F(Script, update_writes_a_block_of_text_anew) {
    EXPECT_EQ(updated("steps:\n  - user: Hi\n    expect:\n      text: |\n        old\n        lines\n  - "
                      "user: silence\n"),
              "steps:\n  - user: Hi\n    expect:\n      - text: \"text Hi #1\"\n  - user: silence\n");
}

TEST_F(Script, update_leaves_patterns_that_do_not_fit_to_a_person) {
    const auto report = run("steps:\n  - user: Hi\n    expect: {text: {contains: nothing of this}}\n", true);
    ASSERT_EQ(report.failures.size(), 1U);
    EXPECT_EQ(report.failures[0].expected, "contains nothing of this");
    EXPECT_EQ(report.updated, 0U);
}

TEST(YamlJson, types_scalars_as_yaml_1_2_does) {
    EXPECT_EQ(parley::testing::yaml_to_json(
                  "{a: 1, b: 1.5, c: yes, d: true, e: null, f: \"1\", g: 010, h: [x, -2]}"),
              R"({"a":1,"b":1.5,"c":"yes","d":true,"e":null,"f":"1","g":10,"h":["x",-2]})");
}

TEST(YamlJson, names_the_place_of_a_mistake) {
    try {
        parley::testing::yaml_to_json("a: 1\na: 2\n");
        FAIL() << "a key stands twice";
    } catch (const std::runtime_error& problem) {
        EXPECT_STREQ(problem.what(), "2:1: the key a stands here a second time");
    }
}

}  // namespace
