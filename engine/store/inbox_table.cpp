#include "store/inbox_table.hpp"

#include "base/json_text.hpp"
#include "core/service_window.hpp"
#include "store/item_flags.hpp"

namespace parley {
namespace {

void write_annotations(std::string& out, const Annotations& annotations) {
    out.clear();
    for (const auto& [key, value] : annotations) {
        out += out.empty() ? "[[" : ",[";
        append_json_string(out, key);
        out += ',';
        append_json_string(out, value);
        out += ']';
    }
    if (!out.empty()) out += ']';
}

}  // namespace

Result<> InboxTable::open(sqlite::Database& db) {
    db_ = &db;
    if (!db.prepare(insert_item_,
                    "INSERT INTO item VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16)") ||
        !db.prepare(
            finish_,
            "INSERT INTO turn VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9) ON CONFLICT DO UPDATE SET state=?2, at=?3,"
            " attempt=?4, first_reply=?5, replies=?6, annotations=?7, agent=?8, began_at=?9 WHERE state=0") ||
        !db.prepare(
            crash_,
            "INSERT INTO turn VALUES (?1,0,0,1,0,0,'',0,0) ON CONFLICT DO UPDATE SET attempt=attempt+1"
            " WHERE state=0") ||
        !db.prepare(revive_, "DELETE FROM turn WHERE seq=?1 AND state=?2") ||
        !db.prepare(load_,
                    "SELECT conversation, channel, raw, waba_id, received_at, kind, hash FROM item"
                    " WHERE seq=?1") ||
        !db.prepare(exists_, "SELECT 1 FROM item WHERE seq=?1"))
        return db.error();
    const auto item =
        db.query_integer("SELECT max((SELECT coalesce(max(seq), 0) FROM item), items_through) FROM mark");
    if (!item) return item.error();
    last_ = *item;
    if (auto done = agents_.open(db); !done) return done;
    return kept_.open(db);
}

std::vector<StoredItem> InboxTable::add(Batch& batch, const InboundBatch& post) {
    std::vector<StoredItem> stored;
    stored.reserve(post.items.size());
    const std::int64_t first = last_ + 1;
    for (const NewItem& item : post.items) stored.push_back(add_item(batch, item, post, first));
    return stored;
}

StoredItem InboxTable::add_item(Batch& batch, const NewItem& item, const InboundBatch& post,
                                std::int64_t first) {
    const WebhookItem& what = item.item;
    StoredItem result;
    const DedupKey key = hasher_.key(what);
    if (dedup_.contains(key)) {
        result.disposition = Disposition::duplicate;
        return result;
    }
    result.trace_id = to_trace_id(key.bytes());
    const bool expired = what.timestamp < post.oldest_answerable;
    result.seq = ItemSeq{++last_};
    result.disposition = expired ? Disposition::expired : Disposition::added;
    bool answerable = item.answerable && !expired;
    if (what.kind == ItemKind::status) {
        if (what.update && !expired) result.applied = outbox_.apply(batch, *what.update, what.channel);
        if (result.applied)
            result.applied->conversation = conversations_.current(result.applied->conversation);
        answerable = answerable && result.applied;
        if (answerable) result.conversation = result.applied->conversation;
    } else {
        result.conversation = converse(item, expired, post.post.received_at);
    }
    const ConversationId talk =
        what.kind == ItemKind::status && result.applied ? result.applied->conversation : result.conversation;
    const WallTime active_at = what.kind == ItemKind::message ? post.post.received_at : WallTime{};
    const ItemSeq prev =
        talk == ConversationId{} ? ItemSeq{} : tails_.append(talk, what.channel, result.seq, active_at);
    const std::int64_t flags = (item.routed ? item_routed : 0) | (answerable ? item_answerable : 0) |
                               (what.opens_window ? item_opens_window : 0);
    insert_item_.run(result.seq, first, unix_ms(post.post.received_at), post.post.bytes, post.post.app.str(),
                     post.post.peer, what.kind, flags, unix_ms(what.timestamp), talk,
                     sqlite::Blob{key.bytes()}, what.channel.str(), what.waba_id,
                     what.field == "messages" ? std::string_view{} : std::string_view(what.field),
                     what.raw_json, prev);
    dedup_.add(key, result.seq);
    if (what.opens_window) {
        tails_.opened_window(result.conversation, what.channel,
                             window_start(what.timestamp, post.post.received_at));
        if (followups_.has_any()) followups_.person_wrote(batch, result.conversation);
    }
    if (answerable && !item.routed) kept_.add(what.channel, post.post.app, result.seq);
    if (is_for_a_turn(flags)) {
        result.state = state_of(result.conversation);
        batch.changes.opened.push_back(result.seq);
    }
    batch.changes.messages += what.kind == ItemKind::message;
    batch.changes.statuses += what.kind == ItemKind::status;
    batch.changes.unrouted += !item.routed;
    return result;
}

// Errors and changes have a conversation when they are an agent's, or a call.
ConversationId InboxTable::converse(const NewItem& item, bool expired, WallTime received_at) {
    const WebhookItem& what = item.item;
    if (what.kind != ItemKind::message) {
        if (!item.answerable && !what.opens_window) return {};
        return conversations_.resolve(what.channel, what.person, received_at);
    }
    if (!what.message) return conversations_.resolve(what.channel, Party{}, received_at);
    const ConversationId id = conversations_.resolve(what.channel, what.message->from, received_at);
    const std::optional<Party>& becomes = what.message->becomes;
    return becomes && !expired ? conversations_.rename(what.channel, id, *becomes) : id;
}

Error InboxTable::why_not_open(ItemSeq seq) {
    exists_.start(seq);
    const bool exists = exists_.next();
    exists_.reset();
    if (!exists) return {Errc::not_found, "no message " + std::to_string(to_int(seq))};
    return {Errc::conflict, "message " + std::to_string(to_int(seq)) + " waits for no turn"};
}

Result<std::vector<OutboundId>> InboxTable::finish(Batch& batch, const TurnCommit& turn) {
    if (!index_.is_open(turn.seq)) return why_not_open(turn.seq);
    write_annotations(annotations_, turn.annotations);
    const std::int64_t first = turn.replies.empty() ? 0 : to_int(outbox_.last()) + 1;
    finish_.run(turn.seq, turn.state, unix_ms(turn.at), turn.attempt, first, turn.replies.size(),
                annotations_, agents_.number_of(turn.agent), unix_ms(turn.began_at));
    if (db_->changes() == 0 && !db_->failed()) return why_not_open(turn.seq);
    const ConversationId conversation = conversations_.current(turn.conversation);
    if (turn.has_state) conversations_.put_state(conversation, turn.new_state);
    std::vector<OutboundId> ids;
    ids.reserve(turn.replies.size());
    for (const NewOutbound& reply : turn.replies) {
        auto id = outbox_.insert(batch, reply, conversation, turn.seq, turn.at);
        if (!id) return id.error();
        ids.push_back(*id);
    }
    if (!turn.followups.empty()) followups_.apply(batch, conversation, turn);
    if (turn.dead_letter) letters_.add(batch, true, to_int(turn.seq), turn.at, *turn.dead_letter);
    batch.changes.finished.push_back(turn.seq);
    return ids;
}

ConversationState InboxTable::state_of(ConversationId conversation) {
    ConversationState state = conversations_.state(conversation);
    if (followups_.has_any()) state.followups = followups_.keys(conversation);
    return state;
}

FiredFollowups InboxTable::fire(Batch& batch, const FollowupCall& call) {
    FiredFollowups fired;
    for (FollowupTable::Due& due : followups_.take_due(call)) {
        const WallTime last = due.in_window ? tails_.window(due.conversation) : WallTime{};
        if (last != WallTime{} && is_window_closed(last, call.now)) {
            ++fired.outside_window;
            continue;
        }
        fired.messages.push_back(open_followup(batch, std::move(due), call.now));
    }
    batch.followups.fired += fired.messages.size();
    batch.followups.outside_window += fired.outside_window;
    for (OpenMessage& message : fired.messages) message.state = state_of(message.conversation);
    fired.next = followups_.next(call.channels);
    return fired;
}

KeptMessages::Page InboxTable::open_kept(Batch& batch, const KeptCall& call) {
    KeptMessages::Page page = kept_.open_next(call);
    for (const ItemSeq seq : page.opened) batch.changes.opened.push_back(seq);
    return page;
}

OpenMessage InboxTable::open_followup(Batch& batch, FollowupTable::Due due, WallTime now) {
    OpenMessage message;
    message.seq = ItemSeq{++last_};
    message.conversation = due.conversation;
    message.channel = std::move(due.channel);
    message.raw_json = std::move(due.item_json);
    message.received_at = now;
    message.kind = ItemKind::followup;
    const DedupKey key = hasher_.key(ItemKind::followup, message.channel, {}, std::to_string(last_), due.at);
    message.trace_id = to_trace_id(key.bytes());
    insert_item_.run(message.seq, last_, unix_ms(now), 0, std::string_view{}, std::string_view{},
                     ItemKind::followup, item_routed | item_answerable, unix_ms(due.at), message.conversation,
                     sqlite::Blob{key.bytes()}, message.channel.str(), std::string_view{}, std::string_view{},
                     message.raw_json,
                     tails_.append(message.conversation, message.channel, message.seq, now));
    batch.changes.opened.push_back(message.seq);
    return message;
}

Result<OpenMessage> InboxTable::reopen(Batch& batch, ItemSeq seq) {
    load_.start(seq);
    if (!load_.next()) return why_not_open(seq);
    OpenMessage message;
    message.seq = seq;
    message.conversation = conversations_.current(ConversationId{load_.integer(0)});
    message.channel = PhoneNumberId{std::string(load_.text(1))};
    message.raw_json = load_.text(2);
    message.waba_id = load_.text(3);
    message.received_at = from_unix_ms(load_.integer(4));
    message.kind = static_cast<ItemKind>(load_.integer(5));
    message.trace_id = to_trace_id(load_.text(6));
    load_.reset();
    revive_.run(seq, InboundState::dead);
    if (db_->changes() == 0)
        return Error(Errc::conflict, "message " + std::to_string(to_int(seq)) + " is not dead");
    message.state = state_of(message.conversation);
    batch.changes.opened.push_back(seq);
    return message;
}

Result<> InboxTable::count_crash(ItemSeq seq) {
    if (!index_.is_open(seq)) return why_not_open(seq);
    crash_.run(seq);
    return {};
}

}  // namespace parley
