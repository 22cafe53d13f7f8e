// The contract of the inbox: what is new, whose it is, and what is still open.
#include <algorithm>

#include "contract/message_store_contract.hpp"

namespace parley::contract {

TEST_P(MessageStoreContract, numbers_new_items_rising_in_the_order_of_the_post) {
    const auto stored = add_all({message("m1", "911"), message("m2", "912"), message("m3", "911")});
    ASSERT_EQ(stored.size(), 3u);
    EXPECT_LT(stored[0].seq, stored[1].seq);
    EXPECT_LT(stored[1].seq, stored[2].seq);
    for (const auto& item : stored) EXPECT_EQ(item.disposition, Disposition::added);
    EXPECT_EQ(stored[0].conversation, stored[2].conversation);
    EXPECT_NE(stored[0].conversation, stored[1].conversation);
    ASSERT_TRUE(stored[0].state);
    EXPECT_EQ(stored[0].state->revision, 0u);
    EXPECT_EQ(stored[0].state->json, "");
}

TEST_P(MessageStoreContract, knows_a_repeated_item_in_the_same_post_in_another_and_after_a_restart) {
    const auto stored = add_all({message("m1", "911"), message("m1", "911")});
    EXPECT_EQ(stored[0].disposition, Disposition::added);
    EXPECT_EQ(stored[1].disposition, Disposition::duplicate);
    EXPECT_EQ(stored[1].seq, ItemSeq{});
    const auto rebatched = add_all({message("m2", "912"), message("m1", "911")});
    EXPECT_EQ(rebatched[0].disposition, Disposition::added);
    EXPECT_EQ(rebatched[1].disposition, Disposition::duplicate);
    reopen();
    const auto again = add_all({message("m1", "911"), message("m2", "912"), message("m3", "912")});
    EXPECT_EQ(again[0].disposition, Disposition::duplicate);
    EXPECT_EQ(again[1].disposition, Disposition::duplicate);
    EXPECT_EQ(again[2].disposition, Disposition::added);
    EXPECT_EQ(store().counts()->messages, 3u);
}

TEST_P(MessageStoreContract, the_same_id_on_another_number_or_at_another_time_is_another_item) {
    EXPECT_EQ(add_one(message("m1", "911", number_a)).disposition, Disposition::added);
    EXPECT_EQ(add_one(message("m1", "911", number_b)).disposition, Disposition::added);
    EXPECT_EQ(add_one(message("m1", "911", number_a, t0 + Millis{1000})).disposition, Disposition::added);
}

TEST_P(MessageStoreContract, equal_changes_of_two_accounts_are_two_items) {
    NewItem change;
    change.item.kind = ItemKind::change;
    change.item.waba_id = "one";
    change.item.field = "account_update";
    change.item.dedup_id = "hash-of-text";
    change.item.timestamp = t0;
    change.item.raw_json = "{}";
    NewItem other = change;
    other.item.waba_id = "two";
    const auto stored = add_all({change, other, change});
    EXPECT_EQ(stored[0].disposition, Disposition::added);
    EXPECT_EQ(stored[1].disposition, Disposition::added);
    EXPECT_EQ(stored[2].disposition, Disposition::duplicate);
}

TEST_P(MessageStoreContract, an_expired_item_is_stored_but_never_open) {
    InboundBatch batch = post({message("old", "911", number_a, t0 - Millis{1000}), message("new", "911")});
    batch.oldest_answerable = t0;
    const auto stored = add(store(), batch);
    ASSERT_TRUE(stored);
    EXPECT_EQ((*stored)[0].disposition, Disposition::expired);
    EXPECT_FALSE((*stored)[0].state);
    EXPECT_EQ((*stored)[1].disposition, Disposition::added);
    for (int round = 0; round < 2; ++round) {
        const auto open = store().open_messages(ItemSeq{}, 10);
        ASSERT_TRUE(open);
        ASSERT_EQ(open->size(), 1u);
        EXPECT_EQ(open->front().seq, (*stored)[1].seq);
        reopen();
    }
    EXPECT_EQ(commit(store(), turn_of((*stored)[0])).error().code(), Errc::conflict);
}

TEST_P(MessageStoreContract, a_message_that_nobody_is_to_answer_is_kept_but_never_open) {
    NewItem item = message("m1", "911");
    item.answerable = false;
    const StoredItem stored = add_one(item);
    EXPECT_EQ(stored.disposition, Disposition::added);
    EXPECT_FALSE(stored.state);
    for (int round = 0; round < 2; ++round) {
        EXPECT_TRUE(store().open_messages(ItemSeq{}, 10)->empty());
        EXPECT_EQ(store().counts()->open, 0u);
        reopen();
    }
    EXPECT_EQ(store().counts()->messages, 1u);
    EXPECT_EQ(commit(store(), turn_of(stored)).error().code(), Errc::conflict);
}

TEST_P(MessageStoreContract, an_unrouted_message_is_kept_and_counted_but_not_open) {
    NewItem item = message("m1", "911");
    item.routed = false;
    const StoredItem stored = add_one(item);
    EXPECT_EQ(stored.disposition, Disposition::added);
    EXPECT_FALSE(stored.state);
    EXPECT_TRUE(store().open_messages(ItemSeq{}, 10)->empty());
    EXPECT_EQ(store().counts()->unrouted, 1u);
    EXPECT_EQ(find("m1").state, InboundState::unrouted);
    EXPECT_EQ(add_one(message("m1", "911")).disposition, Disposition::duplicate);
}

TEST_P(MessageStoreContract, completions_run_in_the_order_of_the_calls) {
    constexpr int calls = 200;
    struct Seen {
        std::vector<int> order;
        std::promise<void> last;
    };
    const auto seen = std::make_shared<Seen>();
    const StoredItem item = add_one(message("m", "911"));
    for (int i = 0; i < calls; ++i) {
        const auto note = [seen, i](const auto&) {
            seen->order.push_back(i);
            if (seen->order.size() == calls) seen->last.set_value();
        };
        switch (i % 4) {
            case 0:
                store().add_inbound(post({message("m" + std::to_string(i), "911")}), note);
                break;
            case 1:
                store().commit_turn(turn_of(item), note);
                break;
            case 2:
                store().add_outbound(reply("p1.C" + std::to_string(i)), t0, note);
                break;
            default:
                store().record_outcome(outcome(OutboundId{1}, OutboundState::sent), note);
                break;
        }
    }
    ASSERT_EQ(seen->last.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
    EXPECT_TRUE(std::is_sorted(seen->order.begin(), seen->order.end()));
}

TEST_P(MessageStoreContract, open_messages_are_paged_in_order_of_arrival_and_tell_all_a_turn_needs) {
    std::vector<ItemSeq> expected;
    for (int i = 0; i < 25; ++i) {
        const StoredItem item = add_one(message("m" + std::to_string(i), "91" + std::to_string(i % 3)));
        if (i % 5 == 0) {
            ASSERT_TRUE(commit(store(), turn_of(item)));
        } else {
            expected.push_back(item.seq);
        }
    }
    for (int round = 0; round < 2; ++round) {
        std::vector<ItemSeq> seen;
        ItemSeq after{};
        for (std::size_t size = 7; size == 7;) {
            const auto page = store().open_messages(after, 7);
            ASSERT_TRUE(page);
            size = page->size();
            for (const OpenMessage& open : *page) {
                seen.push_back(open.seq);
                after = open.seq;
                EXPECT_EQ(open.channel, number_a);
                EXPECT_EQ(open.waba_id, "waba");
                EXPECT_EQ(open.received_at, t0);
                EXPECT_NE(open.raw_json.find("messages"), std::string::npos);
            }
        }
        EXPECT_EQ(seen, expected);
        EXPECT_EQ(store().counts()->open, expected.size());
        reopen();
    }
}

TEST_P(MessageStoreContract, a_crash_counts_against_the_message_that_was_running) {
    const StoredItem item = add_one(message("m1", "911"));
    ASSERT_TRUE(store().count_crash(item.seq));
    ASSERT_TRUE(store().count_crash(item.seq));
    reopen();
    EXPECT_EQ(store().open_messages(ItemSeq{}, 1)->front().attempt, 2u);
    ASSERT_TRUE(commit(store(), turn_of(item)));
    EXPECT_FALSE(store().count_crash(item.seq));
    EXPECT_EQ(store().count_crash(ItemSeq{9999}).error().code(), Errc::not_found);
}

TEST_P(MessageStoreContract, keeps_bytes_that_are_no_text) {
    NewItem item = message("m1", "911");
    item.item.raw_json = std::string("{\"a\":\"\xff\xfe") + '\0' + "\"}";
    add_one(item);
    reopen();
    EXPECT_EQ(store().open_messages(ItemSeq{}, 1)->front().raw_json, item.item.raw_json);
}

TEST_P(MessageStoreContract, a_person_is_known_by_number_by_user_id_and_by_parent) {
    const auto first = add_one(message_of("m1", {"911", "IN.1", {}, {}}));
    EXPECT_EQ(add_one(message_of("m2", {"911", {}, {}, {}})).conversation, first.conversation);
    EXPECT_EQ(add_one(message_of("m3", {{}, "IN.1", "IN.ENT.1", {}})).conversation, first.conversation);
    reopen();
    EXPECT_EQ(add_one(message_of("m4", {{}, {}, "IN.ENT.1", {}})).conversation, first.conversation);
    EXPECT_EQ(queue(store(), reply("p1.X", "911"))->conversation, first.conversation);
}

TEST_P(MessageStoreContract, the_same_number_on_two_channels_is_two_conversations) {
    EXPECT_NE(add_one(message("m1", "911", number_a)).conversation,
              add_one(message("m2", "911", number_b)).conversation);
}

TEST_P(MessageStoreContract, two_conversations_that_prove_to_be_one_keep_the_older_id) {
    const auto by_number = add_one(message_of("m1", {"911", {}, {}, {}}));
    TurnCommit turn = turn_of(by_number);
    turn.has_state = true;
    turn.new_state = {R"({"from":"older"})", 1, 1};
    ASSERT_TRUE(commit(store(), turn));
    const auto by_user = add_one(message_of("m2", {{}, "IN.1", {}, {}}));
    ASSERT_NE(by_number.conversation, by_user.conversation);
    const auto both = add_one(message_of("m3", {"911", "IN.1", {}, {}}));
    EXPECT_EQ(both.conversation, by_number.conversation);
    ASSERT_TRUE(both.state);
    EXPECT_EQ(both.state->json, R"({"from":"older"})");
    // The turn that began before the merge ends in the conversation that lives.
    const auto replies = commit(store(), turn_of(by_user, {reply("p1.M")}));
    ASSERT_TRUE(replies);
    reopen();
    EXPECT_EQ(store().unsent_messages(OutboundId{}, 10)->front().message.conversation,
              by_number.conversation);
    EXPECT_EQ(add_one(message_of("m4", {{}, "IN.1", {}, {}})).conversation, by_number.conversation);
}

TEST_P(MessageStoreContract, a_number_with_a_new_owner_gets_a_new_conversation) {
    const auto before = add_one(message_of("m1", {"911", "IN.1", {}, {}}));
    const auto after = add_one(message_of("m2", {"911", "IN.2", {}, {}}));
    EXPECT_NE(before.conversation, after.conversation);
    EXPECT_EQ(add_one(message_of("m3", {"911", {}, {}, {}})).conversation, after.conversation);
    EXPECT_EQ(add_one(message_of("m4", {{}, "IN.1", {}, {}})).conversation, before.conversation);
}

TEST_P(MessageStoreContract, a_person_who_changes_number_and_user_id_keeps_the_conversation) {
    const auto before = add_one(message_of("m1", {"911", "IN.1", {}, {}}));
    add_one(change_of_names("m2", {"911", "IN.1", {}, {}}, {"919", "IN.9", {}, {}}));
    reopen();
    EXPECT_EQ(add_one(message_of("m3", {"919", "IN.9", {}, {}})).conversation, before.conversation);
    EXPECT_EQ(add_one(message_of("m4", {{}, "IN.9", {}, {}})).conversation, before.conversation);
    EXPECT_EQ(add_one(message_of("m5", {"919", {}, {}, {}})).conversation, before.conversation);
}

TEST_P(MessageStoreContract, who_writes_before_the_news_of_a_changed_number_is_merged_with_the_former_self) {
    const auto before = add_one(message_of("m1", {"911", "IN.1", {}, {}}));
    const auto early = add_one(message_of("m2", {"919", "IN.9", {}, {}}));
    ASSERT_NE(before.conversation, early.conversation);
    add_one(change_of_names("m3", {"911", "IN.1", {}, {}}, {"919", "IN.9", {}, {}}));
    EXPECT_EQ(add_one(message_of("m4", {"919", "IN.9", {}, {}})).conversation, before.conversation);
}

TEST_P(MessageStoreContract, a_changed_number_brings_nothing_of_its_former_owner) {
    const auto stranger = add_one(message_of("m1", {"919", "IN.7", {}, {}}));
    const auto before = add_one(message_of("m2", {"911", "IN.1", {}, {}}));
    add_one(change_of_names("m3", {"911", "IN.1", {}, {}}, {"919", "IN.9", {}, {}}));
    EXPECT_EQ(add_one(message_of("m4", {"919", {}, {}, {}})).conversation, before.conversation);
    EXPECT_EQ(add_one(message_of("m5", {{}, "IN.7", {}, {}})).conversation, stranger.conversation);
}

TEST_P(MessageStoreContract, an_old_piece_of_news_of_a_changed_number_changes_nothing) {
    const auto before = add_one(message_of("m1", {"911", "IN.1", {}, {}}));
    NewItem news = change_of_names("m2", {"911", "IN.1", {}, {}}, {"919", {}, {}, {}});
    InboundBatch batch = post({news});
    batch.oldest_answerable = t0 + Millis{1};
    add(store(), std::move(batch));
    EXPECT_NE(add_one(message_of("m3", {"919", {}, {}, {}})).conversation, before.conversation);
}

TEST_P(MessageStoreContract, knows_when_a_person_last_wrote_or_called) {
    const StoredItem first = add_one(message("m1", "911"));
    add_one(message("m3", "911", number_a, t0 - std::chrono::hours(3)));
    EXPECT_EQ(last_inbound(store(), first.conversation), t0);
    NewItem note = message("m4", "911", number_a, t0 + std::chrono::minutes(3));
    note.item.opens_window = false;
    add_one(note);
    EXPECT_EQ(last_inbound(store(), first.conversation), t0);
    add_one(call_of("c1", "911", t0 + std::chrono::minutes(4)));
    EXPECT_EQ(last_inbound(store(), ConversationId{99}), WallTime{});
    for (int round = 0; round < 3; ++round) {
        EXPECT_EQ(last_inbound(store(), first.conversation), t0 + std::chrono::minutes(4));
        reopen();
    }
}

TEST_P(MessageStoreContract, a_message_with_an_absurd_time_opens_the_window_when_it_arrives) {
    const StoredItem future = add_one(message("m1", "911", number_a, t0 + std::chrono::hours(30)));
    const StoredItem past = add_one(message("m2", "912", number_a, t0 - std::chrono::hours(8 * 24)));
    EXPECT_EQ(last_inbound(store(), future.conversation), t0);
    EXPECT_EQ(last_inbound(store(), past.conversation), t0);
}

TEST_P(MessageStoreContract, a_merged_conversation_was_last_written_to_by_either_self) {
    const StoredItem by_number = add_one(message("m1", "911"));
    NewItem later = message_of("m2", Party{{}, "IN.1", {}, {}});
    later.item.timestamp = t0 + std::chrono::minutes(2);
    const StoredItem by_user = add_one(later);
    ASSERT_NE(by_number.conversation, by_user.conversation);
    add_one(change_of_names("m3", Party{"911", {}, {}, {}}, Party{{}, "IN.1", {}, {}}));
    for (const ConversationId id : {by_number.conversation, by_user.conversation})
        EXPECT_EQ(last_inbound(store(), id), t0 + std::chrono::minutes(2));
}

}  // namespace parley::contract
