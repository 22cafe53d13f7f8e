// InboxTable: stores the items of POSTs, the ends of turns, and the follow-ups that are due.
//
// Threads   The writer, inside its transaction.
#pragma once

#include "core/message_store.hpp"
#include "store/agent_versions.hpp"
#include "store/batch.hpp"
#include "store/conversation_table.hpp"
#include "store/dead_letter_table.hpp"
#include "store/dedup_table.hpp"
#include "store/followup_table.hpp"
#include "store/kept_messages.hpp"
#include "store/outbox_table.hpp"
#include "store/sqlite.hpp"

namespace parley {

class InboxTable {
  public:
    InboxTable(DedupTable& dedup, ConversationTable& conversations, TailTable& tails,
               FollowupTable& followups, OutboxTable& outbox, DeadLetterTable& letters,
               const StoreIndex& index)
        : dedup_(dedup),
          conversations_(conversations),
          tails_(tails),
          followups_(followups),
          outbox_(outbox),
          letters_(letters),
          index_(index) {}
    Result<> open(sqlite::Database& db);

    std::vector<StoredItem> add(Batch& batch, const InboundBatch& post);
    Result<std::vector<OutboundId>> finish(Batch& batch, const TurnCommit& turn);
    Result<> count_crash(ItemSeq seq);
    // A dead message waits for a turn again, its attempts forgotten. conflict: it is not dead.
    Result<OpenMessage> reopen(Batch& batch, ItemSeq seq);
    FiredFollowups fire(Batch& batch, const FollowupCall& call);
    KeptMessages::Page open_kept(Batch& batch, const KeptCall& call);

    void forget() {
        kept_.forget();
        agents_.forget();
    }  // after a rollback

    ItemSeq last() const noexcept { return ItemSeq{last_}; }

  private:
    StoredItem add_item(Batch& batch, const NewItem& item, const InboundBatch& post, std::int64_t first);
    OpenMessage open_followup(Batch& batch, FollowupTable::Due due, WallTime now);
    ConversationState state_of(ConversationId conversation);
    ConversationId converse(const NewItem& item, bool expired, WallTime received_at);
    Error why_not_open(ItemSeq seq);

    DedupTable& dedup_;
    ConversationTable& conversations_;
    TailTable& tails_;
    FollowupTable& followups_;
    OutboxTable& outbox_;
    DeadLetterTable& letters_;
    const StoreIndex& index_;
    DedupHasher hasher_;
    KeptMessages kept_;
    sqlite::Database* db_ = nullptr;
    sqlite::Statement insert_item_, finish_, crash_, exists_, revive_, load_;
    AgentVersions agents_;
    std::int64_t last_ = 0;
    std::string annotations_;
};

}  // namespace parley
