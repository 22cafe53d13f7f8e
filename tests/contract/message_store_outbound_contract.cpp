// The contract of turns and of the outbox: all of a turn or nothing, and statuses that never go back.
#include <algorithm>
#include <future>

#include "contract/message_store_contract.hpp"

namespace parley::contract {

TEST_P(MessageStoreContract, a_turn_commits_its_replies_state_and_annotations_together) {
    const StoredItem item = add_one(message("m1", "911"));
    TurnCommit turn = turn_of(item, {reply("p1.A"), reply("p1.B")});
    turn.has_state = true;
    turn.new_state = {R"({"step":2})", 7, 3};
    turn.annotations = {{"intent", "GREETING"}, {"quote", "\"\\\n"}};
    const auto ids = commit(store(), turn);
    ASSERT_TRUE(ids);
    ASSERT_EQ(ids->size(), 2u);
    EXPECT_LT((*ids)[0], (*ids)[1]);
    for (int round = 0; round < 2; ++round) {
        EXPECT_TRUE(store().open_messages(ItemSeq{}, 10)->empty());
        const MessageRecord record = find("m1");
        EXPECT_EQ(record.seq, item.seq);
        EXPECT_EQ(record.state, InboundState::answered);
        EXPECT_EQ(record.annotations, turn.annotations);
        ASSERT_EQ(record.replies.size(), 2u);
        EXPECT_EQ(record.replies[1].message.id, (*ids)[1]);
        EXPECT_EQ(record.replies[1].message.callback, "p1.B");
        EXPECT_EQ(record.replies[1].message.payload_json, turn.replies[1].payload_json);
        EXPECT_EQ(record.replies[1].message.conversation, item.conversation);
        EXPECT_EQ(record.replies[1].message.created_at, turn.at);
        reopen();
    }
    const StoredItem next = add_one(message("m2", "911"));
    ASSERT_TRUE(next.state);
    EXPECT_EQ(next.state->json, R"({"step":2})");
    EXPECT_EQ(next.state->revision, 7u);
    EXPECT_EQ(next.state->schema, 3u);
}

TEST_P(MessageStoreContract, a_message_and_its_replies_are_of_one_trace_also_when_they_are_read_again) {
    const auto trace_of_open = [&] { return store().open_messages(ItemSeq{}, 1)->front().trace_id; };
    const StoredItem item = add_one(message("m1", "911"));
    ASSERT_FALSE(item.trace_id.is_none());
    EXPECT_EQ(trace_of_open(), item.trace_id);
    reopen();
    EXPECT_EQ(trace_of_open(), item.trace_id);
    EXPECT_NE(add_one(message("m2", "911")).trace_id, item.trace_id);
    ASSERT_TRUE(commit(store(), turn_of(item, {reply("p1.A"), reply("p1.B")})));
    const auto alone = queue(store(), reply("p1.01ARZ3NDEKTSV4RRFFQ69G5FAV"));
    ASSERT_TRUE(alone);
    EXPECT_EQ(to_text(trace_of(*alone)), "01563e3ab5d3d6764c61efb99302bd5b");
    for (int round = 0; round < 2; ++round) {
        const auto unsent = store().unsent_messages(OutboundId{}, 10);
        ASSERT_EQ(unsent->size(), 3u);
        EXPECT_EQ(trace_of((*unsent)[0].message), item.trace_id);
        EXPECT_EQ(trace_of((*unsent)[1].message), item.trace_id);
        EXPECT_EQ(trace_of((*unsent)[2].message), trace_of(*alone));
        reopen();
    }
}

TEST_P(MessageStoreContract, a_message_tried_again_is_of_the_trace_it_was) {
    const StoredItem item = add_one(message("m1", "911"));
    const auto ids = commit(store(), turn_of(item, {reply("p1.A")}));
    ASSERT_TRUE(ids);
    OutcomeRecord failed = outcome(ids->front(), OutboundState::failed);
    failed.dead_letter = DeadLetter{"Graph refused the message", "why"};
    ASSERT_TRUE(record(store(), failed));
    for (int round = 0; round < 2; ++round) {
        const auto letters = store().dead_letters(0, 1);
        ASSERT_EQ(letters->size(), 1u);
        const auto revived = end_letter(store(), letters->front().id, true);
        ASSERT_TRUE(revived && revived->outbound);
        EXPECT_EQ(trace_of(*revived->outbound), item.trace_id);
        ASSERT_TRUE(record(store(), failed));
        reopen();
    }
}

TEST_P(MessageStoreContract, a_long_state_is_kept_whole) {
    const StoredItem item = add_one(message("m1", "911"));
    TurnCommit turn = turn_of(item);
    turn.has_state = true;
    turn.new_state = {"{\"x\":\"" + std::string(200'000, 'y') + "\"}", 1, 1};
    ASSERT_TRUE(commit(store(), turn));
    EXPECT_EQ(add_one(message("m2", "911")).state->json, turn.new_state.json);
    reopen();
    EXPECT_EQ(add_one(message("m3", "911")).state->json, turn.new_state.json);
}

TEST_P(MessageStoreContract, a_turn_that_cannot_be_stored_changes_nothing_and_hurts_no_other) {
    const StoredItem one = add_one(message("m1", "911"));
    const StoredItem two = add_one(message("m2", "912"));
    ASSERT_TRUE(queue(store(), reply("p1.TAKEN")));
    TurnCommit bad = turn_of(one, {reply("p1.NEW"), reply("p1.TAKEN")});
    bad.has_state = true;
    bad.new_state = {"{}", 1, 1};
    auto before = std::make_shared<std::promise<Result<std::vector<StoredItem>>>>();
    auto refused = std::make_shared<std::promise<Result<std::vector<OutboundId>>>>();
    auto after = std::make_shared<std::promise<Result<std::vector<OutboundId>>>>();
    store().add_inbound(post({message("m3", "913")}), [before](auto r) { before->set_value(std::move(r)); });
    store().commit_turn(bad, [refused](auto r) { refused->set_value(std::move(r)); });
    store().commit_turn(turn_of(two, {reply("p1.OTHER")}),
                        [after](auto r) { after->set_value(std::move(r)); });
    EXPECT_TRUE(before->get_future().get());
    const auto answer = refused->get_future().get();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code(), Errc::conflict);
    EXPECT_TRUE(after->get_future().get());
    for (int round = 0; round < 2; ++round) {
        const auto open = store().open_messages(ItemSeq{}, 10);
        ASSERT_EQ(open->size(), 2u);
        EXPECT_EQ(open->front().seq, one.seq);
        EXPECT_EQ(open->front().state.revision, 0u);
        EXPECT_EQ(store().unsent_messages(OutboundId{}, 10)->size(), 2u);
        reopen();
    }
    EXPECT_TRUE(commit(store(), turn_of(one, {reply("p1.NEW")})));
}

TEST_P(MessageStoreContract, a_turn_ends_once) {
    const StoredItem item = add_one(message("m1", "911"));
    ASSERT_TRUE(commit(store(), turn_of(item, {reply("p1.A")})));
    EXPECT_EQ(commit(store(), turn_of(item, {reply("p1.B")})).error().code(), Errc::conflict);
    EXPECT_EQ(store().unsent_messages(OutboundId{}, 10)->size(), 1u);
    StoredItem nobody;
    nobody.seq = ItemSeq{777};
    EXPECT_EQ(commit(store(), turn_of(nobody)).error().code(), Errc::not_found);
}

TEST_P(MessageStoreContract, a_dead_turn_leaves_a_letter) {
    const StoredItem item = add_one(message("m1", "911"));
    TurnCommit turn = turn_of(item, {reply("p1.FALLBACK")});
    turn.state = InboundState::dead;
    turn.dead_letter = DeadLetter{"the agent threw", "boom"};
    ASSERT_TRUE(commit(store(), turn));
    const OutboundId failed = answer_with("p1.F");
    OutcomeRecord ended = outcome(failed, OutboundState::failed);
    ended.error_code = 131026;
    ended.dead_letter = DeadLetter{"undeliverable", "131026"};
    ASSERT_TRUE(record(store(), ended));
    reopen();
    EXPECT_EQ(find("m1").state, InboundState::dead);
    const auto letters = store().dead_letters(0, 10);
    ASSERT_EQ(letters->size(), 2u);
    EXPECT_TRUE((*letters)[1].inbound);
    EXPECT_EQ((*letters)[1].message, to_int(item.seq));
    EXPECT_EQ((*letters)[1].letter.detail, "boom");
    EXPECT_FALSE((*letters)[0].inbound) << "newest first";
    EXPECT_EQ((*letters)[0].message, to_int(failed));
    EXPECT_EQ(store().dead_letters((*letters)[0].id, 1)->front().letter.reason, "the agent threw");
    EXPECT_EQ(store().counts()->dead_letters, 2u);
}

TEST_P(MessageStoreContract, a_dead_letter_tried_again_opens_its_message) {
    const StoredItem item = add_one(message("m1", "911"));
    TurnCommit turn = turn_of(item, {reply("p1.FALLBACK")});
    turn.state = InboundState::dead;
    turn.attempt = 2;
    turn.dead_letter = DeadLetter{"the agent threw", "boom"};
    ASSERT_TRUE(commit(store(), turn));
    const std::int64_t letter = store().dead_letters(0, 1)->front().id;
    const auto revived = end_letter(store(), letter, true);
    ASSERT_TRUE(revived) << revived.error().message();
    ASSERT_TRUE(revived->inbound);
    EXPECT_EQ(revived->inbound->seq, item.seq);
    EXPECT_EQ(revived->inbound->attempt, 0u);
    EXPECT_EQ(revived->inbound->conversation, item.conversation);
    EXPECT_EQ(revived->inbound->raw_json, R"({"messages":[{"id":"m1"}]})");
    EXPECT_EQ(end_letter(store(), letter, true).error().code(), Errc::not_found);
    EXPECT_EQ(store().counts()->dead_letters, 0u);
    reopen();
    ASSERT_EQ(store().open_messages(ItemSeq{}, 10)->size(), 1u);
    ASSERT_TRUE(commit(store(), turn_of(item, {reply("p1.AGAIN")})));
    EXPECT_EQ(find("m1").state, InboundState::answered);
    EXPECT_TRUE(store().open_messages(ItemSeq{}, 10)->empty());
}

TEST_P(MessageStoreContract, a_dead_letter_tried_again_queues_its_message) {
    const OutboundId id = answer_with("p1.A");
    OutcomeRecord ended = outcome(id, OutboundState::failed, "w1");
    ended.dead_letter = DeadLetter{"Graph refused the message", "131026"};
    ASSERT_TRUE(record(store(), ended));
    const auto revived = end_letter(store(), store().dead_letters(0, 1)->front().id, true);
    ASSERT_TRUE(revived && revived->outbound);
    EXPECT_EQ(revived->outbound->id, id);
    EXPECT_EQ(revived->outbound->tries, 0u);
    EXPECT_EQ(revived->outbound->to.wa_id, "911");
    EXPECT_EQ(revived->outbound->callback, "p1.A");
    reopen();
    ASSERT_EQ(store().unsent_messages(OutboundId{}, 10)->size(), 1u);
    ASSERT_TRUE(record(store(), outcome(id, OutboundState::sent, "w2")));
    EXPECT_EQ(apply("w2", "delivered", "p1.A")->state, OutboundState::delivered);
}

TEST_P(MessageStoreContract, a_dead_letter_whose_message_arrived_after_all_is_not_sent_again) {
    const OutboundId id = answer_with("p1.A");
    OutcomeRecord ended = outcome(id, OutboundState::failed);
    ended.dead_letter = DeadLetter{"Graph refused the message", "131000"};
    ASSERT_TRUE(record(store(), ended));
    ASSERT_TRUE(apply("w1", "delivered", "p1.A")->moved);
    const std::int64_t letter = store().dead_letters(0, 1)->front().id;
    EXPECT_EQ(end_letter(store(), letter, true).error().code(), Errc::conflict);
    EXPECT_EQ(store().counts()->dead_letters, 1u);
    const auto dropped = end_letter(store(), letter, false);
    ASSERT_TRUE(dropped);
    EXPECT_FALSE(dropped->inbound || dropped->outbound);
    EXPECT_TRUE(store().dead_letters(0, 10)->empty());
    EXPECT_TRUE(store().unsent_messages(OutboundId{}, 10)->empty());
}

TEST_P(MessageStoreContract, an_outbound_message_needs_a_recipient_and_a_callback_of_its_own) {
    const auto queued = queue(store(), reply("p1.A", "999"));
    ASSERT_TRUE(queued);
    EXPECT_NE(queued->conversation, ConversationId{});
    EXPECT_EQ(queued->created_at, t0);
    EXPECT_EQ(queue(store(), reply("p1.A", "999")).error().code(), Errc::conflict);
    EXPECT_EQ(queue(store(), reply("p1.B", "")).error().code(), Errc::invalid_input);
    EXPECT_EQ(add_one(message("m1", "999")).conversation, queued->conversation);
}

TEST_P(MessageStoreContract, unsent_messages_are_queued_or_held_ones_in_order) {
    std::vector<OutboundId> ids;
    for (int i = 0; i < 5; ++i) ids.push_back(queue(store(), reply("p1." + std::to_string(i)))->id);
    ASSERT_TRUE(record(store(), outcome(ids[0], OutboundState::sent, "w0")));
    OutcomeRecord held = outcome(ids[1], OutboundState::held);
    held.error_text = "the connection broke";
    ASSERT_TRUE(record(store(), held));
    ASSERT_TRUE(record(store(), outcome(ids[2], OutboundState::queued)));
    ASSERT_TRUE(record(store(), outcome(ids[3], OutboundState::expired)));
    for (int round = 0; round < 2; ++round) {
        const auto unsent = store().unsent_messages(OutboundId{}, 2);
        ASSERT_EQ(unsent->size(), 2u);
        EXPECT_EQ((*unsent)[0].message.id, ids[1]);
        EXPECT_EQ((*unsent)[0].state, OutboundState::held);
        EXPECT_EQ((*unsent)[0].held_since, held.at);
        EXPECT_EQ((*unsent)[1].message.id, ids[2]);
        EXPECT_EQ((*unsent)[1].message.tries, 1u);
        EXPECT_EQ((*unsent)[1].message.to.wa_id, "911");
        EXPECT_EQ(store().unsent_messages(ids[2], 10)->front().message.id, ids[4]);
        const auto doubtful = store().held_messages(OutboundId{}, 10);
        ASSERT_EQ(doubtful->size(), 1u);
        EXPECT_EQ(doubtful->front().id, ids[1]);
        EXPECT_EQ(doubtful->front().callback, "p1.1");
        EXPECT_EQ(doubtful->front().since, held.at);
        EXPECT_EQ(doubtful->front().reason, "the connection broke");
        EXPECT_EQ(store().counts()->unsent, 3u);
        EXPECT_EQ(store().counts()->held, 1u);
        reopen();
    }
}

TEST_P(MessageStoreContract, statuses_in_any_order_and_repeated_end_at_the_furthest) {
    std::vector<std::string> words = {"delivered", "failed", "read", "sent"};
    int permutation = 0;
    do {
        const std::string callback = "p1.L" + std::to_string(permutation);
        const std::string wamid = "w" + std::to_string(permutation++);
        const OutboundId id = answer_with(callback);
        OutboundState furthest = OutboundState::queued;
        for (const std::string& word : words) {
            const auto applied = apply(wamid, word, callback);
            ASSERT_TRUE(applied);
            EXPECT_EQ(applied->id, id);
            EXPECT_EQ(applied->moved, moves_forward(furthest, *outbound_state_of(word)));
            furthest = std::max(furthest, *outbound_state_of(word));
            EXPECT_EQ(applied->state, furthest);
            EXPECT_FALSE(apply(wamid, word, callback)) << "a repeated status is a duplicate";
        }
        EXPECT_EQ(furthest, OutboundState::read);
        EXPECT_EQ(state_of("wamid." + callback), OutboundState::read);
    } while (std::next_permutation(words.begin(), words.end()));
}

TEST_P(MessageStoreContract, a_status_settles_a_held_message_and_the_late_answer_does_not_undo_it) {
    const OutboundId id = answer_with("p1.H");
    ASSERT_TRUE(record(store(), outcome(id, OutboundState::held)));
    const auto applied = apply("w1", "delivered", "p1.H");
    ASSERT_TRUE(applied);
    EXPECT_TRUE(applied->moved);
    EXPECT_EQ(store().counts()->held, 0u);
    EXPECT_TRUE(store().unsent_messages(OutboundId{}, 10)->empty());
    for (const OutboundState late : {OutboundState::sent, OutboundState::queued, OutboundState::held,
                                     OutboundState::failed, OutboundState::expired}) {
        const auto state = record(store(), outcome(id, late, "w1"));
        ASSERT_TRUE(state);
        EXPECT_EQ(*state, OutboundState::delivered);
    }
    EXPECT_EQ(store().counts()->dead_letters, 0u);
    EXPECT_EQ(record(store(), outcome(OutboundId{999}, OutboundState::sent)).error().code(), Errc::not_found);
}

TEST_P(MessageStoreContract, a_held_message_is_queued_again_by_hand_as_the_same_message) {
    const OutboundId id = answer_with("p1.H");
    EXPECT_EQ(decide(store(), id, true).error().code(), Errc::conflict) << "it is queued";
    OutcomeRecord held = outcome(id, OutboundState::held);
    held.tries = 3;
    ASSERT_TRUE(record(store(), held));
    reopen();
    const auto again = decide(store(), id, true);
    ASSERT_TRUE(again) << again.error().message();
    EXPECT_EQ(again->id, id);
    EXPECT_EQ(again->callback, "p1.H");
    EXPECT_EQ(again->to.wa_id, "911");
    EXPECT_EQ(again->payload_json, reply("p1.H").payload_json);
    EXPECT_EQ(again->tries, 3u);
    EXPECT_EQ(again->created_at, t0 + Millis{9});
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(store().counts()->held, 0u);
        const auto unsent = store().unsent_messages(OutboundId{}, 10);
        ASSERT_EQ(unsent->size(), 1u);
        EXPECT_EQ(unsent->front().state, OutboundState::queued);
        reopen();
    }
    ASSERT_TRUE(record(store(), outcome(id, OutboundState::sent, "w1")));
    EXPECT_EQ(decide(store(), id, true).error().code(), Errc::conflict);
    EXPECT_EQ(apply("w1", "delivered", "p1.H")->state, OutboundState::delivered);
}

TEST_P(MessageStoreContract, a_queued_or_held_message_is_cancelled_by_hand_for_good) {
    const OutboundId queued = answer_with("p1.Q");
    const OutboundId held = answer_with("p1.H");
    ASSERT_TRUE(record(store(), outcome(held, OutboundState::held)));
    for (const OutboundId id : {queued, held}) {
        ASSERT_TRUE(decide(store(), id, false));
        EXPECT_EQ(decide(store(), id, false).error().code(), Errc::conflict);
        EXPECT_EQ(decide(store(), id, true).error().code(), Errc::conflict);
        EXPECT_EQ(*record(store(), outcome(id, OutboundState::sent, "w")), OutboundState::cancelled);
    }
    reopen();
    EXPECT_EQ(state_of("wamid.p1.H"), OutboundState::cancelled);
    EXPECT_EQ(store().counts()->unsent, 0u);
    EXPECT_EQ(store().counts()->held, 0u);
    EXPECT_EQ(store().counts()->dead_letters, 0u);
    EXPECT_FALSE(apply("w1", "delivered", "p1.H")->moved);
    EXPECT_EQ(decide(store(), OutboundId{999}, false).error().code(), Errc::not_found);
}

TEST_P(MessageStoreContract, a_message_that_a_status_settled_is_nobodys_to_decide) {
    const OutboundId id = answer_with("p1.S");
    ASSERT_TRUE(record(store(), outcome(id, OutboundState::held)));
    ASSERT_TRUE(apply("w1", "delivered", "p1.S")->moved);
    for (const bool send : {true, false}) EXPECT_EQ(decide(store(), id, send).error().code(), Errc::conflict);
    EXPECT_EQ(state_of("wamid.p1.S"), OutboundState::delivered);
}

TEST_P(MessageStoreContract, a_status_without_callback_finds_its_message_by_the_wamid) {
    const OutboundId id = answer_with("p1.W");
    ASSERT_TRUE(record(store(), outcome(id, OutboundState::sent, "w9")));
    const auto applied = apply("w9", "delivered", "");
    ASSERT_TRUE(applied);
    EXPECT_EQ(applied->id, id);
    reopen();
    EXPECT_EQ(apply("w9", "read", "")->state, OutboundState::read);
}

TEST_P(MessageStoreContract, foreign_statuses_and_notes_move_nothing) {
    NewOutbound own = reply("p1.N");
    own.user_callback = "order-7";
    const auto queued = queue(store(), own);
    ASSERT_TRUE(queued);
    EXPECT_FALSE(apply("w1", "delivered", "p1.UNKNOWN"));
    EXPECT_FALSE(add_one(status("w2", "delivered", "p1.N", number_b)).applied) << "another number's status";
    const auto note = apply("w3", "warning", "p1.N");
    ASSERT_TRUE(note);
    EXPECT_FALSE(note->moved);
    EXPECT_EQ(note->state, OutboundState::queued);
    EXPECT_EQ(note->user_callback, "order-7");
    EXPECT_EQ(note->conversation, queued->conversation);
    EXPECT_EQ(store().counts()->statuses, 3u);
    EXPECT_EQ(store().counts()->unsent, 1u);
}

TEST_P(MessageStoreContract, a_status_after_a_restart_finds_its_message_by_the_callback) {
    const OutboundId id = answer_with("p1.R");
    reopen();
    const auto applied = apply("w1", "sent", "p1.R");
    ASSERT_TRUE(applied);
    EXPECT_EQ(applied->id, id);
    EXPECT_TRUE(applied->moved);
    EXPECT_EQ(*record(store(), outcome(id, OutboundState::sent, "w1")), OutboundState::sent);
}

TEST_P(MessageStoreContract, expired_and_cancelled_are_final) {
    const OutboundId id = answer_with("p1.E");
    ASSERT_TRUE(record(store(), outcome(id, OutboundState::expired)));
    const auto applied = apply("w1", "delivered", "p1.E");
    ASSERT_TRUE(applied);
    EXPECT_FALSE(applied->moved);
    EXPECT_EQ(applied->state, OutboundState::expired);
}

TEST_P(MessageStoreContract, finds_nothing_where_nothing_is) {
    EXPECT_FALSE(*store().find_message(number_a, MessageId("nothing"), t0));
    EXPECT_TRUE(store().dead_letters(0, 10)->empty());
    EXPECT_TRUE(store().is_writable());
}

TEST_P(MessageStoreContract, a_provisional_id_is_kept_and_shown_with_later_statuses) {
    const auto queued = queue(store(), reply("p1.A"));
    const auto other = queue(store(), reply("p1.B"));
    ASSERT_TRUE(queued && other);
    EXPECT_EQ(apply("w1", "sent", "p1.A")->provisional_id, "");
    std::promise<Result<std::string>> given;
    store().give_provisional_id(queued->id, [&](Result<std::string> id) { given.set_value(std::move(id)); });
    const std::string id = given.get_future().get().value();
    EXPECT_EQ(id, provisional_id("p1.A"));
    for (const char* word : {"delivered", "read"}) {
        EXPECT_EQ(apply("w1", word, "p1.A")->provisional_id, id);
        EXPECT_EQ(store().authors_names("p1.A").value().provisional_id, id);
        EXPECT_EQ(store().authors_names("p1.B").value().provisional_id, "");
        reopen();
    }
    EXPECT_EQ(apply("w2", "sent", "p1.B")->provisional_id, "");
    std::promise<Result<std::string>> unknown;
    store().give_provisional_id(OutboundId{999},
                                [&](Result<std::string> none) { unknown.set_value(std::move(none)); });
    EXPECT_FALSE(unknown.get_future().get());
}

TEST_P(MessageStoreContract, a_late_failure_leaves_a_letter_once) {
    const OutboundId id = answer_with("p1.A");
    ASSERT_TRUE(record(store(), outcome(id, OutboundState::sent, "w1")));
    NewItem failed = status("w1", "failed", "p1.A");
    failed.item.update->error_text = "Message undeliverable";
    failed.item.update->error_code = 131026;
    add_all({failed, failed});
    add_one(status("w1", "sent", "p1.A"));
    const auto letters = store().dead_letters(0, 10);
    ASSERT_EQ(letters->size(), 1u);
    EXPECT_FALSE(letters->front().inbound);
    EXPECT_EQ(letters->front().message, to_int(id));
    EXPECT_EQ(letters->front().letter.detail, "131026: Message undeliverable");
}

TEST_P(MessageStoreContract, a_status_that_an_agent_asks_for_waits_for_a_turn_of_its_conversation) {
    const StoredItem asked = add_one(message("m1", "911"));
    NewOutbound own = reply("p1.A");
    own.user_callback = "order 7";
    TurnCommit turn = turn_of(asked, {own});
    turn.has_state = true;
    turn.new_state = {R"({"step":2})", 1, 1};
    ASSERT_TRUE(commit(store(), turn));
    NewItem foreign = status("w9", "failed", "");
    foreign.answerable = true;
    NewItem failed = status("w1", "failed", "p1.A");
    failed.answerable = true;
    const auto stored = add_all({foreign, failed, failed});
    EXPECT_FALSE(stored[0].state);
    EXPECT_EQ(stored[1].conversation, asked.conversation);
    ASSERT_TRUE(stored[1].state);
    EXPECT_EQ(stored[1].state->json, R"({"step":2})");
    EXPECT_EQ(stored[1].applied->user_callback, "order 7");
    EXPECT_EQ(stored[2].disposition, Disposition::duplicate);
    for (int round = 0; round < 2; ++round) {
        const auto open = store().open_messages(ItemSeq{}, 10);
        ASSERT_EQ(open->size(), 1u);
        EXPECT_EQ(open->front().seq, stored[1].seq);
        EXPECT_EQ(open->front().conversation, asked.conversation);
        EXPECT_EQ(store().authors_names("p1.A").value().user_callback, "order 7");
        EXPECT_EQ(store().authors_names("p1.B").value().user_callback, "");
        reopen();
    }
    EXPECT_TRUE(commit(store(), turn_of(stored[1])));
    EXPECT_TRUE(store().open_messages(ItemSeq{}, 10)->empty());
}

TEST_P(MessageStoreContract, a_change_that_an_agent_asks_for_waits_in_the_conversation_of_its_person) {
    const StoredItem asked = add_one(message("m1", "911"));
    ASSERT_TRUE(commit(store(), turn_of(asked)));
    NewItem personal = call_of("c1", "911", t0);
    NewItem general = call_of("c2", "", t0);
    personal.answerable = general.answerable = true;
    const auto stored = add_all({personal, general});
    EXPECT_EQ(stored[0].conversation, asked.conversation);
    EXPECT_NE(stored[1].conversation, asked.conversation);
    EXPECT_NE(stored[1].conversation, ConversationId{});
    reopen();
    EXPECT_EQ(store().open_messages(ItemSeq{}, 10)->size(), 2u);
}

}  // namespace parley::contract
