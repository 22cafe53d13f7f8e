// Eraser: takes a person's rows out of all tables, slice by slice, so that nobody waits long.
//
// A slice shortens the chains of the conversation from their ends and writes the new ends down with it: what a crash
// leaves is a shorter conversation.
//
// Threads   The writer, inside its transaction.
#pragma once

#include "core/person_eraser.hpp"
#include "store/batch.hpp"
#include "store/conversation_table.hpp"
#include "store/outbox_table.hpp"
#include "store/sqlite.hpp"
#include "store/tail_table.hpp"

namespace parley {

class Eraser {
  public:
    Eraser(TailTable& tails, ConversationTable& conversations, OutboxTable& outbox, const StoreIndex& index)
        : tails_(tails), conversations_(conversations), outbox_(outbox), index_(index) {}
    Result<> open(sqlite::Database& db);

    Result<PersonNames> names_of(ConversationId conversation);
    Result<Erased> erase_some(Batch& batch, ConversationId conversation, std::size_t limit);

  private:
    bool is_over(const ConversationTail& tail);
    std::vector<ConversationId> members_of(ConversationId conversation);
    bool shorten(ConversationId member, std::size_t limit, Erased& erased);  // false: it is not over
    bool drop_item(ConversationTail& tail, Erased& erased);
    bool drop_message(ConversationTail& tail, Erased& erased);
    void end(Batch& batch, const std::vector<ConversationId>& members, Erased& erased);

    TailTable& tails_;
    ConversationTable& conversations_;
    OutboxTable& outbox_;
    const StoreIndex& index_;
    sqlite::Database* db_ = nullptr;
    sqlite::Statement merged_, ids_, item_, drop_item_, drop_turn_, message_, drop_message_, drop_state_,
        drop_callback_, drop_attempts_, drop_letters_, drop_document_, drop_followups_, drop_aliases_,
        drop_conversation_;
};

}  // namespace parley
