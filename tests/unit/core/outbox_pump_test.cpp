#include "movers_fixture.hpp"

namespace parley {
namespace {

using fakes::Movers;

class Pumping : public Movers {
  protected:
    // A durable message to `user`, as a committed turn leaves it.
    OutboundMessage queued(const std::string& user, const std::string& text) {
        NewOutbound fresh;
        fresh.channel = PhoneNumberId("111");
        fresh.to.wa_id = user;
        fresh.payload_json = text;
        fresh.callback = "p1." + make_ulid(clock.wall(), random);
        OutboundMessage made;
        store.add_outbound(fresh, clock.wall(), [&made](Result<OutboundMessage> done) { made = *done; });
        return made;
    }
    OutboundId send(const std::string& user, const std::string& text) {
        const OutboundMessage message = queued(user, text);
        pump.enqueue({message});
        return message.id;
    }
    void status(OutboundId id, OutboundState state) {
        pump.settled({id, store.tables().outbound.at(id).message.conversation, state, true, {}});
    }
    void use_token(const std::string& token) {
        Deployment deployment = current();
        deployment.access_token = Secret(token);
        use(std::move(deployment));
        pump.accounts_changed();
    }
    void change_unknown_sends(Millis wait, UnknownSends::Then then) {
        Deployment deployment = current();
        deployment.unknown_sends = {wait, then};
        use(std::move(deployment));
    }
};

TEST_F(Pumping, calls_the_next_message_of_a_recipient_after_the_answer_to_the_one_before) {
    send("91", "a");
    send("91", "b");
    send("92", "c");
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{"a", "c"}));
    sender.answer();
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{"a", "c", "b"}));
}

TEST_F(Pumping, records_the_wamid_of_a_sent_message) {
    const OutboundId id = send("91", "a");
    sender.answer(Sent{MessageId("wamid.1")});
    EXPECT_EQ(state_of(id), OutboundState::sent);
    EXPECT_EQ(store.tables().outbound.at(id).wamid.str(), "wamid.1");
    EXPECT_EQ(pump.size(), 0U);
    EXPECT_TRUE(inflight.ids().empty());
}

