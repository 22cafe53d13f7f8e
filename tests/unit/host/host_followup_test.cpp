#include "host/host_followup.hpp"

#include <gtest/gtest.h>

#include "host_fixture.hpp"

namespace parley {
namespace {

class HostFollowup : public BothWays {
  protected:
    static std::string status(parley_status which) { return text_reply(std::to_string(which)); }
};

TEST_P(HostFollowup, is_staged_with_its_turn) {
    const auto agent = make("probe");
    const TurnResult result = ask(*agent, R"(follow-up nudge 7200000 3 {"step":"docs"})").wait();
    EXPECT_EQ(result.replies, std::vector<std::string>{status(PARLEY_OK)});
    ASSERT_EQ(result.followups.size(), 1u);
    const FollowupOrder& order = result.followups[0];
    EXPECT_EQ(order.key, "nudge");
    EXPECT_EQ(order.due, clock_.wall() + std::chrono::hours(2));
    EXPECT_TRUE(order.unless_written && order.in_window && !order.is_cancelled);
    EXPECT_EQ(order.payload_json, R"({"step":"docs"})");
}

TEST_P(HostFollowup, is_cancelled_by_its_key) {
    const auto agent = make("probe");
    const TurnResult result = ask(*agent, "unfollow nudge").wait();
    ASSERT_EQ(result.followups.size(), 1u);
    EXPECT_TRUE(result.followups[0].is_cancelled);
    EXPECT_EQ(result.followups[0].key, "nudge");
}

TEST_P(HostFollowup, comes_no_sooner_than_in_a_second) {
    const auto agent = make("probe");
    const TurnResult result = ask(*agent, "follow-up nudge 0 0").wait();
    ASSERT_EQ(result.followups.size(), 1u);
    EXPECT_EQ(result.followups[0].due, clock_.wall() + Millis{1'000});
    EXPECT_FALSE(result.followups[0].unless_written || result.followups[0].in_window);
}

TEST_P(HostFollowup, is_refused_beyond_its_bounds) {
    const auto agent = make("probe");
    const std::string day = "86400000";
    EXPECT_EQ(ask(*agent, "follow-up k 7776000001 0").reply(), status(PARLEY_LIMIT)) << "90 days";
    EXPECT_EQ(ask(*agent, "follow-up " + std::string(65, 'k') + " 1000 0").reply(), status(PARLEY_LIMIT));
    EXPECT_EQ(ask(*agent, "follow-up k 1000 0 {\"a\":\"" + std::string(16'400, 'x') + "\"}").reply(),
              status(PARLEY_LIMIT));
    EXPECT_EQ(ask(*agent, "follow-up k 1000 4").reply(), status(PARLEY_INVALID)) << "an unknown flag";
    for (const char* payload : {"[1]", "1", "{", "x"})
        EXPECT_EQ(ask(*agent, std::string("follow-up k 1000 0 ") + payload).reply(), status(PARLEY_INVALID))
            << payload;
    std::string deep = "1";
    for (int i = 0; i < 33; ++i) deep = "{\"a\":" + deep + "}";
    EXPECT_EQ(ask(*agent, "follow-up k 1000 0 " + deep).reply(), status(PARLEY_INVALID));
    EXPECT_EQ(ask(*agent, "follow-up k 7776000000 0").reply(), status(PARLEY_OK));
}

TEST_P(HostFollowup, is_refused_when_as_many_wait_in_the_conversation) {
    const auto agent = make("probe");
    TurnEvent full = event("follow-up more 1000 0");
    for (int i = 0; i < 32; ++i) full.state.followups.push_back("k" + std::to_string(i));
    TurnEvent replacing = event("follow-up k7 1000 0");
    replacing.state = full.state;
    const Asked refused(std::move(full));
    agent->deliver(refused.turn());
    EXPECT_EQ(refused.reply(), status(PARLEY_LIMIT));
    EXPECT_TRUE(refused.wait().followups.empty());
    const Asked replaced(std::move(replacing));
    agent->deliver(replaced.turn());
    EXPECT_EQ(replaced.reply(), status(PARLEY_OK));
}

TEST_P(HostFollowup, reaches_the_agent_as_an_event_of_its_kind) {
    const auto agent = make("probe");
    TurnEvent due = event("nudge");
    due.message.kind = EventKind::followup;
    due.message.type = "followup";
    due.canonical_json = R"({"event":"followup"})";
    const Asked asked(std::move(due));
    agent->deliver(asked.turn());
    EXPECT_EQ(asked.reply(), text_reply("2 nudge {\\\"event\\\":\\\"followup\\\"}"));
}

INSTANTIATE_TEST_SUITE_P(Agents, HostFollowup, both_ways, way_name);

}  // namespace
}  // namespace parley
