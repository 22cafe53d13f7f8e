// What the host asks an agent besides turns: its health, its memory, and documents of another version.
#include <gtest/gtest.h>

#include "host_fixture.hpp"

namespace parley {
namespace {

class AgentExtensions : public BothWays {
  protected:
    std::shared_ptr<Agent> second() { return make((test_plugins() / "variants/probe-2.so").string()); }

    Asked ask_with(Agent& agent, ConversationState state) {
        TurnEvent facts = event("schema");
        facts.state = std::move(state);
        Asked asked(std::move(facts));
        agent.deliver(asked.turn());
        return asked;
    }
    std::string error_with(Agent& agent, const std::string& document) {
        const TurnResult result = ask_with(agent, {document, 1, 1}).wait();
        EXPECT_FALSE(result.ok) << document;
        return result.error;
    }
    std::optional<HealthStatus> health() { return host().health(DeploymentId{"shop"}); }
    bool becomes(const std::string& state) {
        return eventually([&] {
            const auto now = health();
            return now && now->state == state;
        });
    }
    void pass(Millis time) {
        clock_.advance(time);
        host().step();
    }
};

TEST_P(AgentExtensions, bring_an_older_document_to_todays_form) {
    const auto agent = second();  // state_schema 3
    EXPECT_EQ(ask_with(*agent, {R"({"a":1})", 7, 1}).reply(), text_reply(R"(3 {\"was\":1})"));
    EXPECT_EQ(ask_with(*agent, {R"({"a":1})", 7, 0}).reply(), text_reply(R"(3 {\"was\":0})"));
}

TEST_P(AgentExtensions, leave_alone_what_is_of_today_of_tomorrow_or_nothing) {
    const auto agent = second();
    EXPECT_EQ(ask_with(*agent, {R"({"a":1})", 7, 3}).reply(), text_reply(R"(3 {\"a\":1})"));
    EXPECT_EQ(ask_with(*agent, {R"({"a":1})", 7, 4}).reply(), text_reply(R"(4 {\"a\":1})"));
    EXPECT_EQ(ask_with(*agent, {"", 0, 0}).reply(), text_reply("0 "));
    const auto first = make("probe");  // says no state_schema
    EXPECT_EQ(ask_with(*first, {R"({"a":1})", 7, 3}).reply(), text_reply(R"(3 {\"a\":1})"));
}

TEST_P(AgentExtensions, fail_the_turn_of_a_document_that_cannot_be_brought_there) {
    const auto agent = second();
    const std::string which = "the state of schema 1 could not be brought to 3: ";
    EXPECT_EQ(error_with(*agent, R"({"do":"fail"})"), which + "INVALID: of another century");
    EXPECT_EQ(error_with(*agent, R"({"do":"silence"})"), which + "it gave no document");
    EXPECT_EQ(error_with(*agent, R"({"do":"rubbish"})"), which + "what it gave is no JSON object");
    EXPECT_EQ(error_with(*agent, R"({"do":"throw"})"),
              "migrate threw an exception: cannot bear this document");
    EXPECT_EQ(ask(*agent, "echo still here").reply(), text_reply("still here"));
}

TEST_P(AgentExtensions, hand_over_what_the_old_instance_has_in_memory) {
    const auto before = make("probe");
    ask(*before, "remember much").wait();
    const Asked open = ask(*before, "sleep 200", 2);
    const auto after = second();
    const Handover handover = host().hand_over(*before, *after);
    EXPECT_TRUE(handover.is_done) << handover.problem;
    EXPECT_EQ(ask(*after, "recall").reply(), text_reply(R"(1.0.0 said \"much\"})"));
    clock_.advance(Millis{200});
    host().step();
    EXPECT_EQ(open.reply(), text_reply("0 0  "));
}

TEST_P(AgentExtensions, say_why_nothing_was_handed_over) {
    const auto before = make("probe");
    const auto after = second();
    const auto problem = [&](const char* memory) {
        ask(*before, std::string("remember ") + memory).wait();
        const Handover handover = host().hand_over(*before, *after);
        EXPECT_FALSE(handover.is_done) << memory;
        return handover.problem;
    };
    EXPECT_EQ(problem("secret"), "the old instance gives none: DENIED: will not tell");
    EXPECT_EQ(problem("huge"),
              "the old instance gives none: INVALID: its document is larger than 4194304 bytes");
    EXPECT_EQ(problem("\\x"), "the old instance gives none: INVALID: what it gave is no JSON object");
    EXPECT_EQ(problem("unwelcome"), "the new instance does not take it: INVALID: not my kind");
    EXPECT_EQ(ask(*after, "recall").reply(), text_reply("nothing"));
}

TEST_P(AgentExtensions, hand_nothing_to_an_agent_of_another_id) {
    const auto before = make("probe");
    const auto other = make("plain");
    const Handover handover = host().hand_over(*before, *other);
    EXPECT_FALSE(handover.is_done);
    EXPECT_EQ(handover.problem, "");
}

TEST_P(AgentExtensions, tell_how_the_agent_is) {
    const auto agent = make("probe");
    EXPECT_FALSE(health());
    pass(Millis{0});
    EXPECT_TRUE(becomes("ok"));
    EXPECT_EQ(health()->text, "");
    ask(*agent, "health 1slow today").wait();
    pass(Millis{9'999});
    ask(*agent, "echo x").wait();
    EXPECT_EQ(health()->state, "ok") << "it is asked every ten seconds";
    pass(Millis{251});
    EXPECT_TRUE(becomes("degraded"));
    EXPECT_EQ(health()->text, "slow today");
    ask(*agent, "health 7").wait();
    pass(Millis{10'000});
    EXPECT_TRUE(becomes("unhealthy")) << "a word this host does not know is no good news";
}

TEST_P(AgentExtensions, know_an_agent_that_says_nothing_of_its_health) {
    const auto agent = make("plain");
    pass(Millis{0});
    pass(Millis{20'000});
    EXPECT_FALSE(health());
}

INSTANTIATE_TEST_SUITE_P(Agents, AgentExtensions, both_ways, way_name);

class BusyAgent : public HostFixture {};

TEST_F(BusyAgent, is_silent_until_it_answers) {
    const auto agent = make("probe");
    const auto state = [&] {
        const auto now = host().health(DeploymentId{"shop"});
        return now ? now->state : "none";
    };
    host().step();
    ASSERT_TRUE(eventually([&] { return state() == "ok"; }));
    const Asked nap = ask(*agent, "nap 300");
    clock_.advance(Millis{10'000});
    host().step();
    clock_.advance(Millis{5'000});
    host().step();
    const std::string meanwhile = state();
    // On a slow machine the nap may be over by now: then it has answered.
    if (!nap.is_finished()) {
        EXPECT_EQ(meanwhile, "silent");
    }
    nap.wait();
    EXPECT_TRUE(eventually([&] { return state() == "ok"; }));
}

class CrashingMemory : public HostFixture {};

TEST_F(CrashingMemory, of_a_process_of_its_own_stops_no_replacement) {
    isolated_ = WorkerLimits{};
    const auto before = make("probe");
    ask(*before, "remember crash").wait();
    const auto after = make((test_plugins() / "variants/probe-2.so").string());
    const Handover handover = host().hand_over(*before, *after);
    EXPECT_FALSE(handover.is_done);
    EXPECT_EQ(handover.problem, "the old instance gives none: its process has ended");
    EXPECT_EQ(ask(*after, "recall").reply(), text_reply("nothing"));
}

}  // namespace
}  // namespace parley
