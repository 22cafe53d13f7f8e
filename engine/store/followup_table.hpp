// FollowupTable: turns that agents asked for at a later time, until they are due.
//
// Threads   The writer, inside its transaction. forget() after a rollback.
#pragma once

#include <string>
#include <vector>

#include "core/message_store.hpp"
#include "store/batch.hpp"
#include "store/sqlite.hpp"

namespace parley {

class FollowupTable {
  public:
    Result<> open(sqlite::Database& db);

    // False: there is none in the table, so nobody needs to look.
    bool has_any() const noexcept { return has_any_; }
    std::vector<std::string> keys(ConversationId conversation);

    void forget() { has_any_ = true; }  // after a rollback

    void apply(Batch& batch, ConversationId conversation, const TurnCommit& turn);
    // Its person wrote, reacted or called.
    void person_wrote(Batch& batch, ConversationId conversation);
    // The newer ones of the two are kept where both have a key.
    void merge(ConversationId keep, ConversationId gone);

    struct Due {
        ConversationId conversation{};
        PhoneNumberId channel;
        WallTime at{};
        bool in_window = false;
        std::string key;
        std::string item_json;  // as it becomes an item
    };
    // Those that are due, in the order of their times; their rows are gone.
    std::vector<Due> take_due(const FollowupCall& call);
    // When the next of these numbers is due; max(): none waits.
    WallTime next(const std::vector<PhoneNumberId>& channels);

  private:
    Due read_due();

    sqlite::Database* db_ = nullptr;
    sqlite::Statement put_, cancel_, written_, clash_, move_, keys_, due_, next_, any_;
    bool has_any_ = false;
};

}  // namespace parley
