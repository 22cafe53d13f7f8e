#include "store/store_index.hpp"

#include <cstring>

#include "store/item_flags.hpp"

namespace parley {
namespace {

// More stragglers than this are not written out; the next start reads the tables from the first one left out.
constexpr std::size_t max_marked = 1024;

MarkedSet mark_of(const NumberSet& set, std::int64_t last) {
    const auto members = set.after(0, max_marked + 1);
    MarkedSet mark{last, {}};
    const std::size_t kept = std::min(members.size(), max_marked);
    if (members.size() > kept) mark.through = members[kept] - 1;
    mark.members.resize(kept * sizeof(std::int64_t));
    if (kept > 0) std::memcpy(mark.members.data(), members.data(), mark.members.size());
    return mark;
}

std::vector<std::int64_t> members_of(const MarkedSet& mark) {
    std::vector<std::int64_t> members(mark.members.size() / sizeof(std::int64_t));
    if (!members.empty())
        std::memcpy(members.data(), mark.members.data(), members.size() * sizeof(std::int64_t));
    return members;
}

Error taken_from(sqlite::Database& db) {
    const Error why = db.error();
    db.clear_failure();
    return why;
}

}  // namespace

Result<> StoreIndex::load(sqlite::Database& db) {
    auto read = db.prepare(
        "SELECT items_through, open_items, outbound_through, unsent, messages, statuses, unrouted, "
        "items_counted,"
        " (SELECT count(*) FROM dead_letter) FROM mark WHERE id=1");
    if (!read) return read.error();
    read->start();
    if (!read->next())
        return db.failed() ? taken_from(db) : Error(Errc::corrupt, "the database has no mark row");
    const MarkedSet items{read->integer(0), std::string(read->text(1))};
    const MarkedSet outbound{read->integer(2), std::string(read->text(3))};
    counted_.messages = static_cast<std::uint64_t>(read->integer(4));
    counted_.statuses = static_cast<std::uint64_t>(read->integer(5));
    counted_.unrouted = static_cast<std::uint64_t>(read->integer(6));
    const std::int64_t counted = read->integer(7);
    counted_.dead_letters = static_cast<std::uint64_t>(read->integer(8));
    read->reset();
    if (auto done = load_items(db, items, counted); !done) return done;
    return load_outbound(db, outbound);
}

Result<> StoreIndex::load_items(sqlite::Database& db, const MarkedSet& mark, std::int64_t counted) {
    auto finished = db.prepare("SELECT 1 FROM turn WHERE seq=?1 AND state>0");
    auto later = db.prepare(
        "SELECT seq, kind, flags, (SELECT state FROM turn WHERE turn.seq=item.seq) FROM item WHERE seq>?1");
    if (!finished || !later) return !finished ? finished.error() : later.error();
    for (const std::int64_t seq : members_of(mark)) {
        finished->start(seq);
        if (!finished->next()) open_.insert(seq);
        finished->reset();
    }
    later->start(mark.through);
    while (later->next()) {
        const auto kind = static_cast<ItemKind>(later->integer(1));
        const std::int64_t flags = later->integer(2);
        if (is_for_a_turn(flags) && later->integer(3) == 0) open_.insert(later->integer(0));
        if (later->integer(0) <= counted) continue;
        counted_.messages += kind == ItemKind::message;
        counted_.statuses += kind == ItemKind::status;
        counted_.unrouted += (flags & item_routed) == 0;
    }
    if (db.failed()) return taken_from(db);
    return {};
}

Result<> StoreIndex::load_outbound(sqlite::Database& db, const MarkedSet& mark) {
    auto state = db.prepare("SELECT state FROM outbound_state WHERE id=?1");
    auto later = db.prepare(
        "SELECT id, (SELECT state FROM outbound_state s WHERE s.id=outbound.id) FROM outbound WHERE id>?1");
    if (!state || !later) return !state ? state.error() : later.error();
    for (const std::int64_t id : members_of(mark)) {
        state->start(id);
        place(OutboundId{id},
              state->next() ? static_cast<OutboundState>(state->integer(0)) : OutboundState::queued);
        state->reset();
    }
    later->start(mark.through);
    while (later->next()) place(OutboundId{later->integer(0)}, static_cast<OutboundState>(later->integer(1)));
    if (db.failed()) return taken_from(db);
    return {};
}

void StoreIndex::save(sqlite::Statement& update, ItemSeq last_item, OutboundId last_outbound,
                      const MovedThrough& moved) const {
    const std::lock_guard lock(mutex_);
    const MarkedSet items = mark_of(open_, to_int(last_item));
    const MarkedSet outbound = mark_of(unsent_, to_int(last_outbound));
    update.run(moved.dedup, items.through, sqlite::Blob{items.members}, outbound.through,
               sqlite::Blob{outbound.members}, counted_.messages, counted_.statuses, counted_.unrouted,
               to_int(last_item), moved.tails, moved.outbound_tails);
}

void StoreIndex::place(OutboundId id, OutboundState state) {
    if (is_settled(state)) {
        unsent_.erase(to_int(id));
    } else {
        unsent_.insert(to_int(id));
    }
    if (state == OutboundState::held) {
        held_.insert(to_int(id));
    } else {
        held_.erase(to_int(id));
    }
}

void StoreIndex::apply(const IndexChanges& changes) {
    const std::lock_guard lock(mutex_);
    for (const ItemSeq seq : changes.opened) open_.insert(to_int(seq));
    for (const ItemSeq seq : changes.finished) open_.erase(to_int(seq));
    for (const auto& [id, state] : changes.outbound) place(id, state);
    counted_.messages += changes.messages;
    counted_.statuses += changes.statuses;
    counted_.unrouted += changes.unrouted;
    counted_.dead_letters += changes.dead_letters - changes.ended_letters;
}

bool StoreIndex::is_open(ItemSeq seq) const {
    const std::lock_guard lock(mutex_);
    return open_.contains(to_int(seq));
}

std::vector<std::int64_t> StoreIndex::open_after(ItemSeq after, std::size_t limit) const {
    const std::lock_guard lock(mutex_);
    return open_.after(to_int(after), limit);
}

std::vector<std::int64_t> StoreIndex::unsent_after(OutboundId after, std::size_t limit) const {
    const std::lock_guard lock(mutex_);
    return unsent_.after(to_int(after), limit);
}

std::vector<std::int64_t> StoreIndex::held_after(OutboundId after, std::size_t limit) const {
    const std::lock_guard lock(mutex_);
    return held_.after(to_int(after), limit);
}

StoreCounts StoreIndex::counts() const {
    const std::lock_guard lock(mutex_);
    StoreCounts now = counted_;
    now.open = open_.size();
    now.unsent = unsent_.size();
    now.held = held_.size();
    return now;
}

}  // namespace parley
