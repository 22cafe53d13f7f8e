#include "store/outbox_table.hpp"

#include <algorithm>

namespace parley {

Result<> OutboxTable::open(sqlite::Database& db) {
    db_ = &db;
    if (!db.prepare(insert_, "INSERT INTO outbound VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)") ||
        !db.prepare(insert_callback_, "INSERT OR IGNORE INTO outbound_callback VALUES (?1,?2)") ||
        !db.prepare(find_callback_, "SELECT id FROM outbound_callback WHERE callback=?1") ||
        !db.prepare(load_,
                    "SELECT o.conversation, o.channel, o.callback, o.user_callback, s.state, s.tries, "
                    "s.wamid, o.turn, s.sent_at"
                    " FROM outbound o LEFT JOIN outbound_state s ON s.id=o.id WHERE o.id=?1") ||
        !db.prepare(put_,
                    "INSERT INTO outbound_state VALUES (?1,?2,?3,?4,?5,?6,?7,?8) ON CONFLICT DO UPDATE SET"
                    " state=?2, at=?3, tries=?4, wamid=?5, error_code=?6, error_text=?7, sent_at=?8") ||
        !db.prepare(attempt_, "INSERT OR REPLACE INTO attempt VALUES (?1,?2,?3,?4,?5,?6,?7)") ||
        !db.prepare(read_,
                    "SELECT o.wa_id, o.user_id, o.payload, i.hash FROM outbound o"
                    " LEFT JOIN item i ON i.seq=o.turn WHERE o.id=?1") ||
        !db.prepare(learn_,
                    "INSERT INTO outbound_state VALUES (?1,?2,?3,?4,?5,0,'',0) ON CONFLICT DO UPDATE SET"
                    " tries=?4, wamid=?5"))
        return db.error();
    const auto last = db.query_integer(
        "SELECT max((SELECT coalesce(max(id), 0) FROM outbound), outbound_through) FROM mark");
    if (!last) return last.error();
    last_ = *last;
    return load_wamids(db);
}

Result<> OutboxTable::load_wamids(sqlite::Database& db) {
    auto rows =
        db.prepare("SELECT id, wamid FROM outbound_state WHERE wamid<>'' ORDER BY id DESC LIMIT 4096");
    if (!rows) return rows.error();
    rows->start();
    while (rows->next()) wamids_.put(rows->text(1), OutboundId{rows->integer(0)});
    if (db.failed()) return db.error();
    return {};
}

void OutboxTable::forget() {
    for (Entry& entry : recent_) entry = {};
    callbacks_.clear();
    wamids_.clear();
}

Result<OutboundId> OutboxTable::insert(Batch& batch, const NewOutbound& message, ConversationId conversation,
                                       ItemSeq turn, WallTime at) {
    const OutboundId id{++last_};
    insert_callback_.run(message.callback, id);
    if (db_->changes() == 0 && !db_->failed())
        return batch.undone(Errc::conflict,
                            "a message with the callback id " + message.callback + " exists already");
    insert_.run(id, conversation, turn, unix_ms(at), message.channel.str(), message.to.wa_id,
                message.to.user_id, message.callback, message.user_callback, message.payload_json,
                tails_.append(conversation, message.channel, id, at));
    callbacks_.put(message.callback, id);
    slot(id) = {id,
                conversation,
                OutboundState::queued,
                0,
                0,
                message.channel.str(),
                message.callback,
                message.user_callback,
                {},
                {}};
    batch.changes.outbound.emplace_back(id, OutboundState::queued);
    return id;
}

OutboxTable::Entry* OutboxTable::load(OutboundId id) {
    Entry& entry = slot(id);
    if (entry.id == id) return &entry;
    load_.start(id);
    if (!load_.next()) return nullptr;
    entry = {id,
             ConversationId{load_.integer(0)},
             static_cast<OutboundState>(load_.integer(4)),
             load_.integer(5),
             load_.integer(8),
             std::string(load_.text(1)),
             std::string(load_.text(2)),
             std::string(load_.text(3)),
             std::string(load_.text(6)),
             {}};
    const bool is_reply = load_.integer(7) > 0;
    load_.reset();
    if (is_reply) return &entry;  // an agent never waits for an id
    std::string provisional = provisional_id(entry.callback);
    find_callback_.start(provisional);
    if (find_callback_.next()) entry.provisional = std::move(provisional);
    find_callback_.reset();
    return &entry;
}

Result<std::string> OutboxTable::give_provisional_id(OutboundId id) {
    Entry* entry = load(id);
    if (entry == nullptr) return Error(Errc::not_found, "no outbound message " + std::to_string(to_int(id)));
    entry->provisional = provisional_id(entry->callback);
    insert_callback_.run(entry->provisional, id);
    return entry->provisional;
}

// It may wait as long as a new one.
Result<OutboundMessage> OutboxTable::read(const Entry& entry, WallTime at) {
    OutboundMessage message;
    read_.start(entry.id);
    if (!read_.next())
        return Error(Errc::not_found, "no outbound message " + std::to_string(to_int(entry.id)));
    message.to = {std::string(read_.text(0)), std::string(read_.text(1))};
    message.payload_json = read_.text(2);
    message.answered_trace = to_trace_id(read_.text(3));
    read_.reset();
    message.id = entry.id;
    message.conversation = entry.conversation;
    message.channel = PhoneNumberId{entry.channel};
    message.callback = entry.callback;
    message.user_callback = entry.user_callback;
    message.tries = static_cast<std::uint32_t>(entry.tries);
    message.created_at = at;
    return message;
}

Result<OutboundMessage> OutboxTable::requeue(Batch& batch, OutboundId id, WallTime at) {
    Entry* entry = load(id);
    if (entry == nullptr) return Error(Errc::not_found, "no outbound message " + std::to_string(to_int(id)));
    if (entry->state != OutboundState::failed && entry->state != OutboundState::expired)
        return Error(Errc::conflict, "the message is " + std::string(to_string(entry->state)));
    entry->tries = entry->sent_at = 0;
    auto message = read(*entry, at);
    if (!message) return message;
    entry->wamid.clear();
    move(batch, *entry, OutboundState::queued, at, 0, {});
    return message;
}

Result<OutboundMessage> OutboxTable::decide(Batch& batch, const OutboundDecision& decision) {
    Entry* entry = load(decision.id);
    if (entry == nullptr)
        return Error(Errc::not_found, "no outbound message " + std::to_string(to_int(decision.id)));
    if (decision.send ? entry->state != OutboundState::held : is_settled(entry->state))
        return Error(Errc::conflict, "the message is " + std::string(to_string(entry->state)));
    auto message = read(*entry, decision.at);
    if (!message) return message;
    const OutboundState to = decision.send ? OutboundState::queued : OutboundState::cancelled;
    attempt_.run(decision.id, unix_ms(decision.at), entry->tries, to, 0, "", decision.by);
    move(batch, *entry, to, decision.at, 0, {});
    return message;
}

OutboxTable::Entry* OutboxTable::find(const DeliveryUpdate& update) {
    if (!update.callback.empty()) {
        if (const OutboundId* id = callbacks_.find(update.callback)) return load(*id);
        find_callback_.start(update.callback);
        const OutboundId id = find_callback_.next() ? OutboundId{find_callback_.integer(0)} : OutboundId{};
        find_callback_.reset();
        if (id != OutboundId{}) {
            callbacks_.put(update.callback, id);
            return load(id);
        }
    }
    const OutboundId* id = wamids_.find(update.wamid.str());
    return id == nullptr ? nullptr : load(*id);
}

void OutboxTable::move(Batch& batch, Entry& entry, OutboundState to, WallTime at, std::int32_t code,
                       std::string_view text) {
    entry.state = to;
    put_.run(entry.id, to, unix_ms(at), entry.tries, entry.wamid, code, text, entry.sent_at);
    batch.changes.outbound.emplace_back(entry.id, to);
}

void OutboxTable::learn(Entry& entry, const MessageId& wamid, std::int64_t tries, WallTime at) {
    const bool new_wamid = entry.wamid.empty() && !wamid.empty();
    if (!new_wamid && tries <= entry.tries) return;
    if (new_wamid) {
        entry.wamid = wamid.str();
        wamids_.put(entry.wamid, entry.id);
    }
    entry.tries = std::max(entry.tries, tries);
    learn_.run(entry.id, entry.state, unix_ms(at), entry.tries, entry.wamid);
}

Result<OutboundState> OutboxTable::record(Batch& batch, const OutcomeRecord& outcome) {
    Entry* entry = load(outcome.id);
    if (entry == nullptr)
        return Error(Errc::not_found, "no outbound message " + std::to_string(to_int(outcome.id)));
    if (is_settled(entry->state) && !moves_forward(entry->state, outcome.state)) {
        learn(*entry, outcome.wamid, outcome.tries, outcome.at);
        return entry->state;
    }
    if (entry->wamid.empty() && !outcome.wamid.empty()) {
        entry->wamid = outcome.wamid.str();
        wamids_.put(entry->wamid, entry->id);
    }
    entry->tries = std::max<std::int64_t>(entry->tries, outcome.tries);
    if (outcome.state == OutboundState::sent)
        entry->sent_at = unix_ms(outcome.at);
    else
        attempt_.run(outcome.id, unix_ms(outcome.at), outcome.tries, outcome.state, outcome.error_code,
                     outcome.error_text, "");
    move(batch, *entry, outcome.state, outcome.at, outcome.error_code, outcome.error_text);
    if (outcome.dead_letter) letters_.add(batch, false, to_int(outcome.id), outcome.at, *outcome.dead_letter);
    return entry->state;
}

std::optional<Applied> OutboxTable::apply(Batch& batch, const DeliveryUpdate& update,
                                          const PhoneNumberId& channel) {
    Entry* entry = find(update);
    if (entry == nullptr || entry->channel != channel.str()) return std::nullopt;
    const bool moved = update.state && moves_forward(entry->state, *update.state);
    if (moved) {
        if (entry->wamid.empty() && !update.wamid.empty()) {
            entry->wamid = update.wamid.str();
            wamids_.put(entry->wamid, entry->id);
        }
        move(batch, *entry, *update.state, update.at, update.error_code, update.error_text);
        if (*update.state == OutboundState::failed)
            letters_.add(batch, false, to_int(entry->id), update.at,
                         {"WhatsApp could not deliver the message",
                          std::to_string(update.error_code) + ": " + update.error_text});
    } else {
        learn(*entry, update.wamid, entry->tries, update.at);
    }
    return Applied{entry->id,
                   entry->conversation,
                   entry->state,
                   moved,
                   entry->user_callback,
                   update.window_closed,
                   channel,
                   {update.recipient.wa_id, update.recipient.user_id},
                   entry->provisional};
}

}  // namespace parley
