#include "store/eraser.hpp"

namespace parley {
namespace {

// Every `"sha256":"…"` that is a base64 or hexadecimal hash stands in a media object of Meta's.
void note_media(std::string_view raw, std::vector<std::string>& media) {
    constexpr std::string_view key = "\"sha256\":\"";
    for (auto at = raw.find(key); at != raw.npos; at = raw.find(key, at)) {
        at += key.size();
        const auto end = raw.find('"', at);
        if (end == raw.npos) return;
        media.emplace_back(raw.substr(at, end - at));
    }
}

}  // namespace

Result<> Eraser::open(sqlite::Database& db) {
    db_ = &db;
    if (!db.prepare(merged_, "SELECT id FROM conversation WHERE merged_into=?1") ||
        !db.prepare(ids_, "SELECT DISTINCT value FROM alias WHERE conversation=?1") ||
        !db.prepare(item_, "SELECT prev, raw FROM item WHERE seq=?1") ||
        !db.prepare(drop_item_, "DELETE FROM item WHERE seq=?1") ||
        !db.prepare(drop_turn_, "DELETE FROM turn WHERE seq=?1") ||
        !db.prepare(
            message_,
            "SELECT o.prev, o.callback, coalesce(s.state, 0) FROM outbound o LEFT JOIN outbound_state s ON"
            " s.id=o.id WHERE o.id=?1") ||
        !db.prepare(drop_message_, "DELETE FROM outbound WHERE id=?1") ||
        !db.prepare(drop_state_, "DELETE FROM outbound_state WHERE id=?1") ||
        !db.prepare(drop_callback_, "DELETE FROM outbound_callback WHERE callback=?1") ||
        !db.prepare(drop_attempts_, "DELETE FROM attempt WHERE outbound=?1") ||
        !db.prepare(
            drop_letters_,
            "DELETE FROM dead_letter WHERE iif(inbound, NOT EXISTS (SELECT 1 FROM item WHERE seq=message),"
            " NOT EXISTS (SELECT 1 FROM outbound WHERE outbound.id=message))") ||
        !db.prepare(drop_document_, "DELETE FROM conversation_state WHERE conversation=?1") ||
        !db.prepare(drop_followups_, "DELETE FROM followup WHERE conversation=?1") ||
        !db.prepare(drop_aliases_, "DELETE FROM alias WHERE conversation=?1") ||
        !db.prepare(drop_conversation_, "DELETE FROM conversation WHERE id=?1"))
        return db.error();
    return {};
}

std::vector<ConversationId> Eraser::members_of(ConversationId conversation) {
    std::vector<ConversationId> members{conversation};
    for (std::size_t i = 0; i < members.size(); ++i) {
        merged_.start(members[i]);
        while (merged_.next()) members.push_back(ConversationId{merged_.integer(0)});
    }
    return members;
}

// What is not over is among the newest; statuses of what was before may stand behind it.
bool Eraser::is_over(const ConversationTail& tail) {
    message_.start(tail.outbound);
    const bool has_left = !message_.next() || is_settled(static_cast<OutboundState>(message_.integer(2)));
    message_.reset();
    ItemSeq seq = tail.item;
    for (int looked = 0; has_left && seq != ItemSeq{} && looked < 100; ++looked) {
        if (index_.is_open(seq)) return false;
        item_.start(seq);
        seq = item_.next() ? ItemSeq{item_.integer(0)} : ItemSeq{};
        item_.reset();
    }
    return has_left;
}

Result<PersonNames> Eraser::names_of(ConversationId conversation) {
    PersonNames names{members_of(conversations_.current(conversation)), {}};
    for (const ConversationId member : names.conversations) {
        if (!is_over(tails_.tail(member)))
            return Error(Errc::conflict, "a message of this person's is not answered, or not sent, yet");
        ids_.start(member);
        while (ids_.next()) names.ids.emplace_back(ids_.text(0));
    }
    return names;
}

bool Eraser::drop_item(ConversationTail& tail, Erased& erased) {
    if (index_.is_open(tail.item)) return false;
    item_.start(tail.item);
    const ItemSeq prev = item_.next() ? ItemSeq{item_.integer(0)} : ItemSeq{};
    note_media(item_.text(1), erased.media);
    item_.reset();
    drop_item_.run(tail.item);
    drop_turn_.run(tail.item);
    ++erased.items;
    tail.item = prev;
    return true;
}

bool Eraser::drop_message(ConversationTail& tail, Erased& erased) {
    message_.start(tail.outbound);
    const bool is_there = message_.next();
    const OutboundId prev{is_there ? message_.integer(0) : 0};
    const std::string callback(is_there ? message_.text(1) : std::string_view());
    const bool is_over = !is_there || is_settled(static_cast<OutboundState>(message_.integer(2)));
    message_.reset();
    if (!is_over) return false;
    drop_message_.run(tail.outbound);
    drop_state_.run(tail.outbound);
    drop_attempts_.run(tail.outbound);
    for (const std::string& name : {callback, provisional_id(callback)}) drop_callback_.run(name);
    ++erased.messages;
    tail.outbound = prev;
    return true;
}

bool Eraser::shorten(ConversationId member, std::size_t limit, Erased& erased) {
    ConversationTail tail = tails_.tail(member);
    bool is_over = true;
    while (is_over && tail.item != ItemSeq{} && erased.items + erased.messages < limit && !db_->failed())
        is_over = drop_item(tail, erased);
    while (is_over && tail.outbound != OutboundId{} && erased.items + erased.messages < limit &&
           !db_->failed())
        is_over = drop_message(tail, erased);
    tails_.cut(member, tail);
    return is_over;
}

Result<Erased> Eraser::erase_some(Batch& batch, ConversationId conversation, std::size_t limit) {
    const std::vector<ConversationId> members = members_of(conversations_.current(conversation));
    Erased erased;
    for (const ConversationId member : members)
        if (!shorten(member, limit, erased))
            return batch.undone(Errc::conflict,
                                "a message of this person's is not answered, or not sent, yet");
    outbox_.forget();
    if (erased.items + erased.messages < limit) end(batch, members, erased);
    return erased;
}

void Eraser::end(Batch& batch, const std::vector<ConversationId>& members, Erased& erased) {
    drop_letters_.run();
    erased.letters = static_cast<std::uint64_t>(db_->changes());
    batch.changes.ended_letters += erased.letters;
    for (const ConversationId member : members) {
        drop_followups_.run(member);
        erased.followups += static_cast<std::uint64_t>(db_->changes());
        drop_document_.run(member);
        drop_aliases_.run(member);
        drop_conversation_.run(member);
        tails_.erase(member);
    }
    conversations_.forget();
    erased.is_done = true;
}

}  // namespace parley
