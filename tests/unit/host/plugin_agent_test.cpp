#include "host/plugin_agent.hpp"

#include <future>

#include <gtest/gtest.h>

#include "host_fixture.hpp"

namespace parley {
namespace {

class PluginAgentTest : public BothWays {};
class PluginAgentHere : public HostFixture {};

TEST_P(PluginAgentTest, answers_a_turn) {
    const auto agent = make("probe");
    const Asked asked = ask(*agent, "echo hello");
    EXPECT_EQ(asked.reply(), text_reply("hello"));
    EXPECT_EQ(misbehaviour(), 0);
}

TEST_P(PluginAgentTest, sees_the_whole_event) {
    const auto agent = make("probe");
    TurnEvent facts = event("event", 42);
    facts.state = {R"({"step":2})", 7, 1};
    facts.attempt = 1;
    const std::string received = std::to_string(unix_ms(facts.received_at));
    const std::string deadline = std::to_string(to_mono_ns(facts.deadline));
    const Asked asked(std::move(facts));
    agent->deliver(asked.turn());
    EXPECT_EQ(asked.reply(),
              text_reply(R"(shop|42|919876543210|Asha|text|{\"type\":\"text\"}|{\"step\":2}|7|1|)" +
                         received + "|" + deadline));
}

TEST_P(PluginAgentTest, takes_time_from_the_engines_clock) {
    const auto agent = make("probe");
    clock_.advance(Millis{1'234});
    EXPECT_EQ(ask(*agent, "clocks").reply(), text_reply(std::to_string(unix_ms(clock_.wall())) + " " +
                                                        std::to_string(to_mono_ns(clock_.mono()))));
}

TEST_P(PluginAgentTest, stages_replies_state_and_annotations) {
    const auto agent = make("probe");
    const TurnResult reply = ask(*agent, R"(reply {"type":"image","image":{"id":"1"}})").wait();
    EXPECT_EQ(reply.replies,
              (std::vector<std::string>{R"({"type":"image","image":{"id":"1"}})", text_reply("0")}));
    const TurnResult state = ask(*agent, R"(state {"step":1})").wait();
    EXPECT_TRUE(state.has_state);
    EXPECT_EQ(state.state_json, R"({"step":1})");
    EXPECT_EQ(ask(*agent, "annotate GREETING").wait().annotations, (Annotations{{"intent", "GREETING"}}));
}

TEST_P(PluginAgentTest, postpones_a_turn_for_an_hour_at_most) {
    const auto agent = make("probe");
    EXPECT_EQ(ask(*agent, "postpone 5000").wait().again_in, Millis{5'000});
    const TurnResult refused = ask(*agent, "postpone 3600001").wait();
    EXPECT_FALSE(refused.again_in);
    EXPECT_EQ(refused.replies, std::vector<std::string>{text_reply(std::to_string(PARLEY_LIMIT))});
}

TEST_P(PluginAgentTest, is_told_when_what_it_stages_is_malformed) {
    const auto agent = make("probe");
    const std::string invalid = text_reply(std::to_string(PARLEY_INVALID));
    for (const char* json : {"reply", "reply []", "reply {", "reply {}", R"(reply {"type":1})",
                             R"(reply {"type":""})", "state []", "state 1", "state {\"a\":}", "bad-text"})
        EXPECT_EQ(ask(*agent, json).reply(), invalid) << json;
    EXPECT_EQ(ask(*agent, "reply {\"type\":\"\xff\"}").reply(), invalid);
    EXPECT_EQ(ask(*agent, "big-state").reply(), text_reply(std::to_string(PARLEY_LIMIT)));
    EXPECT_EQ(misbehaviour(), 0);
}

TEST_P(PluginAgentTest, may_finish_from_a_thread_of_its_own) {
    const auto agent = make("probe");
    EXPECT_EQ(ask(*agent, "elsewhere").reply(), text_reply("from a thread of its own"));
}

TEST_P(PluginAgentTest, finishing_twice_is_refused_and_counted) {
    const auto agent = make("probe");
    EXPECT_TRUE(ask(*agent, "twice").wait().replies.empty());
    EXPECT_EQ(ask(*agent, "report").reply(), text_reply("second finish -1\\nlate reply -1\\n"));
    EXPECT_EQ(misbehaviour(), 2);
}

TEST_P(PluginAgentTest, an_invented_handle_is_refused_and_counted) {
    const auto agent = make("probe");
    EXPECT_EQ(ask(*agent, "invent").reply(), text_reply("-1"));
    EXPECT_EQ(misbehaviour(), 1);
}

TEST_P(PluginAgentTest, a_failed_turn_carries_its_reason) {
    const auto agent = make("probe");
    const TurnResult failed = ask(*agent, "fail the database\nis away").wait();
    EXPECT_FALSE(failed.ok);
    EXPECT_EQ(failed.error, "the database is away");
    EXPECT_TRUE(failed.replies.empty());
    EXPECT_EQ(ask(*agent, "fail-silently").wait().error, "the agent finished with TIMEOUT");
}

TEST_P(PluginAgentTest, an_exception_fails_its_turn_and_nothing_else) {
    const auto agent = make("probe");
    const TurnResult thrown = ask(*agent, "throw out of facts").wait();
    EXPECT_FALSE(thrown.ok);
    EXPECT_EQ(thrown.error, "on_event threw an exception: out of facts");
    EXPECT_EQ(ask(*agent, "throw-number").wait().error,
              "on_event threw an exception: something that is no std::exception");
    EXPECT_EQ(faults(), 2);
    EXPECT_EQ(ask(*agent, "echo still here").reply(), text_reply("still here"));
}

TEST_P(PluginAgentTest, an_exception_in_a_result_fails_the_turn_it_belongs_to) {
    const auto agent = make("probe", {{}, false, {}});
    const Asked asked = ask(*agent, "get https://example.org/");
    const auto call = http_.wait_for_call(1);
    ASSERT_TRUE(call);
    http_.answer(call->first, 200, "throw");
    EXPECT_EQ(asked.wait().error, "on_result threw an exception: cannot bear this body");
}

TEST_P(PluginAgentTest, a_cancelled_turn_is_stale_and_the_agent_is_told) {
    const auto agent = make("probe");
    const Asked asked = ask(*agent, "hold");
    ASSERT_EQ(ask(*agent, "echo x").reply(), text_reply("x"));  // the strand has passed `hold`
    ASSERT_TRUE(asked.turn()->revoke());
    agent->cancel(asked.turn(), "deadline");
    EXPECT_EQ(ask(*agent, "report").reply(), text_reply("cancelled -6, reply -1\\n"));
    EXPECT_FALSE(asked.is_finished());
}

TEST_F(PluginAgentHere, losing_the_race_with_the_deadline_is_no_misbehaviour) {
    const auto agent = make("probe");
    const Asked asked = ask(*agent, "hold");
    ASSERT_EQ(ask(*agent, "echo x").reply(), text_reply("x"));
    ASSERT_TRUE(asked.turn()->revoke());
    EXPECT_EQ(ask(*agent, "finish-held").reply(), text_reply("-1"));
    agent->cancel(asked.turn(), "deadline");
    EXPECT_EQ(ask(*agent, "report").reply(), text_reply("nothing"));
    EXPECT_EQ(misbehaviour(), 0);
}

TEST_F(PluginAgentHere, a_turn_cancelled_before_the_agent_saw_it_never_reaches_it) {
    const auto agent = make("probe");
    std::promise<void> release;
    agent->deliver(std::make_shared<Turn>(
        event("echo x"), [gate = release.get_future().share()](TurnResult) { gate.wait(); }));
    const Asked asked = ask(*agent, "throw it must not see this");
    asked.turn()->revoke();
    agent->cancel(asked.turn(), "shutdown");
    release.set_value();
    EXPECT_EQ(ask(*agent, "report").reply(), text_reply("nothing"));
    EXPECT_EQ(faults(), 0);
}

TEST_P(PluginAgentTest, a_turn_taken_away_before_it_was_delivered_keeps_nothing_alive) {
    auto agent = make("probe");
    const Asked asked(event("throw it must not see this"));
    asked.turn()->revoke();
    agent->cancel(asked.turn(), "deadline");
    agent->deliver(asked.turn());
    EXPECT_EQ(ask(*agent, "report").reply(), text_reply("nothing"));
    agent.reset();
    EXPECT_TRUE(eventually([&] { return host().instance_count() == 0; }));
    EXPECT_EQ(faults(), 0);
}

TEST_P(PluginAgentTest, extends_a_deadline_up_to_twice_the_deployments) {
    const auto agent = make("probe");
    Asked asked(event("extend 30000"));
    agent->deliver(asked.turn());
    EXPECT_EQ(asked.reply(), text_reply("0"));
    EXPECT_EQ(asked.turn()->deadline(), clock_.mono() + Millis{30'000});
    EXPECT_EQ(ask(*agent, "extend 40001").reply(), text_reply(std::to_string(PARLEY_LIMIT)));
}

TEST_F(PluginAgentHere, warns_when_a_callback_takes_too_long) {
    class SlowSteps final : public Clock {
      public:
        WallTime wall() const override { return from_unix_ms(0); }
        MonoTime mono() const override { return MonoTime{} + std::chrono::hours(1) + Millis{60 * calls_++}; }

      private:
        mutable std::atomic<std::int64_t> calls_{0};
    } slow;
    PluginHost slow_host(options_, http_, slow, random_, metrics_);
    const auto agent = slow_host.create(DeploymentId{"shop"}, "plain", "", {});
    ASSERT_TRUE(agent);
    const Asked asked = ask(*agent->agent, "hello");
    EXPECT_EQ(asked.reply(), text_reply("hello"));
    EXPECT_TRUE(eventually([&] {
        return metric("parley_agent_slow_callbacks_total", {{"deployment", "shop"}}) >= 1;
    }));
}

TEST_F(PluginAgentHere, tells_the_observer_which_message_it_works_on) {
    struct Watch final : CallbackObserver {
        void entering(ItemSeq seq) override {
            const std::lock_guard lock(mutex);
            trail += "+" + std::to_string(to_int(seq));
        }
        void left() override {
            const std::lock_guard lock(mutex);
            trail += "-";
        }
        std::mutex mutex;
        std::string trail;
    } watch;
    options_.observer = &watch;
    auto agent = make("probe");
    ask(*agent, "throw x").wait();
    const Asked asked = ask(*agent, "get https://example.org/");
    const auto call = http_.wait_for_call(1);
    ASSERT_TRUE(call);
    http_.answer(call->first, 200, "");
    asked.wait();
    agent.reset();
    EXPECT_TRUE(host().shutdown(Millis{20'000}));
    const std::lock_guard lock(watch.mutex);
    EXPECT_EQ(watch.trail, "+0-+1-+2-+2-+0-");  // start, throw, get, its result, destroy
}

TEST_P(PluginAgentTest, keeps_the_order_of_each_conversation_over_many_turns) {
    options_.threads = 4;
    constexpr int agents = 4;
    constexpr int turns = 12'500;
    struct Seen {
        std::mutex mutex;
        std::vector<std::vector<int>> order{agents};
        std::atomic<int> finished{0};
    };
    auto seen = std::make_shared<Seen>();
    std::vector<std::shared_ptr<Agent>> all;
    for (int i = 0; i < agents; ++i) all.push_back(make(i % 2 == 0 ? "plain" : "probe"));
    for (int n = 0; n < turns; ++n)
        for (int i = 0; i < agents; ++i)
            all[static_cast<std::size_t>(i)]->deliver(
                std::make_shared<Turn>(event("echo x", n), [seen, i, n](TurnResult result) {
                    if (result.ok) seen->order[static_cast<std::size_t>(i)].push_back(n);
                    ++seen->finished;
                }));
    ASSERT_TRUE(eventually([&] { return seen->finished == agents * turns; }));
    EXPECT_TRUE(host().shutdown(Millis{20'000}));
    for (const auto& order : seen->order) {
        EXPECT_EQ(order.size(), static_cast<std::size_t>(turns));
        EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
    }
    EXPECT_EQ(misbehaviour(), 0);
}

TEST_P(PluginAgentTest, runs_conversations_side_by_side_when_the_manifest_says_so) {
    const auto agent = make((test_plugins() / "variants/probe-blocking.so").string());
    std::vector<Asked> asked;
    for (int i = 0; i < 40; ++i) asked.push_back(ask(*agent, i % 2 == 0 ? "echo hi" : "nap 1", i));
    for (int i = 0; i < 40; ++i)
        EXPECT_EQ(asked[static_cast<std::size_t>(i)].reply(), text_reply(i % 2 == 0 ? "hi" : "rested"));
}

INSTANTIATE_TEST_SUITE_P(Agents, PluginAgentTest, both_ways, way_name);

}  // namespace
}  // namespace parley
