// TailTable: where each conversation ends: its last item, its last outbound message, and when its person last wrote.
//
// Items and messages point to the one before them, so a conversation is read from its tail, and nothing that is appended
// needs an index. New tails live in memory, and in the rows they come from, and move to the table a few seconds later,
// sorted: busy conversations then cost one row, and rows of neighbours share a page.
//
// Threads   The writer, inside its transaction; unmoved() any thread.
#pragma once

#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "core/ids.hpp"
#include "store/sqlite.hpp"

namespace parley {

struct ConversationTail {
    std::string channel;
    ItemSeq item{};
    OutboundId outbound{};
    WallTime active_at{};
    WallTime window_at{};
};

// A row of the table with these columns.
inline constexpr const char* find_tail_sql =
    "SELECT channel, item, outbound, active_at, window_at FROM conversation_tail WHERE conversation=?1";
ConversationTail read_tail(sqlite::Statement& find, ConversationId conversation);  // empty: there is none

class TailTable {
  public:
    TailTable() : recent_(8192) {}
    // Reads what the last engine had not moved yet.
    Result<> open(sqlite::Database& db);

    // The new end of a conversation; returns the one before. `active_at`: {} for what is no message.
    ItemSeq append(ConversationId conversation, const PhoneNumberId& channel, ItemSeq seq,
                   WallTime active_at);
    OutboundId append(ConversationId conversation, const PhoneNumberId& channel, OutboundId id,
                      WallTime active_at);
    // Its person wrote or called. Never goes back.
    void opened_window(ConversationId conversation, const PhoneNumberId& channel, WallTime at);
    WallTime window(ConversationId conversation);  // {}: not known
    // What `gone` said is said by `keep` from now on; each keeps its own rows.
    void merge(ConversationId keep, ConversationId gone);
    ConversationTail tail(ConversationId conversation);  // as it is now
    // Its newer rows are gone; in the table at once, for nothing else leads to the older ones.
    void cut(ConversationId conversation, const ConversationTail& tail);
    // Nothing is left of it.
    void erase(ConversationId conversation);

    // Moves up to `limit` tails into the table. `last_*`: the newest rows whose tails were noted.
    void move_some(MonoTime now, std::size_t limit, ItemSeq last_item, OutboundId last_outbound);
    // The tails of all rows up to these are in the table. Valid to store with the current transaction.
    std::int64_t moved_through() const noexcept { return through_.item; }
    std::int64_t outbound_moved_through() const noexcept { return through_.outbound; }
    bool has_unmoved() const noexcept { return !fresh_.empty() || next_ < run_.size(); }
    void committed();
    void rollback();
    // A point inside the transaction to which undo_to() returns.
    std::size_t point() const noexcept { return changes_.size(); }
    void undo_to(std::size_t point);

    // Committed tails that the table does not have yet.
    std::vector<std::pair<ConversationId, ConversationTail>> unmoved() const;

  private:
    using Tails = std::unordered_map<ConversationId, ConversationTail>;
    struct Slot {
        ConversationId id{};
        ConversationTail tail;
    };
    struct Change {
        ConversationId id{};
        bool was_fresh = false;
        ConversationTail before;
    };
    struct Through {
        std::int64_t item = 0, outbound = 0;
    };
    ConversationTail& touch(ConversationId conversation, const std::string& channel);
    ConversationTail load(ConversationId conversation);
    Result<> read_unmoved(sqlite::Database& db);
    void start_run(MonoTime now, Through last);
    void publish();
    void put(ConversationId id, const ConversationTail& tail);
    Slot& slot(ConversationId id) { return recent_[static_cast<std::size_t>(to_int(id)) % recent_.size()]; }

    sqlite::Statement find_, put_, erase_;
    Tails fresh_;
    Tails moving_;              // what run_ names, until all of it is in the table
    std::vector<Slot> recent_;  // of what is in the table only
    std::vector<Change> changes_;
    std::vector<ConversationId> run_;
    std::size_t next_ = 0, next_before_ = 0;
    Through run_through_, through_, through_before_;
    MonoTime run_started_{};

    mutable std::mutex mutex_;
    Tails published_;  // guarded by mutex_
};

}  // namespace parley
