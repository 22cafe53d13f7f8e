// The contract of follow-ups: kept with the turn, due once, dropped when they should be.
#include "contract/message_store_contract.hpp"

namespace parley::contract {
namespace {

using std::chrono::hours;

FollowupOrder order(const std::string& key, WallTime due) {
    FollowupOrder one;
    one.key = key;
    one.due = due;
    return one;
}

FollowupOrder unless_written(FollowupOrder one) {
    one.unless_written = true;
    return one;
}

FollowupOrder in_window(FollowupOrder one) {
    one.in_window = true;
    return one;
}

TurnCommit turn_with(const StoredItem& item, std::vector<FollowupOrder> orders,
                     const PhoneNumberId& channel = number_a) {
    TurnCommit turn = turn_of(item);
    turn.followups = std::move(orders);
    turn.channel = channel;
    turn.person = {"911", "IN.1", {}, "Asha"};
    return turn;
}

FiredFollowups fire(MessageStore& store, WallTime now, std::vector<PhoneNumberId> channels = {number_a},
                    std::size_t limit = 256) {
    const auto fired = fire_due(store, now, std::move(channels), limit);
    EXPECT_TRUE(fired) << (fired ? "" : fired.error().message());
    return fired ? *fired : FiredFollowups{};
}

std::uint64_t waiting(MessageStore& store) {
    std::uint64_t count = 0;
    const auto rows = store.waiting_followups();
    EXPECT_TRUE(rows);
    if (rows)
        for (const WaitingFollowups& row : *rows) count += row.count;
    return count;
}

}  // namespace

TEST_P(MessageStoreContract, a_followup_becomes_an_open_message_once_when_it_is_due) {
    const StoredItem item = add_one(message("m1", "911"));
    ASSERT_TRUE(commit(store(), turn_with(item, {order("nudge", t0 + hours(1))})));
    EXPECT_EQ(waiting(store()), 1u);
    FiredFollowups early = fire(store(), t0 + hours(1) - Millis{1});
    EXPECT_TRUE(early.messages.empty());
    EXPECT_EQ(early.next, t0 + hours(1));
    reopen();
    FiredFollowups fired = fire(store(), t0 + hours(1));
    ASSERT_EQ(fired.messages.size(), 1u);
    const OpenMessage& due = fired.messages[0];
    EXPECT_GT(due.seq, item.seq);
    EXPECT_EQ(due.conversation, item.conversation);
    EXPECT_EQ(due.channel, number_a);
    EXPECT_EQ(due.kind, ItemKind::followup);
    EXPECT_NE(due.raw_json.find("\"nudge\""), std::string::npos) << due.raw_json;
    EXPECT_TRUE(due.state.followups.empty());
    EXPECT_EQ(fired.next, WallTime::max());
    EXPECT_EQ(waiting(store()), 0u);
    EXPECT_TRUE(fire(store(), t0 + hours(2)).messages.empty());
    reopen();
    const auto open = store().open_messages(item.seq, 10);
    ASSERT_TRUE(open && open->size() == 1u) << "its turn is not over: it comes again";
    EXPECT_EQ(open->front().kind, ItemKind::followup);
    EXPECT_EQ(open->front().raw_json, due.raw_json);
    ASSERT_TRUE(commit(store(), turn_of({due.seq, Disposition::added, due.conversation, {}, {}})));
    EXPECT_TRUE(store().open_messages({}, 10)->empty());
    EXPECT_EQ(store().counts()->messages, 1u) << "nobody sent it";
}

TEST_P(MessageStoreContract, a_newer_followup_of_a_key_takes_the_place_of_the_older) {
    const StoredItem item = add_one(message("m1", "911"));
    ASSERT_TRUE(
        commit(store(), turn_with(item, {order("nudge", t0 + hours(1)), order("other", t0 + hours(3))})));
    const StoredItem again = add_one(message("m2", "911"));
    ASSERT_TRUE(again.state);
    EXPECT_EQ(again.state->followups.size(), 2u);
    ASSERT_TRUE(commit(store(), turn_with(again, {order("nudge", t0 + hours(2))})));
    EXPECT_EQ(waiting(store()), 2u);
    EXPECT_TRUE(fire(store(), t0 + hours(1)).messages.empty());
    EXPECT_EQ(fire(store(), t0 + hours(2)).messages.size(), 1u);
}

TEST_P(MessageStoreContract, a_cancelled_followup_does_not_come) {
    ASSERT_TRUE(commit(store(), turn_with(add_one(message("m1", "911")), {order("nudge", t0 + hours(1))})));
    FollowupOrder cancel;
    cancel.key = "nudge";
    cancel.is_cancelled = true;
    ASSERT_TRUE(commit(store(), turn_with(add_one(message("m2", "911")), {cancel})));
    ASSERT_TRUE(commit(store(), turn_with(add_one(message("m3", "911")), {cancel}))) << "nothing waits";
    EXPECT_EQ(waiting(store()), 0u);
    EXPECT_TRUE(fire(store(), t0 + hours(9)).messages.empty());
}

TEST_P(MessageStoreContract, followups_of_a_refused_turn_are_not_kept) {
    const StoredItem item = add_one(message("m1", "911"));
    ASSERT_TRUE(commit(store(), turn_of(item)));
    EXPECT_FALSE(commit(store(), turn_with(item, {order("nudge", t0 + hours(1))}))) << "its turn is over";
    EXPECT_EQ(waiting(store()), 0u);
}

TEST_P(MessageStoreContract, a_person_who_writes_takes_away_what_waits_for_silence) {
    ASSERT_TRUE(commit(
        store(), turn_with(add_one(message("m1", "911")),
                           {unless_written(order("nudge", t0 + hours(1))), order("report", t0 + hours(1))})));
    add_one(message("other", "922"));
    EXPECT_EQ(waiting(store()), 2u) << "somebody else wrote";
    add_one(status("wamid.x", "read", "p1.none"));
    EXPECT_EQ(waiting(store()), 2u) << "nobody wrote";
    const StoredItem wrote = add_one(message("m2", "911"));
    ASSERT_TRUE(wrote.state);
    EXPECT_EQ(wrote.state->followups, std::vector<std::string>{"report"});
    const FiredFollowups fired = fire(store(), t0 + hours(1));
    ASSERT_EQ(fired.messages.size(), 1u);
    EXPECT_NE(fired.messages[0].raw_json.find("\"report\""), std::string::npos);
}

TEST_P(MessageStoreContract, what_waits_for_silence_is_not_kept_when_the_person_has_written_again) {
    const StoredItem item = add_one(message("m1", "911"));
    TurnCommit turn =
        turn_with(item, {unless_written(order("nudge", t0 + hours(1))), order("b", t0 + hours(1))});
    turn.has_written_again = true;
    ASSERT_TRUE(commit(store(), std::move(turn)));
    EXPECT_EQ(waiting(store()), 1u);
}

TEST_P(MessageStoreContract, a_followup_for_the_window_is_dropped_when_it_is_closed) {
    ASSERT_TRUE(commit(
        store(), turn_with(add_one(message("m1", "911")),
                           {in_window(order("early", t0 + hours(23))),
                            in_window(order("late", t0 + hours(25))), order("anyway", t0 + hours(25))})));
    EXPECT_EQ(fire(store(), t0 + hours(23)).messages.size(), 1u);
    const FiredFollowups late = fire(store(), t0 + hours(25));
    EXPECT_EQ(late.messages.size(), 1u);
    EXPECT_EQ(late.outside_window, 1u);
    EXPECT_EQ(waiting(store()), 0u);
}

TEST_P(MessageStoreContract, followups_of_numbers_that_nobody_serves_wait) {
    ASSERT_TRUE(commit(store(), turn_with(add_one(message("m1", "911")), {order("a", t0 + hours(1))})));
    ASSERT_TRUE(commit(
        store(), turn_with(add_one(message("m2", "911", number_b)), {order("b", t0 + hours(2))}, number_b)));
    EXPECT_TRUE(fire(store(), t0 + hours(5), {}).messages.empty());
    const FiredFollowups one = fire(store(), t0 + hours(5), {number_b});
    ASSERT_EQ(one.messages.size(), 1u);
    EXPECT_EQ(one.messages[0].channel, number_b);
    EXPECT_EQ(one.next, WallTime::max());
    EXPECT_EQ(fire(store(), t0 + hours(5), {number_a, number_b}).messages.size(), 1u);
}

TEST_P(MessageStoreContract, fires_in_the_order_of_time_and_no_more_than_asked_for) {
    for (int i = 0; i < 5; ++i) {
        const std::string id = std::to_string(i);
        ASSERT_TRUE(commit(
            store(), turn_with(add_one(message("m" + id, "91" + id)), {order("k", t0 + hours(5 - i))})));
    }
    FiredFollowups first = fire(store(), t0 + hours(9), {number_a}, 3);
    ASSERT_EQ(first.messages.size(), 3u);
    EXPECT_LT(first.messages[0].seq, first.messages[2].seq);
    EXPECT_GT(first.messages[0].conversation, first.messages[2].conversation);
    EXPECT_EQ(first.next, t0 + hours(4));
    EXPECT_EQ(fire(store(), t0 + hours(9), {number_a}, 3).messages.size(), 2u);
}

TEST_P(MessageStoreContract, two_people_who_prove_to_be_one_have_one_followup_of_a_key) {
    const StoredItem by_number = add_one(message_of("m1", {"911", {}, {}, {}}));
    const StoredItem by_id = add_one(message_of("m2", {{}, "IN.1", {}, {}}));
    ASSERT_NE(by_number.conversation, by_id.conversation);
    ASSERT_TRUE(commit(store(), turn_with(by_number, {order("nudge", t0 + hours(1))})));
    TurnCommit newer = turn_with(by_id, {order("nudge", t0 + hours(2)), order("mine", t0 + hours(3))});
    newer.at = t0 + Millis{9};
    ASSERT_TRUE(commit(store(), std::move(newer)));
    const StoredItem both = add_one(message_of("m3", {"911", "IN.1", {}, {}}));
    EXPECT_EQ(both.conversation, by_number.conversation);
    const FiredFollowups fired = fire(store(), t0 + hours(9));
    for (const OpenMessage& due : fired.messages) EXPECT_EQ(due.conversation, both.conversation);
    EXPECT_EQ(fired.messages.size(), 2u);
}

}  // namespace parley::contract
