#include "core/followups.hpp"

#include "movers_fixture.hpp"

namespace parley {
namespace {

// Follow-ups on the fake store, with the real dispatcher behind an intake that is live from the beginning.
class FollowingUp : public fakes::Movers {
  protected:
    struct Sink final : InboundSink {
        explicit Sink(Dispatcher& d) : dispatcher(d) {}
        void arrived(std::vector<QueuedMessage> messages) override { dispatcher.submit(std::move(messages)); }
        void settled(const Applied&) override {}
        bool watch(ItemSeq, TurnWatcher) override { return false; }
        Dispatcher& dispatcher;
    };

    FollowingUp() { dispatcher_.set_agent(DeploymentId("shop"), agent, 1); }

    QueuedMessage read(OpenMessage open) {
        QueuedMessage queued;
        queued.seq = open.seq;
        queued.conversation = open.conversation;
        queued.deployment = accounts.by_channel(open.channel);
        queued.message.kind = EventKind::followup;
        queued.message.type = "followup";
        const auto at = open.raw_json.find("\"key\":\"") + 7;
        queued.message.text = open.raw_json.substr(at, open.raw_json.find('"', at) - at);
        queued.message.from.wa_id = "91";
        queued.message.is_note = true;
        queued.state = std::move(open.state);
        queued.received_at = open.received_at;
        return queued;
    }
    static FollowupOrder order(const std::string& key, WallTime due) {
        FollowupOrder one;
        one.key = key;
        one.due = due;
        return one;
    }
    // The agent's newest turn asks for a follow-up and ends.
    void schedule(const std::string& key, Millis delay, bool unless_written = false) {
        const TurnPtr turn = agent->turns().back();
        FollowupOrder one = order(key, clock.wall() + delay);
        one.unless_written = unless_written;
        ASSERT_EQ(turn->follow_up(std::move(one)), Staged::ok);
        turn->finish(true, "");
    }
    void write(const std::string& id) { submit_here(stored("91", id)); }
    void submit_here(QueuedMessage message) {
        std::vector<QueuedMessage> messages;
        messages.push_back(std::move(message));
        dispatcher_.submit(std::move(messages));
    }
    MonoTime pass(Millis by) {
        clock.advance(by);
        return followups.step(clock.mono());
    }
    std::string newest() const { return agent->turns().back()->event().message.text; }

