// Follow-ups: what the SDK makes of them, and the fake host's time.
#include <string>

#include <gmock/gmock.h>

#include <parley/ext/followup.h>
#include <parley/sdk.hpp>
#include <parley/testing/agent_test.hpp>
#include <parley/testing/sdk_agent.hpp>

namespace {

using namespace std::chrono_literals;
using parley::testing::FakeHost;
using parley::testing::plugin_of;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Schedules what the message says, and tells what came due.
struct Reminder : parley::Agent<Reminder> {
    parley::Task on_message(parley::Turn turn) {
        if (turn.text == "remind")
            turn.follow_up("nudge", parley::after(2h).payload(R"({"a":[1,"}"],"b":"x"})"));
        if (turn.text == "gently") turn.follow_up("nudge", parley::after(2h).unless_written().in_window());
        if (turn.text == "late") turn.follow_up("nudge", parley::after(30h).in_window());
        if (turn.text == "at") turn.follow_up("nudge", parley::at_unix_ms(turn.now_unix_ms() + 60'000));
        if (turn.text == "stop") turn.cancel_follow_up("nudge");
        if (turn.text == "too late") turn.follow_up("nudge", parley::after(std::chrono::hours(24 * 91)));
        if (turn.text == "fail") {
            turn.follow_up("nudge", parley::after(2h));
            throw std::runtime_error("no");
        }
        if (turn.text == "wait") {
            turn.follow_up("nudge", parley::after(1s).unless_written());
            co_await turn.sleep(3s);
        }
        if (turn.text == "many")
            for (int i = 0; i < 33; ++i) turn.follow_up("k" + std::to_string(i), parley::after(1h));
        co_return;
    }

    parley::Task on_followup(parley::Turn turn, parley::Followup followup) {
        turn.reply(turn.sender + ' ' + followup.key + ' ' + followup.payload_json + ' ' +
                   followup.scheduled_at);
        if (followup.key == "nudge" && followup.payload_json == R"({"more":true})")
            turn.follow_up("nudge", parley::after(1s).payload(followup.payload_json));
        co_return;
    }
};

// Takes the turn alone.
struct Plain : parley::Agent<Plain> {
    parley::Task on_message(parley::Turn turn) {
        turn.follow_up("a \"b\"", parley::after(1min));
        co_return;
    }
    parley::Task on_followup(parley::Turn turn) {
        turn.reply(turn.text + '|' + turn.followup().key + '|' + turn.type);
        co_return;
    }
};

// Has no handler for them.
struct Deaf : parley::Agent<Deaf> {
    parley::Task on_message(parley::Turn turn) {
        if (turn.can_follow_up()) turn.follow_up("nudge", parley::after(1min));
        co_return;
    }
};

class SdkFollowup : public testing::Test {
  protected:
    SdkFollowup() { EXPECT_TRUE(host.start().ok()); }
    std::vector<std::string> said() const {
        std::vector<std::string> all;
        for (const auto* turn : host.followup_turns()) all.push_back(turn->text());
        return all;
    }

