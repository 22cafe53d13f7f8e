#include "store/conversation_table.hpp"

#include <algorithm>

namespace parley {
namespace {

// Longer documents are read from the table each time, so the memory of states stays small.
constexpr std::size_t max_cached_state = 1024;

}  // namespace

Result<> ConversationTable::open(sqlite::Database& db) {
    db_ = &db;
    if (!db.prepare(find_, "SELECT conversation FROM alias WHERE channel=?1 AND kind=?2 AND value=?3") ||
        !db.prepare(point_,
                    "INSERT INTO alias VALUES (?1,?2,?3,?4)"
                    " ON CONFLICT DO UPDATE SET conversation=?4") ||
        !db.prepare(repoint_, "UPDATE alias SET conversation=?1 WHERE conversation=?2") ||
        !db.prepare(insert_, "INSERT INTO conversation VALUES (?1,?2,?3,0)") ||
        !db.prepare(has_user_id_, "SELECT has_user_id FROM conversation WHERE id=?1") ||
        !db.prepare(set_user_id_, "UPDATE conversation SET has_user_id=1 WHERE id=?1") ||
        !db.prepare(merge_, "UPDATE conversation SET merged_into=?1 WHERE id=?2") ||
        !db.prepare(merged_rows_, "SELECT id, merged_into FROM conversation WHERE merged_into>0") ||
        !db.prepare(state_, "SELECT revision, schema, json FROM conversation_state WHERE conversation=?1") ||
        !db.prepare(put_state_,
                    "INSERT INTO conversation_state VALUES (?1,?2,?3,?4)"
                    " ON CONFLICT DO UPDATE SET revision=?2, schema=?3, json=?4"))
        return db.error();
    if (!load_merged()) return db.error();
    const auto last = db.query_integer("SELECT coalesce(max(id), 0) FROM conversation");
    if (!last) return last.error();
    last_ = *last;
    return {};
}

bool ConversationTable::load_merged() {
    merged_.clear();
    merged_rows_.start();
    while (merged_rows_.next())
        merged_.emplace(ConversationId{merged_rows_.integer(0)}, ConversationId{merged_rows_.integer(1)});
    return !db_->failed();
}

void ConversationTable::forget() {
    aliases_.clear();
    for (CachedState& cached : states_) cached = {};
    if (!merged_.empty()) load_merged();
    // Numbers of undone conversations are not used again: nothing needs them to be without gaps.
}

std::string_view ConversationTable::cache_key(const PhoneNumberId& channel, Alias kind,
                                              std::string_view value) {
    key_.assign(channel.str()).push_back(static_cast<char>(kind));
    return key_.append(value);
}

ConversationId ConversationTable::find(const PhoneNumberId& channel, Alias kind, std::string_view value) {
    if (value.empty()) return {};
    if (const auto* cached = aliases_.find(cache_key(channel, kind, value))) return *cached;
    find_.start(channel.str(), kind, value);
    const ConversationId found = find_.next() ? ConversationId{find_.integer(0)} : ConversationId{};
    find_.reset();
    if (found != ConversationId{}) aliases_.put(cache_key(channel, kind, value), found);
    return found;
}

void ConversationTable::point(const PhoneNumberId& channel, Alias kind, std::string_view value,
                              ConversationId to) {
    if (value.empty() || find(channel, kind, value) == to) return;
    point_.run(channel.str(), kind, value, to);
    aliases_.put(cache_key(channel, kind, value), to);
}

bool ConversationTable::has_user_id(ConversationId id) {
    has_user_id_.start(id);
    const bool has = has_user_id_.next() && has_user_id_.integer(0) != 0;
    has_user_id_.reset();
    return has;
}

ConversationId ConversationTable::merge(ConversationId a, ConversationId b) {
    if (a == b || a == ConversationId{} || b == ConversationId{}) return std::max(a, b);
    const auto [keep, gone] = std::minmax(a, b);
    if (has_user_id(gone)) set_user_id_.run(keep);
    merge_.run(keep, gone);
    repoint_.run(keep, gone);
    merged_[gone] = keep;
    tails_.merge(keep, gone);
    followups_.merge(keep, gone);
    aliases_.clear();
    return keep;
}

ConversationId ConversationTable::resolve(const PhoneNumberId& channel, const Party& party, WallTime at) {
    const bool nameless = party.user_id.empty() && party.parent_user_id.empty() && party.wa_id.empty();
    const std::string_view number = nameless ? std::string_view("-") : std::string_view(party.wa_id);
    const ConversationId by_user = find(channel, Alias::user_id, party.user_id);
    const ConversationId by_parent = find(channel, Alias::parent_user_id, party.parent_user_id);
    const ConversationId by_number = find(channel, Alias::wa_id, number);
    ConversationId id = merge(by_user, by_parent);
    const bool number_moved =
        by_number != ConversationId{} && by_number != id && !party.user_id.empty() && has_user_id(by_number);
    if (!number_moved) id = merge(id, by_number);
    if (id == ConversationId{}) {
        id = ConversationId{++last_};
        insert_.run(id, unix_ms(at), !party.user_id.empty());
    } else if (!party.user_id.empty() && by_user == ConversationId{}) {
        set_user_id_.run(id);
    }
    point(channel, Alias::user_id, party.user_id, id);
    point(channel, Alias::parent_user_id, party.parent_user_id, id);
    point(channel, Alias::wa_id, number, id);
    return id;
}

ConversationId ConversationTable::rename(const PhoneNumberId& channel, ConversationId id,
                                         const Party& names) {
    id = merge(id, find(channel, Alias::user_id, names.user_id));
    id = merge(id, find(channel, Alias::parent_user_id, names.parent_user_id));
    // Whoever had the number before and has a BSUID is somebody else.
    const ConversationId by_number = find(channel, Alias::wa_id, names.wa_id);
    if (by_number != ConversationId{} && !has_user_id(by_number)) id = merge(id, by_number);
    if (!names.user_id.empty()) set_user_id_.run(id);
    point(channel, Alias::user_id, names.user_id, id);
    point(channel, Alias::parent_user_id, names.parent_user_id, id);
    point(channel, Alias::wa_id, names.wa_id, id);
    return id;
}

ConversationId ConversationTable::current(ConversationId id) const {
    if (merged_.empty()) return id;
    for (auto next = merged_.find(id); next != merged_.end(); next = merged_.find(id)) id = next->second;
    return id;
}

ConversationState ConversationTable::state(ConversationId id) {
    CachedState& cached = slot(id);
    if (cached.id == id) return cached.state;
    ConversationState state;
    state_.start(id);
    if (state_.next()) {
        state.revision = static_cast<std::uint64_t>(state_.integer(0));
        state.schema = static_cast<std::uint32_t>(state_.integer(1));
        state.json = state_.text(2);
    }
    state_.reset();
    if (state.json.size() <= max_cached_state) cached = {id, state};
    return state;
}

void ConversationTable::put_state(ConversationId id, const ConversationState& state) {
    put_state_.run(id, state.revision, state.schema, state.json);
    CachedState& cached = slot(id);
    if (state.json.size() <= max_cached_state) {
        cached = {id, state};
    } else if (cached.id == id) {
        cached = {};
    }
}

}  // namespace parley
