#include "app/agent_shadows.hpp"

#include <gtest/gtest.h>

#include "fakes/fake_agent.hpp"
#include "fakes/fake_clock.hpp"

namespace parley {
namespace {

class Shadow : public ::testing::Test {
  protected:
    Shadow() { shadows.begin(DeploymentId("shop"), agent); }
    TurnEvent event(int conversation, const std::string& deployment = "shop") const {
        Deployment one;
        one.id = DeploymentId(deployment);
        one.deadline = Millis{5'000};
        TurnEvent event;
        event.deployment = std::make_shared<const Deployment>(one);
        event.conversation = ConversationId{conversation};
        event.state = {R"({"n":1})", 3, 2};
        return event;
    }

    FakeClock clock;
    Metrics metrics;
    std::vector<RecordedTurn> records;
    std::shared_ptr<fakes::FakeAgent> agent = std::make_shared<fakes::FakeAgent>();
    AgentShadows shadows{clock, metrics, [this](RecordedTurn one) { records.push_back(std::move(one)); }};
};

TEST_F(Shadow, gets_the_event_and_what_it_says_is_recorded_only) {
    shadows.mirror(event(1));
    ASSERT_EQ(agent->turns().size(), 1U);
    EXPECT_EQ(agent->turns()[0]->event().state.json, R"({"n":1})");
    agent->answer("psst");
    ASSERT_EQ(records.size(), 1U);
    EXPECT_TRUE(records[0].is_shadow);
    EXPECT_TRUE(records[0].result.ok);
    EXPECT_EQ(records[0].result.replies.size(), 1U);
    EXPECT_TRUE(records[0].turn->event().trace);
}

TEST_F(Shadow, of_one_deployment_hears_no_other) {
    shadows.mirror(event(1, "desk"));
    EXPECT_TRUE(agent->turns().empty());
}

TEST_F(Shadow, is_left_out_while_it_still_thinks_about_that_conversation) {
    shadows.mirror(event(1));
    shadows.mirror(event(1));
    shadows.mirror(event(2));
    EXPECT_EQ(agent->turns().size(), 2U);
    EXPECT_EQ(metrics.counter("parley_shadow_turns_total", "", {{"result", "left_out"}}).value(), 1);
    for (const TurnPtr& turn : agent->turns()) turn->finish(true, "");
    shadows.mirror(event(1));
    EXPECT_EQ(agent->turns().size(), 3U);
}

TEST_F(Shadow, has_few_turns_open_at_once) {
    for (int i = 0; i < 100; ++i) shadows.mirror(event(i));
    EXPECT_EQ(agent->turns().size(), 64U);
}

TEST_F(Shadow, that_takes_too_long_or_crashes_is_recorded_as_failed) {
    shadows.mirror(event(1));
    clock.advance(Millis{5'000});
    shadows.step(clock.mono());
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].result.error, "no answer within the deadline");
    EXPECT_EQ(agent->turns()[0]->reply_text("late"), Staged::stale);
    EXPECT_EQ(agent->cancelled().size(), 1U);
    shadows.mirror(event(1));
    agent->turns().back()->give_back(true);
    ASSERT_EQ(records.size(), 2U);
    EXPECT_EQ(records[1].result.error, "its process crashed");
}

TEST_F(Shadow, goes_when_it_ends) {
    const std::weak_ptr<fakes::FakeAgent> gone = agent;
    agent.reset();
    shadows.end(DeploymentId("shop"));
    EXPECT_TRUE(gone.expired());
    shadows.mirror(event(1));
    EXPECT_TRUE(records.empty());
}

}  // namespace
}  // namespace parley
