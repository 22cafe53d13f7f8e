// Small messages, statuses and turns for the store's contract, and calls that wait for their completion.
#pragma once

#include <chrono>
#include <future>
#include <string>

#include "core/message_store.hpp"

namespace parley::contract {

inline constexpr WallTime t0{Millis{1'790'000'000'000}};
inline const PhoneNumberId number_a{"1001"};
inline const PhoneNumberId number_b{"1002"};

inline NewItem message(const std::string& id, const std::string& wa_id,
                       const PhoneNumberId& channel = number_a, WallTime at = t0) {
    NewItem item;
    item.item.kind = ItemKind::message;
    item.item.channel = channel;
    item.item.waba_id = "waba";
    item.item.field = "messages";
    item.item.dedup_id = id;
    item.item.timestamp = at;
    item.item.raw_json = R"({"messages":[{"id":")" + id + R"("}]})";
    InboundMessage& content = item.item.message.emplace();
    content.id = MessageId(id);
    content.from = Party{wa_id, {}, {}, "Asha"};
    content.type = "text";
    content.text = "hi";
    content.sent_at = at;
    item.item.opens_window = true;
    return item;
}

inline NewItem message_of(const std::string& id, Party from) {
    NewItem item = message(id, {});
    item.item.message->from = std::move(from);
    return item;
}

inline NewItem change_of_names(const std::string& id, Party from, Party becomes) {
    NewItem item = message_of(id, std::move(from));
    item.item.message->type = "system";
    item.item.message->becomes = std::move(becomes);
    item.item.opens_window = false;
    item.answerable = false;
    return item;
}

inline NewItem status(const std::string& wamid, const std::string& word, const std::string& callback,
                      const PhoneNumberId& channel = number_a) {
    NewItem item;
    item.item.kind = ItemKind::status;
    item.item.channel = channel;
    item.item.waba_id = "waba";
    item.item.field = "messages";
    item.item.dedup_id = wamid + "|" + word + "|";
    item.item.timestamp = t0;
    item.item.raw_json = R"({"statuses":[{"id":")" + wamid + R"("}]})";
    DeliveryUpdate update;
    update.wamid = MessageId(wamid);
    update.word = word;
    update.state = outbound_state_of(word);
    update.callback = callback;
    update.at = t0;
    item.item.update = update;
    item.answerable = false;
    return item;
}

inline NewItem call_of(const std::string& id, const std::string& wa_id, WallTime at) {
    NewItem item;
    item.item.channel = number_a;
    item.item.waba_id = "waba";
    item.item.field = "calls";
    item.item.dedup_id = id;
    item.item.timestamp = at;
    item.item.raw_json = "{}";
    item.item.person.wa_id = wa_id;
    item.item.opens_window = true;
    item.answerable = false;
    return item;
}

inline InboundBatch post(std::vector<NewItem> items) {
    InboundBatch batch;
    batch.post = {t0, 700, AppId("default"), "127.0.0.1"};
    batch.items = std::move(items);
    return batch;
}

inline NewOutbound reply(const std::string& callback, const std::string& wa_id = "911",
                         const PhoneNumberId& channel = number_a) {
    return {channel, {wa_id, {}}, R"({"type":"text","text":{"body":"hello"}})", callback, {}};
}

inline OutcomeRecord outcome(OutboundId id, OutboundState state, const std::string& wamid = {}) {
    OutcomeRecord record;
    record.id = id;
    record.state = state;
    record.at = t0 + Millis{5};
    record.tries = 1;
    record.wamid = MessageId(wamid);
    return record;
}

inline TurnCommit turn_of(const StoredItem& item, std::vector<NewOutbound> replies = {}) {
    TurnCommit turn;
    turn.seq = item.seq;
    turn.conversation = item.conversation;
    turn.at = t0 + Millis{1};
    turn.replies = std::move(replies);
    return turn;
}

// Waits for a completion; a store that forgets one fails the test instead of hanging it.
template <class T, class Call>
Result<T> wait_for(Call call) {
    auto promise = std::make_shared<std::promise<Result<T>>>();
    auto future = promise->get_future();
    call(Completion<Result<T>>([promise](Result<T> result) { promise->set_value(std::move(result)); }));
    if (future.wait_for(std::chrono::seconds(30)) != std::future_status::ready)
        return Error(Errc::fault, "the completion did not run within 30 s");
    return future.get();
}

inline Result<std::vector<StoredItem>> add(MessageStore& store, InboundBatch batch) {
    return wait_for<std::vector<StoredItem>>(
        [&](auto done) { store.add_inbound(std::move(batch), std::move(done)); });
}
inline Result<std::vector<OutboundId>> commit(MessageStore& store, TurnCommit turn) {
    return wait_for<std::vector<OutboundId>>(
        [&](auto done) { store.commit_turn(std::move(turn), std::move(done)); });
}
inline Result<OutboundMessage> queue(MessageStore& store, NewOutbound what) {
    return wait_for<OutboundMessage>(
        [&](auto done) { store.add_outbound(std::move(what), t0, std::move(done)); });
}
inline Result<OutboundState> record(MessageStore& store, OutcomeRecord what) {
    return wait_for<OutboundState>(
        [&](auto done) { store.record_outcome(std::move(what), std::move(done)); });
}

inline Result<OutboundMessage> decide(MessageStore& store, OutboundId id, bool send) {
    return wait_for<OutboundMessage>([&](auto done) {
        store.decide_outbound({id, send, t0 + Millis{9}, "ops"}, std::move(done));
    });
}

inline Result<Revived> end_letter(MessageStore& store, std::int64_t letter, bool retry) {
    return wait_for<Revived>([&](auto done) { store.end_dead_letter(letter, retry, t0, std::move(done)); });
}

inline Result<FiredFollowups> fire_due(MessageStore& store, WallTime now, std::vector<PhoneNumberId> channels,
                                       std::size_t limit = 256) {
    return wait_for<FiredFollowups>([&](auto done) {
        store.fire_followups({now, std::move(channels), limit}, std::move(done));
    });
}

inline WallTime last_inbound(MessageStore& store, ConversationId conversation) {
    const auto known =
        wait_for<WallTime>([&](auto done) { store.last_inbound(conversation, std::move(done)); });
    return known ? *known : WallTime::max();
}

}  // namespace parley::contract
