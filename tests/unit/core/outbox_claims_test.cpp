#include "movers_fixture.hpp"

namespace parley {
namespace {

using Texts = std::vector<std::string>;

class Claiming : public fakes::Movers {
  protected:
    OutboundMessage durable(const std::string& user, const std::string& text) {
        NewOutbound fresh;
        fresh.channel = PhoneNumberId("111");
        fresh.to.wa_id = user;
        fresh.payload_json = text;
        fresh.callback = "p1." + text;
        OutboundMessage made;
        store.add_outbound(fresh, clock.wall(), [&made](Result<OutboundMessage> done) { made = *done; });
        return made;
    }
    OutboundMessage send(const std::string& user, const std::string& text) {
        OutboundMessage message = durable(user, text);
        pump.enqueue({message});
        return message;
    }
    OutboundMessage hold(const std::string& user, const std::string& text) {
        OutboundMessage message = send(user, text);
        sender.answer(Unknown{"connection cut"});
        EXPECT_EQ(state_of(message.id), OutboundState::held);
        return message;
    }
    void stay_held_after(Millis wait) {
        Deployment deployment = current();
        deployment.unknown_sends = {wait, UnknownSends::Then::hold};
        use(std::move(deployment));
    }
    void decide(const OutboundMessage& message, bool again) {
        store.decide_outbound({message.id, again, clock.wall(), "ops"}, [&](Result<OutboundMessage> done) {
            ASSERT_TRUE(done) << done.error().message();
            pump.release(*done, again ? HandDecision::send : HandDecision::cancelled);
        });
    }
    void status(const OutboundMessage& message) {
        pump.settled({message.id, message.conversation, OutboundState::delivered, true, {}});
    }
};

TEST_F(Claiming, keeps_a_held_message_back_until_it_is_decided) {
    const OutboundMessage message = hold("91", "a");
    ASSERT_TRUE(pump.claim(message.id));
    advance(Millis{3'600'000});
    EXPECT_EQ(sender.open(), 0U) << "its wait is over, but somebody decides about it";
    decide(message, true);
    EXPECT_EQ(sender.bodies(), (Texts{"a", "a"}));
    EXPECT_EQ(sender.front().tries, 2U);
}

TEST_F(Claiming, is_refused_while_a_message_is_called_or_claimed) {
    const OutboundMessage other = hold("92", "b");
    EXPECT_TRUE(pump.claim(other.id));
    EXPECT_FALSE(pump.claim(other.id)) << "by somebody else";
    const OutboundMessage message = send("91", "a");
    EXPECT_FALSE(pump.claim(message.id)) << "it is being called";
    store.hold_completions();
    sender.answer();
    EXPECT_FALSE(pump.claim(message.id)) << "its outcome is being written";
    store.run();
}

TEST_F(Claiming, that_decides_nothing_leaves_the_wait_as_it_was) {
    const OutboundMessage message = hold("91", "a");
    advance(Millis{30'000});
    ASSERT_TRUE(pump.claim(message.id));
    pump.release(message, HandDecision::nothing);
    advance(Millis{29'999});
    EXPECT_EQ(sender.open(), 0U);
    advance(Millis{1});
    EXPECT_EQ(sender.bodies(), (Texts{"a", "a"}));
}

TEST_F(Claiming, of_a_message_in_the_middle_stops_its_lane_there) {
    send("91", "a");
    const OutboundMessage second = send("91", "b");
    send("91", "c");
    ASSERT_TRUE(pump.claim(second.id));
    sender.answer();
    EXPECT_EQ(sender.open(), 0U);
    decide(second, false);
    EXPECT_EQ(sender.bodies(), (Texts{"a", "c"}));
    sender.answer();
    EXPECT_EQ(pump.size(), 0U);
}

TEST_F(Claiming, before_a_message_has_come_to_its_lane_counts_too) {
    const OutboundMessage message = durable("91", "a");
    ASSERT_TRUE(pump.claim(message.id));
    pump.enqueue({message});
    send("91", "b");
    EXPECT_EQ(sender.open(), 0U);
    decide(message, false);
    EXPECT_EQ(sender.bodies(), (Texts{"b"}));
}

TEST_F(Claiming, of_a_message_that_waits_for_its_turn_with_graph_takes_it_out_of_the_line) {
    Deployment deployment = current();
    deployment.pace.number_per_second = 1;
    use(std::move(deployment));
    send("91", "a");
    const OutboundMessage second = send("92", "b");
    send("93", "c");
    ASSERT_TRUE(pump.claim(second.id));
    decide(second, false);
    advance(Millis{1'000});
    EXPECT_EQ(sender.bodies(), (Texts{"a", "c"}));
}

TEST_F(Claiming, of_one_that_stayed_held_sends_it_behind_what_waits_now) {
    stay_held_after(Millis{100});
    const OutboundMessage message = hold("91", "a");
    advance(Millis{100});
    EXPECT_EQ(pump.size(), 0U);
    send("91", "b");
    ASSERT_TRUE(pump.claim(message.id));
    decide(message, true);
    EXPECT_EQ(sender.bodies(), (Texts{"a", "b"}));
    sender.answer();
    EXPECT_EQ(sender.bodies(), (Texts{"a", "b", "a"}));
    sender.answer();
    EXPECT_EQ(state_of(message.id), OutboundState::sent);
}

TEST_F(Claiming, believes_a_status_that_comes_meanwhile) {
    const OutboundMessage message = hold("91", "a");
    send("91", "b");
    ASSERT_TRUE(pump.claim(message.id));
    status(message);
    EXPECT_EQ(sender.open(), 0U);
    pump.release(message, HandDecision::nothing);  // the store said: it is delivered
    EXPECT_EQ(sender.bodies(), (Texts{"a", "b"}));
}

TEST_F(Claiming, gives_a_message_of_long_ago_the_time_of_a_new_one) {
    stay_held_after(Millis{100});
    const OutboundMessage message = hold("91", "a");
    advance(Millis{100});
    advance(Millis{48 * 3'600'000});
    ASSERT_TRUE(pump.claim(message.id));
    decide(message, true);
    ASSERT_EQ(sender.open(), 1U);
    sender.answer(RetryLater{Millis{1'000}, Scope::message, 0, "connection refused"});
    EXPECT_EQ(state_of(message.id), OutboundState::queued);
}

TEST_F(Claiming, tells_who_waits_for_a_message_that_it_was_cancelled) {
    const OutboundMessage message = durable("91", "a");
    std::optional<SendEnding> told;
    pump.enqueue_watched(message, [&](const SendEnding& ending) { told = ending; });
    sender.answer(Unknown{"connection cut"});
    ASSERT_TRUE(pump.claim(message.id));
    decide(message, false);
    ASSERT_TRUE(told);
    EXPECT_EQ(told->state, OutboundState::cancelled);
}

}  // namespace
}  // namespace parley
