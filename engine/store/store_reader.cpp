#include "store/store_reader.hpp"

#include "store/history_rows.hpp"
#include "store/item_flags.hpp"
#include "store/merged_conversation.hpp"

namespace parley {
Result<> StoreReader::open() {
    if (!db_.prepare(item_,
                     "SELECT i.conversation, i.channel, i.raw, i.waba_id, i.received_at, t.attempt, t.state,"
                     " i.kind, i.hash"
                     " FROM item i LEFT JOIN turn t ON t.seq=i.seq WHERE i.seq=?1") ||
        !db_.prepare(state_, "SELECT revision, schema, json FROM conversation_state WHERE conversation=?1") ||
        !db_.prepare(merged_, merged_into_sql) ||
        !db_.prepare(
            outbound_,
            "SELECT o.conversation, o.created_at, o.channel, o.wa_id, o.user_id, o.callback, o.user_callback,"
            " o.payload, s.tries, s.state, s.at, i.hash FROM outbound o LEFT JOIN outbound_state s ON "
            "s.id=o.id"
            " LEFT JOIN item i ON i.seq=o.turn WHERE o.id=?1") ||
        !db_.prepare(held_,
                     "SELECT o.channel, o.wa_id, o.user_id, o.callback, s.at, s.error_text FROM outbound o"
                     " JOIN outbound_state s ON s.id=o.id WHERE o.id=?1 AND s.state=2") ||
        !db_.prepare(find_, "SELECT seq FROM dedup WHERE at=?1 AND hash=?2") ||
        !db_.prepare(record_,
                     "SELECT i.flags, t.state, t.annotations, t.first_reply, t.replies FROM item i"
                     " LEFT JOIN turn t ON t.seq=i.seq WHERE i.seq=?1") ||
        !db_.prepare(names_,
                     "SELECT o.user_callback, EXISTS (SELECT 1 FROM outbound_callback p WHERE p.callback=?2)"
                     " FROM outbound_callback c JOIN outbound o ON o.id=c.id"
                     " WHERE c.callback=?1") ||
        !db_.prepare(followup_keys_, "SELECT key FROM followup WHERE conversation=?1") ||
        !db_.prepare(followups_, "SELECT channel, count(*) FROM followup GROUP BY channel") ||
        !db_.prepare(
            letters_,
            "SELECT id, inbound, message, at, reason, detail FROM dead_letter WHERE id<?1 ORDER BY id"
            " DESC LIMIT ?2"))
        return db_.error();
    return {};
}

template <class Value>
Result<Value> StoreReader::checked(Value value) {
    if (!db_.failed()) return value;
    const Error why = db_.error();
    db_.clear_failure();
    return why;
}

template <class Row, class Ids, class Fetch>
Result<std::vector<Row>> StoreReader::page(std::size_t limit, Ids next_ids, Fetch fetch) {
    const std::lock_guard lock(mutex_);
    // One view of the database for the page: a view for each row would lock the file and read its pages again. What the
    // index learns meanwhile is not in it, nor is what comes after; the next page has it.
    db_.begin();
    std::vector<Row> rows;
    std::int64_t last = -1;
    while (rows.size() < limit && !db_.failed()) {
        const auto ids = next_ids(last, limit - rows.size());
        if (ids.empty()) break;
        last = ids.back();
        for (const std::int64_t id : ids)
            if (auto row = fetch(id)) rows.push_back(std::move(*row));
    }
    auto page = checked(std::move(rows));
    db_.rollback();  // nothing was written
    return page;
}

Result<std::vector<OpenMessage>> StoreReader::open_messages(ItemSeq after, std::size_t limit) {
    return page<OpenMessage>(
        limit,
        [&](std::int64_t last, std::size_t n) {
            return index_.open_after(ItemSeq{std::max(last, to_int(after))}, n);
        },
        [&](std::int64_t seq) { return open_message(ItemSeq{seq}); });
}

Result<std::vector<UnsentMessage>> StoreReader::unsent_messages(OutboundId after, std::size_t limit) {
    return page<UnsentMessage>(
        limit,
        [&](std::int64_t last, std::size_t n) {
            return index_.unsent_after(OutboundId{std::max(last, to_int(after))}, n);
        },
        [&](std::int64_t id) -> std::optional<UnsentMessage> {
            auto found = outbound(OutboundId{id});
            if (found && is_settled(found->state)) found.reset();
            return found;
        });
}

Result<std::vector<HeldMessage>> StoreReader::held_messages(OutboundId after, std::size_t limit) {
    return page<HeldMessage>(
        limit,
        [&](std::int64_t last, std::size_t n) {
            return index_.held_after(OutboundId{std::max(last, to_int(after))}, n);
        },
        [&](std::int64_t id) { return held(OutboundId{id}); });
}

std::optional<OpenMessage> StoreReader::open_message(ItemSeq seq) {
    item_.start(seq);
    // Since the index was asked, its turn may have been committed.
    if (!item_.next() || item_.integer(6) != 0) {
        item_.reset();
        return std::nullopt;
    }
    OpenMessage message;
    message.seq = seq;
    message.conversation = ConversationId{item_.integer(0)};
    message.channel = PhoneNumberId(std::string(item_.text(1)));
    message.raw_json = item_.text(2);
    message.waba_id = item_.text(3);
    message.received_at = from_unix_ms(item_.integer(4));
    message.attempt = static_cast<std::uint32_t>(item_.integer(5));
    message.kind = static_cast<ItemKind>(item_.integer(7));
    message.trace_id = to_trace_id(item_.text(8));
    item_.reset();
    message.conversation = current_conversation(merged_, message.conversation);
    message.state = state(message.conversation);
    followup_keys_.start(message.conversation);
    while (followup_keys_.next()) message.state.followups.emplace_back(followup_keys_.text(0));
    return message;
}

std::optional<UnsentMessage> StoreReader::outbound(OutboundId id) {
    outbound_.start(id);
    if (!outbound_.next()) return std::nullopt;
    UnsentMessage row;
    row.message.id = id;
    row.message.conversation = ConversationId{outbound_.integer(0)};
    row.message.created_at = from_unix_ms(outbound_.integer(1));
    row.message.channel = PhoneNumberId(std::string(outbound_.text(2)));
    row.message.to = {std::string(outbound_.text(3)), std::string(outbound_.text(4))};
    row.message.callback = outbound_.text(5);
    row.message.user_callback = outbound_.text(6);
    row.message.payload_json = outbound_.text(7);
    row.message.tries = static_cast<std::uint32_t>(outbound_.integer(8));
    row.state = static_cast<OutboundState>(outbound_.integer(9));
    row.message.answered_trace = to_trace_id(outbound_.text(11));
    if (row.state == OutboundState::held) row.held_since = from_unix_ms(outbound_.integer(10));
    outbound_.reset();
    row.message.conversation = current_conversation(merged_, row.message.conversation);
    return row;
}

std::optional<HeldMessage> StoreReader::held(OutboundId id) {
    held_.start(id);
    if (!held_.next()) return std::nullopt;
    HeldMessage row{id,
                    PhoneNumberId(std::string(held_.text(0))),
                    {std::string(held_.text(1)), std::string(held_.text(2))},
                    std::string(held_.text(3)),
                    from_unix_ms(held_.integer(4)),
                    std::string(held_.text(5))};
    held_.reset();
    return row;
}

ConversationState StoreReader::state(ConversationId id) {
    ConversationState state;
    state_.start(id);
    if (state_.next()) {
        state.revision = static_cast<std::uint64_t>(state_.integer(0));
        state.schema = static_cast<std::uint32_t>(state_.integer(1));
        state.json = state_.text(2);
    }
    state_.reset();
    return state;
}

std::optional<ItemSeq> StoreReader::find_item(const DedupKey& key) {
    // Memory first: a key is taken out of it only after it can be seen in the table.
    if (const auto recent = find_recent_(key)) return recent;
    find_.start(key.at, sqlite::Blob{key.bytes()});
    if (!find_.next()) return std::nullopt;
    const ItemSeq seq{find_.integer(0)};
    find_.reset();
    return seq;
}

std::optional<MessageRecord> StoreReader::record(ItemSeq seq) {
    record_.start(seq);
    if (!record_.next()) return std::nullopt;
    MessageRecord found;
    found.seq = seq;
    const bool routed = (record_.integer(0) & item_routed) != 0;
    found.state = routed ? static_cast<InboundState>(record_.integer(1)) : InboundState::unrouted;
    found.annotations = to_annotations(record_.text(2));
    const std::int64_t first = record_.integer(3);
    const std::int64_t count = record_.integer(4);
    record_.reset();
    for (std::int64_t id = first; id < first + count; ++id)
        if (auto reply = outbound(OutboundId{id})) found.replies.push_back(std::move(*reply));
    return found;
}

Result<std::optional<MessageRecord>> StoreReader::find_message(const PhoneNumberId& channel,
                                                               const MessageId& id, WallTime at) {
    const std::lock_guard lock(mutex_);
    std::optional<MessageRecord> found;
    if (const auto seq = find_item(hasher_.key(ItemKind::message, channel, {}, id.str(), at)))
        found = record(*seq);
    return checked(std::move(found));
}

Result<std::vector<DeadLetterRecord>> StoreReader::dead_letters(std::int64_t before, std::size_t limit) {
    const std::lock_guard lock(mutex_);
    std::vector<DeadLetterRecord> rows;
    letters_.start(before > 0 ? before : INT64_MAX, limit);
    while (letters_.next())
        rows.push_back({letters_.integer(0),
                        letters_.integer(1) != 0,
                        letters_.integer(2),
                        from_unix_ms(letters_.integer(3)),
                        {std::string(letters_.text(4)), std::string(letters_.text(5))}});
    return checked(std::move(rows));
}

Result<std::vector<WaitingFollowups>> StoreReader::waiting_followups() {
    const std::lock_guard lock(mutex_);
    std::vector<WaitingFollowups> rows;
    followups_.start();
    while (followups_.next())
        rows.push_back({PhoneNumberId(std::string(followups_.text(0))),
                        static_cast<std::uint64_t>(followups_.integer(1))});
    return checked(std::move(rows));
}

Result<AuthorsNames> StoreReader::authors_names(const std::string& callback) {
    const std::lock_guard lock(mutex_);
    const std::string provisional = provisional_id(callback);
    names_.start(callback, provisional);
    AuthorsNames names;
    if (names_.next()) names = {std::string(names_.text(0)), names_.integer(1) != 0 ? provisional : ""};
    names_.reset();
    return checked(std::move(names));
}

}  // namespace parley
