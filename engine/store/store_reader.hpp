// StoreReader: the port's reads. They block, and see everything that was committed before they began.
//
// Threads   Any; one read at a time.
#pragma once

#include <functional>
#include <mutex>

#include "store/dedup_table.hpp"
#include "store/sqlite.hpp"
#include "store/store_index.hpp"

namespace parley {

class StoreReader {
  public:
    // Finds a key that is not in the dedup table yet.
    using FindRecent = std::function<std::optional<ItemSeq>(const DedupKey&)>;

    // `mutex` guards `db`; all outlive the reader.
    StoreReader(sqlite::Database& db, std::mutex& mutex, const StoreIndex& index, FindRecent find_recent)
        : db_(db), mutex_(mutex), index_(index), find_recent_(std::move(find_recent)) {}
    Result<> open();

    Result<std::vector<OpenMessage>> open_messages(ItemSeq after, std::size_t limit);
    Result<std::vector<UnsentMessage>> unsent_messages(OutboundId after, std::size_t limit);
    Result<std::optional<MessageRecord>> find_message(const PhoneNumberId& channel, const MessageId& id,
                                                      WallTime at);
    Result<std::vector<HeldMessage>> held_messages(OutboundId after, std::size_t limit);
    Result<std::vector<DeadLetterRecord>> dead_letters(std::int64_t before, std::size_t limit);
    Result<std::vector<WaitingFollowups>> waiting_followups();
    Result<AuthorsNames> authors_names(const std::string& callback);

  private:
    std::optional<OpenMessage> open_message(ItemSeq seq);
    std::optional<UnsentMessage> outbound(OutboundId id);
    std::optional<HeldMessage> held(OutboundId id);
    std::optional<ItemSeq> find_item(const DedupKey& key);
    std::optional<MessageRecord> record(ItemSeq seq);
    ConversationState state(ConversationId id);
    template <class Row, class Ids, class Fetch>
    Result<std::vector<Row>> page(std::size_t limit, Ids next_ids, Fetch fetch);
    template <class Value>
    Result<Value> checked(Value value);

    sqlite::Database& db_;
    std::mutex& mutex_;
    const StoreIndex& index_;
    const FindRecent find_recent_;
    DedupHasher hasher_;
    sqlite::Statement item_, state_, merged_, outbound_, held_, find_, record_, letters_, names_,
        followup_keys_, followups_;
};

}  // namespace parley
