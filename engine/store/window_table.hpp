// WindowTable: when the person of a conversation last wrote or called.
//
// New times live in memory, and in the items they come from, and move to the table a few seconds later, sorted: busy
// conversations then cost one row, and rows of neighbours share a page.
//
// Threads   The writer, inside its transaction. A rollback undoes nothing here: what was not stored comes again.
#pragma once

#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "core/ids.hpp"
#include "store/sqlite.hpp"

namespace parley {

class WindowTable {
  public:
    // Reads the items that the last engine had not moved yet.
    Result<> open(sqlite::Database& db);

    void note(ConversationId conversation, WallTime at);
    // {}: not known.
    WallTime last(ConversationId conversation);
    void merge(ConversationId keep, ConversationId gone) { note(keep, last(gone)); }

    // Moves up to `limit` times into the table. `last_item`: the newest item whose time was noted.
    void move_some(MonoTime now, std::size_t limit, ItemSeq last_item);
    // The times of all items up to this one are in the table. Valid to store with the current transaction.
    std::int64_t moved_through() const noexcept { return moved_through_; }
    bool has_unmoved() const noexcept { return !fresh_.empty() || next_ < run_.size(); }
    void committed();
    void rollback();

  private:
    void start_run(MonoTime now, ItemSeq last_item);

    sqlite::Statement find_, put_;
    std::unordered_map<ConversationId, WallTime> fresh_;
    std::unordered_map<ConversationId, WallTime> moving_;  // what run_ holds, until all of it is in the table
    std::vector<std::pair<ConversationId, WallTime>> run_;
    std::size_t next_ = 0, next_before_ = 0;
    std::int64_t run_through_ = 0, moved_through_ = 0, moved_through_before_ = 0;
    MonoTime run_started_{};
};

}  // namespace parley