TEST_F(Pumping, rests_when_graph_asks_for_it_although_the_message_was_sent) {
    const OutboundId first = send("91", "a");
    send("91", "b");
    send("92", "c");
    sender.answer(Sent{MessageId("wamid.1"), Millis{60'000}});
    EXPECT_EQ(state_of(first), OutboundState::sent);
    EXPECT_NE(pump.trouble(PhoneNumberId("111")), "");
    sender.answer(Sent{MessageId("wamid.2")});
    send("93", "d");
    advance(Millis{59'999});
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{"a", "c"}));
    advance(Millis{1});
    EXPECT_EQ(sender.bodies().size(), 4U);
}

TEST_F(Pumping, notes_a_call_until_its_outcome_is_durable) {
    const OutboundId id = send("91", "a");
    EXPECT_TRUE(inflight.ids().contains(id));
    store.hold_completions();
    sender.answer();
    EXPECT_TRUE(inflight.ids().contains(id));
    store.run();
    EXPECT_TRUE(inflight.ids().empty());
}

TEST_F(Pumping, waits_when_the_log_of_calls_is_full) {
    inflight.capacity = 1;
    send("91", "a");
    send("92", "b");
    EXPECT_EQ(sender.bodies().size(), 1U);
    sender.answer();
    advance(Millis{50});
    EXPECT_EQ(sender.bodies().size(), 2U);
}

TEST_F(Pumping, tries_again_after_the_time_that_was_asked_for) {
    const OutboundId id = send("91", "a");
    send("91", "b");
    sender.answer(RetryLater{Millis{3'000}, Scope::message, 131000, "something went wrong"});
    EXPECT_EQ(state_of(id), OutboundState::queued);
    advance(Millis{2'999});
    EXPECT_EQ(sender.open(), 0U);
    advance(Millis{1});
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{"a", "a"}));
    EXPECT_EQ(sender.front().tries, 2U);
}

TEST_F(Pumping, fails_a_message_that_graph_refuses_too_often) {
    const OutboundId id = send("91", "a");
    for (unsigned i = 0; i < OutboxOptions{}.max_refusals; ++i) {
        ASSERT_EQ(sender.open(), 1U) << "try " << i;
        sender.answer(RetryLater{Millis{1'000}, Scope::message, 131000, "something went wrong"});
        advance(Millis{1'000});
    }
    EXPECT_EQ(state_of(id), OutboundState::failed);
    EXPECT_EQ(store.tables().letters.at(0).letter.detail, "something went wrong");
}

TEST_F(Pumping, gives_up_on_an_unreachable_graph_after_a_day_only) {
    const OutboundId id = send("91", "a");
    for (int i = 0; i < 23; ++i) {
        ASSERT_EQ(sender.open(), 1U) << "hour " << i;
        sender.answer(RetryLater{Millis{3'600'000}, Scope::message, 0, "connection refused"});
        advance(Millis{3'600'000});
    }
    EXPECT_EQ(state_of(id), OutboundState::queued);
    advance(Millis{2 * 3'600'000});
    sender.answer(RetryLater{Millis{0}, Scope::message, 0, "connection refused"});
    EXPECT_EQ(state_of(id), OutboundState::expired);
}

TEST_F(Pumping, lets_a_refused_message_not_stop_the_one_behind_it) {
    send("91", "a");
    send("91", "b");
    sender.answer(Rejected{'N', 100, "invalid parameter"});
    EXPECT_EQ(sender.front().payload_json, "b");
    EXPECT_EQ(store.tables().letters.size(), 1U);
}

TEST_F(Pumping, pauses_the_whole_number_when_graph_says_so) {
    send("91", "a");
    sender.answer(RetryLater{Millis{1'000}, Scope::number, 130429, "rate limit"});
    send("92", "b");
    EXPECT_EQ(sender.open(), 0U);
    advance(Millis{1'000});
    EXPECT_EQ(sender.open(), 2U);
}

TEST_F(Pumping, keeps_messages_when_graph_refuses_the_token) {
    const OutboundId id = send("91", "a");
    sender.answer(Rejected{'T', 190, "token expired"});
    EXPECT_EQ(state_of(id), OutboundState::queued);
    advance(OutboxOptions{}.token_pause);
    EXPECT_EQ(sender.open(), 1U);
}

TEST_F(Pumping, sends_at_once_when_the_refused_token_is_replaced) {
    use_token("expired");
    send("91", "a");
    send("91", "b");
    send("92", "c");
    sender.answer(Rejected{'T', 190, "token expired"});
    sender.answer(Rejected{'T', 190, "token expired"});
    send("93", "d");
    EXPECT_EQ(sender.open(), 0U);
    use_token("expired");
    EXPECT_EQ(sender.open(), 0U) << "the same token helps nobody";
    use_token("fresh");
    EXPECT_EQ(pump.trouble(PhoneNumberId("111")), "");
    EXPECT_EQ(sender.open(), 3U);
    while (sender.open() > 0) sender.answer();
    const std::vector<std::string> sent = sender.bodies();
    EXPECT_EQ(sent.size(), 6U);
    EXPECT_LT(std::find(sent.begin() + 2, sent.end(), "a"), std::find(sent.begin() + 2, sent.end(), "b"));
}

TEST_F(Pumping, does_not_blame_a_new_token_for_a_call_with_the_old_one) {
    use_token("expired");
    const OutboundId id = send("91", "a");
    use_token("fresh");
    sender.answer(Rejected{'T', 190, "token expired"});
    EXPECT_EQ(pump.trouble(PhoneNumberId("111")), "");
    advance(Millis{1});
    sender.answer();
    EXPECT_EQ(state_of(id), OutboundState::sent);
}

TEST_F(Pumping, keeps_a_throttled_number_waiting_when_its_token_changes) {
    use_token("old");
    send("91", "a");
    sender.answer(RetryLater{Millis{60'000}, Scope::account, 80007, "too many calls"});
    use_token("new");
    EXPECT_EQ(sender.open(), 0U);
    advance(Millis{60'000});
    EXPECT_EQ(sender.open(), 1U);
}

TEST_F(Pumping, keeps_a_new_pace_at_once) {
    Deployment deployment = current();
    deployment.pace = {0.001, 0, 0};
    use(deployment);
    send("91", "a");
    send("92", "b");
    EXPECT_EQ(sender.open(), 1U);
    deployment.pace = {0, 0, 0};
    use(std::move(deployment));
    advance(Millis{1});
    EXPECT_EQ(sender.open(), 2U);
}

TEST_F(Pumping, holds_what_is_unknown_and_sends_it_again_after_the_wait) {
    change_unknown_sends(Millis{10'000}, UnknownSends::Then::resend);
    const OutboundId id = send("91", "a");
    send("91", "b");
    sender.answer(Unknown{"connection cut"});
    EXPECT_EQ(state_of(id), OutboundState::held);
    advance(Millis{9'999});
    EXPECT_EQ(sender.open(), 0U);
    advance(Millis{1});
    EXPECT_EQ(sender.front().payload_json, "a");
    sender.answer();
    EXPECT_EQ(sender.front().payload_json, "b");
}

TEST_F(Pumping, leaves_a_held_message_held_where_that_is_the_policy) {
    change_unknown_sends(Millis{10'000}, UnknownSends::Then::hold);
    const OutboundId id = send("91", "a");
    send("91", "b");
    sender.answer(Unknown{"connection cut"});
    advance(Millis{10'000});
    EXPECT_EQ(state_of(id), OutboundState::held);
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{"a", "b"}));
}

TEST_F(Pumping, sends_a_held_message_never_again_once_its_status_came) {
    const OutboundId id = send("91", "a");
    send("91", "b");
    sender.answer(Unknown{"connection cut"});
    status(id, OutboundState::delivered);
    EXPECT_EQ(sender.front().payload_json, "b");
    advance(Millis{3'600'000});
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{"a", "b"}));
}

TEST_F(Pumping, believes_a_status_that_came_before_the_broken_answer) {
    const OutboundId id = send("91", "a");
    status(id, OutboundState::sent);
    sender.answer(Unknown{"connection cut"});
    EXPECT_EQ(state_of(id), OutboundState::sent);
    EXPECT_EQ(pump.size(), 0U);
}

TEST_F(Pumping, drops_a_waiting_message_that_a_status_settled) {
    send("91", "a");
    const OutboundId second = send("91", "b");
    status(second, OutboundState::sent);
    sender.answer();
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{"a"}));
    EXPECT_EQ(pump.size(), 0U);
}

TEST_F(Pumping, holds_the_head_of_a_lane_that_a_crash_left_in_doubt) {
    const OutboundMessage first = queued("91", "a");
    const OutboundMessage second = queued("91", "b");
    pump.enqueue_in_doubt(first, {});
    pump.enqueue({second});
    EXPECT_EQ(sender.open(), 0U);
    EXPECT_EQ(state_of(first.id), OutboundState::held);
    advance(Millis{60'000});
    EXPECT_EQ(sender.front().payload_json, "a");
}

// Under `hold` a lane goes on without a held message, so the next one may be under way when the engine is killed.
TEST_F(Pumping, holds_what_was_under_way_behind_a_message_that_stays_held) {
    change_unknown_sends(Millis{10'000}, UnknownSends::Then::hold);
    const OutboundMessage first = queued("91", "a");
    const OutboundMessage second = queued("91", "b");
    const OutboundMessage third = queued("91", "c");
    pump.enqueue_in_doubt(first, clock.wall() - Millis{4'000});
    pump.enqueue_in_doubt(second, {});
    pump.enqueue({third});
    advance(Millis{5'999});
    EXPECT_NE(state_of(second.id), OutboundState::held);
    advance(Millis{1});
    EXPECT_EQ(state_of(second.id), OutboundState::held);
    EXPECT_EQ(sender.open(), 0U);
    advance(Millis{10'000});
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{"c"}));
}

TEST_F(Pumping, gives_statuses_the_whole_wait_again_before_a_message_is_sent_again_after_a_restart) {
    change_unknown_sends(Millis{10'000}, UnknownSends::Then::resend);
    const OutboundMessage first = queued("91", "a");
    pump.enqueue_in_doubt(first, clock.wall() - Millis{3'600'000});
    advance(Millis{9'999});
    EXPECT_EQ(sender.open(), 0U);
    advance(Millis{1});
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{"a"}));
}

TEST_F(Pumping, keeps_the_note_of_a_call_that_began_before_the_refusal_of_the_one_before_it_was_recorded) {
    const OutboundId id = send("91", "a");
    store.hold_completions();
    sender.answer(RetryLater{Millis{1'000}, Scope::message, 131000, "something went wrong"});
    advance(Millis{1'000});
    ASSERT_EQ(sender.open(), 1U);
    EXPECT_GT(store.run(), 0U);
    EXPECT_TRUE(inflight.ids().contains(id));
}

TEST_F(Pumping, keeps_the_pace_of_a_number) {
    Deployment deployment = current();
    deployment.pace = {10, 0, 0};
    use(std::move(deployment));
    for (int i = 0; i < 30; ++i) send("9" + std::to_string(i), "x");
    EXPECT_EQ(sender.bodies().size(), 1U);
    for (int tenth = 0; tenth < 10; ++tenth) advance(Millis{101});
    EXPECT_EQ(sender.bodies().size(), 11U);
}

TEST_F(Pumping, keeps_the_pace_of_a_pair_and_delays_nobody_else) {
    Deployment deployment = current();
    deployment.pace = {0, 1.0 / 6.0, 2};
    use(std::move(deployment));
    for (int i = 0; i < 4; ++i) send("91", std::to_string(i));
    send("92", "other");
    while (sender.open() > 0) sender.answer();
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{"0", "other", "1"}));
    advance(Millis{6'001});
    sender.answer();
    EXPECT_EQ(sender.bodies().back(), "2");
    advance(Millis{6'001});
    EXPECT_EQ(sender.bodies().back(), "3");
}

TEST_F(Pumping, calls_nobody_while_the_store_refuses_writes) {
    const OutboundMessage message = queued("91", "a");
    store.set_writable(false);
    pump.enqueue({message});
    EXPECT_EQ(sender.open(), 0U);
    store.set_writable(true);
    advance(Millis{200});
    EXPECT_EQ(sender.open(), 1U);
}

TEST_F(Pumping, tells_why_nothing_leaves_a_number_until_something_does) {
    const PhoneNumberId number("111");
    send("91", "a");
    send("92", "b");
    EXPECT_EQ(pump.trouble(number), "");
    sender.answer(Rejected{'T', 190, "the access token has expired"});
    EXPECT_EQ(pump.trouble(number), "the access token has expired");
    EXPECT_EQ(pump.trouble(PhoneNumberId("222")), "");
    sender.answer(RetryLater{Millis{1'000}, Scope::recipient, 131056, "pair limit"});
    EXPECT_EQ(pump.trouble(number), "the access token has expired");
    advance(Millis{60'000});
    sender.answer();
    EXPECT_EQ(pump.trouble(number), "");
}

class PumpingOutsideTheWindow : public Pumping {
  protected:
    static constexpr const char* invitation =
        R"({"type":"template","template":{"name":"hello_again","language":{"code":"hi"}}})";

    void SetUp() override {
        Deployment deployment = current();
        deployment.outside_window = {"hello_again", "hi"};
        use(std::move(deployment));
    }
    Applied late_failure(OutboundId id, const std::string& to) {
        return {id,
                store.tables().outbound.at(id).message.conversation,
                OutboundState::failed,
                true,
                {},
                true,
                PhoneNumberId("111"),
                {to, {}}};
    }
    static Rejected too_late() { return {'W', 131047, "more than 24 hours"}; }
};

TEST_F(PumpingOutsideTheWindow, sends_the_template_once_for_all_that_came_too_late) {
    const OutboundId first = send("91", "a");
    send("91", "b");
    sender.answer(too_late());
    EXPECT_EQ(state_of(first), OutboundState::failed);
    sender.answer(too_late());
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{"a", "b", invitation}));
    EXPECT_EQ(sender.front().to.wa_id, "91");
    sender.answer();
    EXPECT_EQ(pump.size(), 0U);
}

TEST_F(PumpingOutsideTheWindow, sends_it_when_graph_tells_by_a_status) {
    const OutboundId id = send("91", "a");
    sender.answer();
    pump.settled(late_failure(id, "91"));
    pump.settled(late_failure(id, "91"));
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{"a", invitation}));
}

TEST_F(PumpingOutsideTheWindow, sends_it_again_after_a_day) {
    send("91", "a");
    sender.answer(too_late());
    sender.answer();
    advance(Millis{23 * 3600'000});
    send("91", "b");
    sender.answer(too_late());
    EXPECT_EQ(sender.open(), 0U);
    advance(Millis{2 * 3600'000});
    send("91", "c");
    sender.answer(too_late());
    EXPECT_EQ(sender.bodies().back(), invitation);
}

TEST_F(PumpingOutsideTheWindow, sends_none_without_one) {
    Deployment deployment = current();
    deployment.outside_window = {};
    use(std::move(deployment));
    send("91", "a");
    sender.answer(too_late());
    EXPECT_EQ(sender.open(), 0U);
    EXPECT_EQ(pump.size(), 0U);
}

TEST_F(Pumping, asks_to_be_woken_for_what_is_due) {
    send("91", "a");
    sender.answer(RetryLater{Millis{3'000}, Scope::message, 131000, "something went wrong"});
    EXPECT_LE(wakeup.earliest(), clock.mono() + Millis{3'000});
    EXPECT_EQ(pump.step(clock.mono()), clock.mono() + Millis{3'000});
}

class PumpingByTheWindow : public PumpingOutsideTheWindow {
  protected:
    static constexpr Millis day{24 * 3600'000};
    // The user writes; only the store is told.
    void user_writes(const std::string& user, const std::string& id) { stored(user, id); }
    const fakes::FakeOutbound& row(OutboundId id) const { return store.tables().outbound.at(id); }
};

TEST_F(PumpingByTheWindow, does_not_call_for_a_free_form_message_after_24_hours) {
    user_writes("91", "m1");
    advance(day + Millis{3600'000});
    const OutboundId id = send("91", "a");
    EXPECT_EQ(state_of(id), OutboundState::expired);
    EXPECT_EQ(row(id).error_code, 131047);
    EXPECT_EQ(row(id).error_text,
              "the user wrote last 25 hours ago; after 24 hours WhatsApp takes only templates");
    ASSERT_EQ(store.tables().letters.size(), 1U);
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{invitation}));
    sender.answer();
    EXPECT_EQ(pump.size(), 0U);
}

TEST_F(PumpingByTheWindow, sends_a_template_at_any_time) {
    user_writes("91", "m1");
    advance(3 * day);
    send("91", invitation);
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{invitation}));
}

TEST_F(PumpingByTheWindow, lets_graph_judge_when_nobody_knows_when_the_user_last_wrote) {
    send("91", "a");
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{"a"}));
}

TEST_F(PumpingByTheWindow, sends_when_the_user_has_written_again) {
    user_writes("91", "m1");
    advance(2 * day);
    user_writes("91", "m2");
    advance(day - Millis{6'000});
    send("91", "a");
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{"a"}));
    advance(Millis{2'000});
    send("91", "b");
    sender.answer();
    EXPECT_EQ(sender.bodies().back(), invitation);
}

TEST_F(PumpingByTheWindow, does_not_send_what_waited_until_the_window_closed) {
    user_writes("91", "m1");
    const OutboundId id = send("91", "a");
    sender.answer(RetryLater{day - Millis{1'000}, Scope::account, 190, "the access token has expired"});
    advance(day);
    EXPECT_EQ(state_of(id), OutboundState::expired);
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{"a", invitation}));
}

TEST_F(PumpingByTheWindow, sends_at_once_what_answers_a_message_of_today) {
    OutboundMessage answer = queued("91", "a");
    answer.window_from = clock.wall();
    store.hold_completions();
    pump.enqueue({answer});
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{"a"}));
}

TEST_F(PumpingByTheWindow, forgets_the_question_when_a_status_settles_the_message) {
    user_writes("91", "m1");
    advance(2 * day);
    const OutboundMessage doubtful = queued("91", "a");
    store.hold_completions();
    pump.enqueue({doubtful});
    status(doubtful.id, OutboundState::delivered);
    EXPECT_EQ(pump.size(), 0U);
    store.run();
    EXPECT_TRUE(sender.bodies().empty());
    EXPECT_TRUE(store.tables().letters.empty());
}

TEST_F(PumpingByTheWindow, asks_again_when_the_store_could_not_answer) {
    user_writes("91", "m1");
    const OutboundMessage message = queued("91", "a");
    store.hold_completions();
    pump.enqueue({message});
    EXPECT_TRUE(sender.bodies().empty());
    store.set_writable(false);
    store.set_writable(true);
    store.run();
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{"a"}));
}

}  // namespace
}  // namespace parley
