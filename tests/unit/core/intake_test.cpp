#include "core/intake.hpp"

#include <future>

#include "movers_fixture.hpp"

namespace parley {
namespace {

using fakes::FakeMessageStore;

// A store whose reads fail while it is told so.
class UnreadableStore final : public FakeMessageStore {
  public:
    std::atomic<bool> broken{false};

    Result<std::vector<OpenMessage>> open_messages(ItemSeq after, std::size_t limit) override {
        if (broken) return Error{Errc::unavailable, "the disk does not answer"};
        return FakeMessageStore::open_messages(after, limit);
    }
};

class TakingIn : public fakes::Movers {
  protected:
    void SetUp() override { begin_live({.window = 2, .page = 2}); }

    Intake& intake() { return *intake_; }
    // Of an empty store.
    void begin_live(IntakeOptions with) {
        options = with;
        recover({});
        catch_up();
        wakeup.forget();
    }
    // As an engine begins, with what an earlier one left in the store.
    void recover(InflightDoubts doubts) {
        intake_.emplace(
            options, std::move(doubts), dispatcher, pump, store,
            [this](OpenMessage open) { return read(open); }, workers, wakeup);
    }

    Result<QueuedMessage> read(const OpenMessage& open) {
        if (open.seq == unreadable) return Error{Errc::corrupt, "not a message"};
        QueuedMessage message;
        message.seq = open.seq;
        message.conversation = open.conversation;
        message.deployment = accounts.by_channel(open.channel);
        message.message.id = MessageId("read back");
        message.state = open.state;
        message.attempt = open.attempt;
        return message;
    }

    // What the door does when a message is durable.
    void hand_over(QueuedMessage message) {
        std::vector<QueuedMessage> messages;
        messages.push_back(std::move(message));
        intake().arrived(std::move(messages));
    }
    // `count` messages of as many people, durable and handed over; the first has this number.
    void receive(int count) {
        for (int i = 0; i < count; ++i) {
            const std::string n = std::to_string(++people_);
            hand_over(stored("91" + n, "m" + n));
        }
    }
    // One step, and what it gave to the worker.
    MonoTime step_and_read() {
        const MonoTime next = intake().step(clock.mono());
        std::promise<void> done;
        workers.post([&] { done.set_value(); });
        done.get_future().wait();
        return next;
    }
    void finish_turns() {
        const auto turns = agent->turns();
        for (; finished_ < turns.size(); ++finished_) turns[finished_]->finish(true, "");
    }
    // Steps and finishes turns until everything has been taken in.
    void catch_up() {
        for (int i = 0; i < 100 && !intake().is_live(); ++i) {
            step_and_read();
            finish_turns();
        }
        EXPECT_TRUE(intake().is_live());
    }
    std::vector<std::int64_t> given() const {
        std::vector<std::int64_t> seqs;
        for (const TurnPtr& turn : agent->turns()) seqs.push_back(to_int(turn->event().seq));
        return seqs;
    }
    NewOutbound outbound(const std::string& to, const std::string& callback) const {
        NewOutbound message;
        message.channel = PhoneNumberId("111");
        message.to.wa_id = to;
        message.payload_json = callback;
        message.callback = callback;
        return message;
    }
    OutboundId left_unsent(const std::string& to, const std::string& callback) {
        OutboundId id{};
        store.add_outbound(outbound(to, callback), clock.wall(),
                           [&](Result<OutboundMessage> done) { id = done->id; });
        return id;
    }

    IntakeOptions options{2, 2};
    UnreadableStore pages;
    WorkerPool workers{1, 4};
    ItemSeq unreadable{};

