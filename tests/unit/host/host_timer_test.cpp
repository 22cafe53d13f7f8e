#include "host/host_timer.hpp"

#include <gtest/gtest.h>

#include "host_fixture.hpp"

namespace parley {
namespace {

class HostTimer : public BothWays {};
class HostTimerHere : public HostFixture {};

TEST_P(HostTimer, completes_when_its_time_has_come) {
    const auto agent = make("probe");
    const Asked asked = ask(*agent, "sleep 200");
    ASSERT_EQ(ask(*agent, "echo x").reply(), text_reply("x"));
    clock_.advance(Millis{199});
    host().step();
    ASSERT_EQ(ask(*agent, "report").reply(), text_reply("nothing"));
    clock_.advance(Millis{1});
    host().step();
    EXPECT_EQ(asked.reply(), text_reply("0 0  "));
}

TEST_P(HostTimer, cancelled_by_the_agent_completes_once_as_cancelled) {
    const auto agent = make("probe");
    const Asked asked = ask(*agent, "cancel-own");
    EXPECT_EQ(asked.reply(), text_reply("-7 0  cancelled"));
    clock_.advance(Millis{5'000});
    host().step();
    EXPECT_EQ(ask(*agent, "report").reply(),
              text_reply("cancel 0\\ncancel again 0\\nresult -7 0  cancelled\\n"));
    EXPECT_EQ(ask(*agent, "cancel-unknown").reply(), text_reply("-1"));
}

TEST_P(HostTimer, of_one_instance_are_1024_at_most) {
    const auto agent = make("probe");
    EXPECT_EQ(ask(*agent, "flood").reply(), text_reply("1024 accepted, then -3"));
    ask(*agent, "echo x").wait();  // the cancelled ones have been told
    EXPECT_EQ(ask(*agent, "flood").reply(), text_reply("1024 accepted, then -3"));
}

TEST_F(HostTimerHere, run_by_the_hosts_own_thread_with_the_real_clock) {
    options_.housekeeping = true;
    SystemClock real;
    PluginHost live(options_, http_, real, random_, metrics_);
    const auto agent = live.create(DeploymentId{"shop"}, "probe", "", {});
    ASSERT_TRUE(agent);
    TurnEvent facts = event("sleep 20");
    facts.deadline = real.mono() + Millis{20'000};
    const Asked asked(std::move(facts));
    const MonoTime begun = real.mono();
    agent->agent->deliver(asked.turn());
    EXPECT_EQ(asked.reply(), text_reply("0 0  "));
    EXPECT_GE(real.mono() - begun, Millis{20});
}

INSTANTIATE_TEST_SUITE_P(Agents, HostTimer, both_ways, way_name);

}  // namespace
}  // namespace parley