    Dispatcher dispatcher_{{max_turns},
                           {store, pump, sender, clock, random, metrics, wakeup,
                            [](const std::string& native) -> Result<std::vector<PreparedMessage>> {
                                return std::vector<PreparedMessage>{{native, {}}};
                            },
                            [this](WallTime due) { followups.committed(due); }}};
    Sink sink{dispatcher_};
    Followups followups{
        {store, sink, accounts, clock, wakeup,
         [this](OpenMessage open) -> Result<QueuedMessage> { return read(std::move(open)); }}};
};

TEST_F(FollowingUp, sleeps_while_nothing_waits) {
    followups.step(clock.mono());
    wakeup.forget();
    EXPECT_EQ(followups.step(clock.mono()), MonoTime::max());
    EXPECT_EQ(wakeup.earliest(), MonoTime::max());
}

TEST_F(FollowingUp, gives_the_agent_a_turn_when_the_time_has_come) {
    followups.step(clock.mono());
    write("m1");
    wakeup.forget();
    schedule("nudge", Millis{5'000});
    EXPECT_EQ(wakeup.earliest(), clock.mono() + Millis{5'000});
    pass(Millis{4'999});
    EXPECT_EQ(agent->turns().size(), 1u);
    pass(Millis{1});
    ASSERT_EQ(agent->turns().size(), 2u);
    const TurnEvent& event = agent->turns().back()->event();
    EXPECT_EQ(event.message.kind, EventKind::followup);
    EXPECT_EQ(event.message.text, "nudge");
    EXPECT_EQ(event.deadline, clock.mono() + Millis{20'000});
    agent->answer("Still there?");
    pump.step(clock.mono());
    EXPECT_EQ(sender.bodies().size(), 1u);
    EXPECT_TRUE(sender.presence().empty()) << "there is no message to show as read";
    pass(std::chrono::hours(1));
    EXPECT_EQ(agent->turns().size(), 2u) << "once";
}

TEST_F(FollowingUp, looks_again_when_the_clock_may_have_been_set) {
    followups.step(clock.mono());
    write("m1");
    schedule("nudge", std::chrono::hours(10));
    EXPECT_EQ(followups.step(clock.mono()), clock.mono() + std::chrono::seconds(30));
}

TEST_F(FollowingUp, waits_behind_the_message_whose_turn_is_open) {
    followups.step(clock.mono());
    write("m1");
    schedule("nudge", Millis{5'000});
    write("m2");
    pass(Millis{5'000});
    EXPECT_EQ(newest(), "hello");
    agent->answer("hi");
    EXPECT_EQ(newest(), "nudge");
}

TEST_F(FollowingUp, of_a_failed_turn_is_not_kept_and_its_own_failure_tells_nobody) {
    followups.step(clock.mono());
    write("m1");
    agent->turns().back()->follow_up(order("nudge", clock.wall() + Millis{1'000}));
    agent->turns().back()->finish(false, "broken");
    EXPECT_TRUE(store.tables().followups.empty());
    write("m2");
    schedule("nudge", Millis{1'000});
    const std::size_t sent = store.tables().outbound.size();
    pass(Millis{1'000});
    ASSERT_EQ(newest(), "nudge");
    agent->turns().back()->finish(false, "broken again");
    EXPECT_EQ(store.tables().outbound.size(), sent) << "no fallback";
    EXPECT_EQ(store.tables().letters.size(), 2u);
}

TEST_F(FollowingUp, that_waits_for_silence_is_not_kept_when_the_next_message_waits_already) {
    followups.step(clock.mono());
    write("m1");
    write("m2");
    const TurnPtr first = agent->turns().front();
    FollowupOrder one = order("nudge", clock.wall() + Millis{1'000});
    one.unless_written = true;
    first->follow_up(std::move(one));
    first->follow_up(order("report", clock.wall() + Millis{1'000}));
    first->finish(true, "");
    EXPECT_EQ(store.tables().followups.size(), 1u);
}

TEST_F(FollowingUp, are_32_in_a_conversation_at_most_counted_over_its_turns) {
    followups.step(clock.mono());
    write("m1");
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(agent->turns().back()->follow_up(order("a" + std::to_string(i), clock.wall())), Staged::ok);
    agent->answer("1");
    write("m2");
    TurnPtr turn = agent->turns().back();
    EXPECT_EQ(turn->event().state.followups.size(), 20u);
    for (int i = 0; i < 12; ++i)
        EXPECT_EQ(turn->follow_up(order("b" + std::to_string(i), clock.wall())), Staged::ok);
    EXPECT_EQ(turn->follow_up(order("one more", clock.wall())), Staged::limit);
    EXPECT_EQ(turn->follow_up(order("a0", clock.wall())), Staged::ok) << "it replaces";
    FollowupOrder cancel;
    cancel.key = "a1";
    cancel.is_cancelled = true;
    EXPECT_EQ(turn->follow_up(cancel), Staged::ok);
    EXPECT_EQ(turn->follow_up(order("one more", clock.wall())), Staged::ok);
    turn->finish(true, "");
    EXPECT_EQ(store.tables().followups.size(), 32u);
}

TEST_F(FollowingUp, of_a_number_that_is_not_served_come_when_it_is_again) {
    followups.step(clock.mono());
    write("m1");
    schedule("nudge", Millis{5'000});
    const Deployment served = current();
    accounts.replace({});
    pass(Millis{5'000});
    EXPECT_EQ(agent->turns().size(), 1u);
    use(served);
    followups.accounts_changed();
    followups.step(clock.mono());
    EXPECT_EQ(agent->turns().size(), 2u);
}

TEST_F(FollowingUp, wait_for_a_disk_that_refuses_and_come_then) {
    followups.step(clock.mono());
    write("m1");
    schedule("nudge", Millis{5'000});
    store.set_writable(false);
    pass(Millis{5'000});
    EXPECT_EQ(followups.step(clock.mono()), clock.mono() + Millis{1'000}) << "not at once";
    store.set_writable(true);
    pass(Millis{1'000});
    EXPECT_EQ(newest(), "nudge");
}

TEST_F(FollowingUp, scheduled_while_the_store_is_asked_is_not_forgotten) {
    store.hold_completions();
    followups.step(clock.mono());
    EXPECT_TRUE(followups.is_asking());
    followups.committed(clock.wall() + Millis{2'000});
    store.run();
    EXPECT_EQ(followups.next(), clock.wall() + Millis{2'000});
}

}  // namespace
}  // namespace parley