  private:
    std::optional<Intake> intake_;
    int people_ = 0;
    std::size_t finished_ = 0;
};

using Seqs = std::vector<std::int64_t>;

TEST_F(TakingIn, postponed_turns_do_not_fill_the_window) {
    receive(2);
    for (const TurnPtr& turn : agent->turns()) {
        turn->postpone(Millis{60'000});
        turn->finish(true, "");
    }
    receive(2);
    EXPECT_TRUE(intake().is_live());
    EXPECT_EQ(agent->turns().size(), 4U);
    receive(1);
    EXPECT_FALSE(intake().is_live()) << "two others are open";
}

TEST_F(TakingIn, postponed_turns_have_a_bound_of_their_own) {
    begin_live({.window = 2, .page = 2, .most = 3});
    for (int i = 0; i < 3; ++i) {
        receive(1);
        const TurnPtr turn = agent->turns().back();
        turn->postpone(Millis{60'000});
        turn->finish(true, "");
    }
    EXPECT_TRUE(intake().is_live());
    receive(1);
    EXPECT_FALSE(intake().is_live());
    EXPECT_EQ(agent->turns().size(), 3U);
}

TEST_F(TakingIn, gives_messages_straight_to_their_lanes_while_there_is_room) {
    receive(2);
    EXPECT_EQ(given(), (Seqs{1, 2}));
    EXPECT_TRUE(intake().is_live());
    EXPECT_EQ(intake().step(clock.mono()), MonoTime::max());
}

TEST_F(TakingIn, leaves_in_the_store_what_exceeds_the_window_and_reads_it_back_in_order) {
    receive(7);
    EXPECT_EQ(given(), (Seqs{1, 2}));
    EXPECT_FALSE(intake().is_live());
    EXPECT_EQ(dispatcher.size(), 2U);
    catch_up();
    EXPECT_EQ(given(), (Seqs{1, 2, 3, 4, 5, 6, 7}));
    finish_turns();
    receive(1);
    EXPECT_EQ(given().back(), 8);
}

TEST_F(TakingIn, asks_for_a_step_when_it_falls_behind) {
    receive(2);
    EXPECT_EQ(wakeup.earliest(), clock.mono() + Millis{20'000});
    receive(1);
    EXPECT_EQ(wakeup.earliest(), MonoTime::min());
}

TEST_F(TakingIn, reads_nothing_while_the_window_is_full) {
    receive(3);
    EXPECT_EQ(step_and_read(), clock.mono() + Millis{10});
    EXPECT_EQ(given(), (Seqs{1, 2}));
    finish_turns();
    step_and_read();
    EXPECT_EQ(given(), (Seqs{1, 2, 3}));
}

TEST_F(TakingIn, keeps_the_order_of_one_person_over_the_window) {
    for (const char* id : {"m1", "m2", "m3", "m4"}) hand_over(stored("91", id));
    for (int i = 0; i < 10; ++i) {
        step_and_read();
        finish_turns();
    }
    EXPECT_EQ(given(), (Seqs{1, 2, 3, 4}));
}

// A commit is there for readers before its completion has run: the page may hold messages that arrive only
// afterwards. Their turn would begin a second time.
TEST_F(TakingIn, begins_no_second_turn_for_a_message_that_it_read_before_it_arrived) {
    begin_live({3, 4});
    receive(4);
    QueuedMessage late = stored("99", "late");
    finish_turns();
    step_and_read();
    ASSERT_EQ(given(), (Seqs{1, 2, 3, 4, 5}));
    ASSERT_TRUE(intake().is_live());
    hand_over(std::move(late));
    EXPECT_EQ(dispatcher.size(), 2U);
    finish_turns();
    receive(1);
    EXPECT_EQ(given(), (Seqs{1, 2, 3, 4, 5, 6}));
}

TEST_F(TakingIn, tells_who_waits_for_a_message_that_it_read_before_it_arrived) {
    int told = 0;
    receive(3);
    QueuedMessage late = stored("99", "late");
    late.watcher = [&](const TurnSummary& summary) { told += summary.answered ? 1 : 100; };
    finish_turns();
    step_and_read();
    ASSERT_FALSE(intake().is_live());
    hand_over(std::move(late));
    finish_turns();
    EXPECT_EQ(told, 1);
}

TEST_F(TakingIn, tells_who_waits_for_a_message_that_stayed_in_the_store) {
    receive(2);
    int told = 0;
    QueuedMessage third = stored("93", "m3");
    const ItemSeq seq = third.seq;
    third.watcher = [&](const TurnSummary&) { told += 1; };
    hand_over(std::move(third));
    QueuedMessage fourth = stored("94", "m4");
    const ItemSeq later = fourth.seq;
    hand_over(std::move(fourth));
    EXPECT_FALSE(intake().watch(seq, [](const TurnSummary&) {})) << "one waits for it already";
    EXPECT_TRUE(intake().watch(later, [&](const TurnSummary&) { told += 10; }));
    catch_up();
    finish_turns();
    EXPECT_EQ(told, 11);
}

TEST_F(TakingIn, lets_nobody_wait_for_a_turn_that_is_over_or_unknown) {
    receive(1);
    EXPECT_TRUE(intake().watch(ItemSeq{1}, [](const TurnSummary&) {}));
    finish_turns();
    EXPECT_FALSE(intake().watch(ItemSeq{1}, [](const TurnSummary&) {}));
    EXPECT_FALSE(intake().watch(ItemSeq{99}, [](const TurnSummary&) {}));
}

TEST_F(TakingIn, resumes_what_an_earlier_engine_left_before_it_is_live) {
    for (int i = 1; i <= 5; ++i) stored("91" + std::to_string(i), "m" + std::to_string(i));
    left_unsent("95", "unsent");
    recover({});
    EXPECT_FALSE(intake().is_live());
    EXPECT_FALSE(intake().has_recovered_outbox());
    EXPECT_EQ(wakeup.earliest(), MonoTime::min());
    step_and_read();
    EXPECT_TRUE(intake().has_recovered_outbox());
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{"unsent"}));
    EXPECT_TRUE(given().empty());
    sender.answer();
    catch_up();
    EXPECT_EQ(given(), (Seqs{1, 2, 3, 4, 5}));
}

TEST_F(TakingIn, puts_new_messages_behind_those_that_were_left) {
    stored("91", "m1");
    recover({});
    EXPECT_FALSE(intake().is_live());
    hand_over(stored("91", "m2"));
    EXPECT_TRUE(given().empty());
    catch_up();
    finish_turns();
    EXPECT_EQ(given(), (Seqs{1, 2}));
}

TEST_F(TakingIn, holds_only_the_sends_that_were_under_way_when_the_engine_was_killed) {
    const OutboundId first = left_unsent("91", "a");
    const OutboundId noted = left_unsent("92", "b");
    recover({true, {noted}});
    step_and_read();
    step_and_read();
    EXPECT_EQ(sender.bodies(), (std::vector<std::string>{"a"}));
    EXPECT_EQ(state_of(first), OutboundState::queued);
    EXPECT_EQ(state_of(noted), OutboundState::held);
}

TEST_F(TakingIn, holds_the_head_of_every_lane_when_the_machine_restarted) {
    const OutboundId a1 = left_unsent("91", "a1");
    left_unsent("91", "a2");
    const OutboundId b1 = left_unsent("92", "b1");
    left_unsent("91", "a3");
    options = {100, 2};
    recover({false, {}});
    for (int i = 0; i < 3; ++i) step_and_read();
    EXPECT_TRUE(intake().has_recovered_outbox());
    EXPECT_EQ(state_of(a1), OutboundState::held);
    EXPECT_EQ(state_of(b1), OutboundState::held);
    EXPECT_EQ(sender.open(), 0U) << "who waits behind a doubt waits";
    EXPECT_EQ(pump.size(), 4U);
}

TEST_F(TakingIn, sets_one_unreadable_message_aside_and_goes_on) {
    for (int i = 1; i <= 3; ++i) stored("91" + std::to_string(i), "m" + std::to_string(i));
    unreadable = ItemSeq{2};
    recover({});
    catch_up();
    EXPECT_EQ(given(), (Seqs{1, 3}));
    EXPECT_EQ(store.tables().items.at(ItemSeq{2}).state, InboundState::stored);
}

TEST_F(TakingIn, tries_to_read_again_half_a_second_after_the_store_failed) {
    Intake reader{{2, 2},  {},    dispatcher, pump, pages, [this](OpenMessage open) { return read(open); },
                  workers, wakeup};
    const auto step_reader = [&] {
        const MonoTime next = reader.step(clock.mono());
        std::promise<void> done;
        workers.post([&] { done.set_value(); });
        done.get_future().wait();
        return next;
    };
    InboundBatch batch;
    batch.items.push_back(item_from("91", "m1"));
    pages.add_inbound(std::move(batch), [](auto) {});
    pages.broken = true;
    step_reader();
    step_reader();
    EXPECT_EQ(reader.step(clock.mono()), clock.mono() + Millis{500});
    EXPECT_FALSE(reader.is_live());
    pages.broken = false;
    step_reader();
    EXPECT_TRUE(reader.is_live());
    EXPECT_EQ(given(), (Seqs{1}));
}

TEST_F(TakingIn, waits_for_a_worker_when_all_are_busy) {
    WorkerPool none{1, 0};
    Intake reader{{2, 2}, {},    dispatcher, pump, store, [this](OpenMessage open) { return read(open); },
                  none,   wakeup};
    EXPECT_EQ(reader.step(clock.mono()), clock.mono() + Millis{10});
    EXPECT_FALSE(reader.has_recovered_outbox());
}

}  // namespace
}  // namespace parley