    FakeHost host{plugin_of<Reminder>};
};

TEST_F(SdkFollowup, comes_when_its_time_has_come_with_what_was_given) {
    host.send({.text = "remind"});
    ASSERT_THAT(host.waiting_followups(), SizeIs(1));
    host.advance(2h - 1ms);
    EXPECT_THAT(said(), IsEmpty());
    host.advance(1ms);
    EXPECT_THAT(said(), ElementsAre(R"(919800000001 nudge {"a":[1,"}"],"b":"x"} 2026-09-21T14:13:20Z)"));
    host.advance(24h);
    EXPECT_THAT(said(), SizeIs(1));
    EXPECT_THAT(host.misbehaviours(), IsEmpty());
}

TEST_F(SdkFollowup, at_a_time_of_the_wall_clock) {
    host.send({.text = "at"});
    host.advance(59s);
    EXPECT_THAT(said(), IsEmpty());
    host.advance(1s);
    EXPECT_THAT(said(), SizeIs(1));
}

TEST_F(SdkFollowup, is_dropped_when_the_person_writes_before) {
    host.send({.text = "gently"});
    host.send({.text = "something else", .sender = "919800000002"});
    EXPECT_THAT(host.waiting_followups(), SizeIs(1));
    host.send({.text = "I am back"});
    EXPECT_THAT(host.waiting_followups(), IsEmpty());
}

TEST_F(SdkFollowup, for_silence_is_not_kept_when_the_person_wrote_while_its_turn_ran) {
    host.send({.text = "wait"});
    host.send({.text = "hello?"});
    host.advance(1min);
    EXPECT_THAT(said(), IsEmpty());
}

TEST_F(SdkFollowup, for_the_window_is_dropped_when_that_is_closed) {
    host.send({.text = "late"});
    host.advance(31h);
    EXPECT_THAT(said(), IsEmpty());
    EXPECT_THAT(host.waiting_followups(), IsEmpty());
    host.send({.text = "gently"});
    host.advance(2h);
    EXPECT_THAT(said(), SizeIs(1));
}

TEST_F(SdkFollowup, is_cancelled_and_replaced_by_its_key) {
    host.send({.text = "remind"});
    host.send({.text = "late"});
    EXPECT_THAT(host.waiting_followups(), SizeIs(1));
    host.send({.text = "stop"});
    EXPECT_THAT(host.waiting_followups(), IsEmpty());
}

TEST_F(SdkFollowup, of_a_failed_turn_is_not_kept) {
    const auto& turn = host.send({.text = "fail"});
    EXPECT_FALSE(turn.committed());
    EXPECT_THAT(turn.followups, IsEmpty());
    EXPECT_THAT(host.waiting_followups(), IsEmpty());
}

TEST_F(SdkFollowup, is_refused_beyond_its_bounds) {
    EXPECT_EQ(host.send({.text = "too late"}).error, "follow_up: refused by the host (limit)");
    EXPECT_EQ(host.send({.text = "many"}).error, "follow_up: refused by the host (limit)");
}

TEST_F(SdkFollowup, waits_for_the_open_turn_of_its_conversation) {
    host.send({.text = "at"});
    host.advance(59s);
    const auto& open = host.send({.text = "wait"});
    host.advance(2s);
    EXPECT_TRUE(open.open());
    EXPECT_THAT(said(), IsEmpty());
    host.advance(2s);
    EXPECT_THAT(said(), SizeIs(1)) << "the one of `wait` took the key, and its second is over";
}

TEST(SdkFollowupHandlers, may_take_the_turn_alone_or_be_left_out) {
    FakeHost plain(plugin_of<Plain>);
    ASSERT_TRUE(plain.start().ok());
    plain.send({.text = "x"});
    plain.advance(1min);
    ASSERT_THAT(plain.followup_turns(), SizeIs(1));
    EXPECT_EQ(plain.followup_turns()[0]->text(), R"(a "b"|a "b"|followup)");
    FakeHost deaf(plugin_of<Deaf>);
    ASSERT_TRUE(deaf.start().ok());
    deaf.send({.text = "x"});
    deaf.advance(1min);
    ASSERT_THAT(deaf.followup_turns(), SizeIs(1));
    EXPECT_TRUE(deaf.followup_turns()[0]->committed());
}

TEST(SdkFollowupHandlers, are_refused_where_the_host_has_none) {
    FakeHost host(plugin_of<Reminder>, {.withheld = {PARLEY_EXT_FOLLOWUP}});
    ASSERT_TRUE(host.start().ok());
    EXPECT_EQ(host.send({.text = "remind"}).error, "follow_up: refused by the host (unsupported)");
    EXPECT_EQ(host.send({.text = "stop"}).error, "cancel_follow_up: refused by the host (unsupported)");
    FakeHost deaf(plugin_of<Deaf>, {.withheld = {PARLEY_EXT_FOLLOWUP}});
    ASSERT_TRUE(deaf.start().ok());
    EXPECT_TRUE(deaf.send({.text = "x"}).committed());
}

TEST(SdkFollowupHandlers, are_given_by_hand_where_time_brings_none) {
    FakeHost host(plugin_of<Reminder>, {.fires_followups = false});
    ASSERT_TRUE(host.start().ok());
    host.send({.text = "remind"});
    host.advance(24h);
    EXPECT_THAT(host.followup_turns(), IsEmpty());
    EXPECT_THAT(host.waiting_followups(), SizeIs(1));
    const auto& turn =
        host.send({.text = "nudge",
                   .type = "followup",
                   .message_json = R"({"followup":{"key":"nudge","payload":{},"scheduled_at":"then"}})",
                   .kind = PARLEY_EVENT_FOLLOWUP});
    EXPECT_EQ(turn.text(), "919800000001 nudge {} then");
    EXPECT_THAT(host.waiting_followups(), IsEmpty());
}

TEST(SdkFollowupText, is_read_out_of_any_canonical_message) {
    const parley::Followup none =
        parley::read_followup(R"({"message":{"followup":{"key":"inside"}},"a":"followup"})");
    EXPECT_EQ(none.key, "");
    EXPECT_EQ(none.payload_json, "{}");
    EXPECT_EQ(parley::read_followup("").key, "");
    EXPECT_EQ(parley::read_followup("nonsense \"").key, "");
    const parley::Followup one = parley::read_followup(
        R"({"x":[{"followup":1}],"followup" : {"payload" : {"key":"inner"} , "key" : "k"}})");
    EXPECT_EQ(one.key, "k");
    EXPECT_EQ(one.payload_json, R"({"key":"inner"})");
}

}  // namespace
