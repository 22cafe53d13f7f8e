// StoreIndex: which messages still wait for their turn or for their sending, kept in memory so that reading
// them back never scans history. The writer changes it after each commit; readers ask it before they fetch
// rows.
//
// Threads   All functions; the writer alone calls apply().
#pragma once

#include <mutex>
#include <utility>
#include <vector>

#include "core/message_store.hpp"
#include "store/number_set.hpp"
#include "store/sqlite.hpp"

namespace parley {

// What one transaction does to the index, gathered while it is built.
struct IndexChanges {
    std::vector<ItemSeq> opened, finished;
    std::vector<std::pair<OutboundId, OutboundState>> outbound;
    std::uint64_t messages = 0, statuses = 0, unrouted = 0, dead_letters = 0, ended_letters = 0;
};

// A set on disk: the members up to `through`, written out; those above are found by reading the tables.
struct MarkedSet {
    std::int64_t through = 0;
    std::string members;  // 64-bit little-endian numbers
};

// Up to which item the tables that are filled late are complete.
struct MovedThrough {
    std::int64_t dedup = 0, tails = 0, outbound_tails = 0;
};

class StoreIndex {
  public:
    // Reads the mark and what was written after it.
    Result<> load(sqlite::Database& db);
    // Writes the mark of what is committed now, into the open transaction. `last_*`: the newest committed
    // numbers.
    void save(sqlite::Statement& update, ItemSeq last_item, OutboundId last_outbound,
              const MovedThrough& moved) const;
    static constexpr const char* save_sql =
        "UPDATE mark SET dedup_through=?1, items_through=?2, open_items=?3, outbound_through=?4, unsent=?5,"
        " messages=?6, statuses=?7, unrouted=?8, items_counted=?9, tails_through=?10,"
        " outbound_tails_through=?11 WHERE id=1";

    void apply(const IndexChanges& changes);

    bool is_open(ItemSeq seq) const;
    std::vector<std::int64_t> open_after(ItemSeq after, std::size_t limit) const;
    std::vector<std::int64_t> unsent_after(OutboundId after, std::size_t limit) const;
    std::vector<std::int64_t> held_after(OutboundId after, std::size_t limit) const;
    StoreCounts counts() const;

  private:
    Result<> load_items(sqlite::Database& db, const MarkedSet& mark, std::int64_t counted);
    Result<> load_outbound(sqlite::Database& db, const MarkedSet& mark);
    void place(OutboundId id, OutboundState state);

    mutable std::mutex mutex_;
    NumberSet open_, unsent_, held_;
    StoreCounts counted_;  // messages, statuses, unrouted, dead_letters
};

}  // namespace parley
