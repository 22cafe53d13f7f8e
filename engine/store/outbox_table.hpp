// OutboxTable: the messages to send and where each stands. Recent ones are kept in memory, because a message
// is looked at four or five times within seconds: made, sent, and its statuses.
//
// Threads   The writer, inside its transaction. forget() after a rollback.
#pragma once

#include <vector>

#include "core/message_store.hpp"
#include "store/batch.hpp"
#include "store/dead_letter_table.hpp"
#include "store/recent_map.hpp"
#include "store/sqlite.hpp"
#include "store/tail_table.hpp"

namespace parley {

class OutboxTable {
  public:
    OutboxTable(TailTable& tails, DeadLetterTable& letters)
        : tails_(tails), letters_(letters), recent_(8192), callbacks_(8192), wamids_(8192) {}
    Result<> open(sqlite::Database& db);

    // conflict (undone): the callback id is taken.
    Result<OutboundId> insert(Batch& batch, const NewOutbound& message, ConversationId conversation,
                              ItemSeq turn, WallTime at);
    Result<OutboundState> record(Batch& batch, const OutcomeRecord& outcome);
    // A message that failed or expired is queued again, as if it had not been tried. conflict: it has not.
    Result<OutboundMessage> requeue(Batch& batch, OutboundId id, WallTime at);
    // See MessageStore.
    Result<OutboundMessage> decide(Batch& batch, const OutboundDecision& decision);
    // not_found: no such message.
    Result<std::string> give_provisional_id(OutboundId id);
    // None when the status belongs to no message of this channel's.
    std::optional<Applied> apply(Batch& batch, const DeliveryUpdate& update, const PhoneNumberId& channel);

    OutboundId last() const noexcept { return OutboundId{last_}; }
    void forget();

  private:
    struct Entry {
        OutboundId id{};
        ConversationId conversation{};
        OutboundState state = OutboundState::queued;
        std::int64_t tries = 0, sent_at = 0;
        std::string channel, callback, user_callback, wamid, provisional;
    };
    Entry* load(OutboundId id);
    Result<OutboundMessage> read(const Entry& entry, WallTime at);
    Entry* find(const DeliveryUpdate& update);
    void move(Batch& batch, Entry& entry, OutboundState to, WallTime at, std::int32_t code,
              std::string_view text);
    void learn(Entry& entry, const MessageId& wamid, std::int64_t tries, WallTime at);
    Entry& slot(OutboundId id) { return recent_[static_cast<std::size_t>(to_int(id)) % recent_.size()]; }
    Result<> load_wamids(sqlite::Database& db);

    TailTable& tails_;
    DeadLetterTable& letters_;
    sqlite::Database* db_ = nullptr;
    sqlite::Statement insert_, insert_callback_, find_callback_, load_, put_, learn_, attempt_, read_;
    std::int64_t last_ = 0;
    std::vector<Entry> recent_;
    RecentMap<OutboundId> callbacks_, wamids_;
};

}  // namespace parley
