// HistoryReader: the reads behind MessageHistory, on a connection of its own, so that nobody who works waits for one who
// looks. Conversations are walked from their tails; nothing here needs an index of its own.
//
// Threads   Any; one read at a time.
#pragma once

#include <functional>
#include <mutex>

#include "core/message_history.hpp"
#include "store/dedup_table.hpp"
#include "store/sqlite.hpp"
#include "store/tail_table.hpp"

namespace parley {

class HistoryReader final : public MessageHistory {
  public:
    using UnmovedTails = std::function<std::vector<std::pair<ConversationId, ConversationTail>>()>;

    // `mutex` guards `db`; all outlive the reader.
    HistoryReader(sqlite::Database& db, std::mutex& mutex, UnmovedTails unmoved)
        : db_(db), mutex_(mutex), unmoved_(std::move(unmoved)) {}
    Result<> open();

    Result<HistoryPage<ConversationRow>> conversations(const HistoryQuery& query) override;
    Result<std::vector<ConversationRow>> find_person(const PhoneNumberId& channel,
                                                     const std::string& user) override;
    Result<HistoryPage<HistoryRow>> messages_of(ConversationId conversation,
                                                const HistoryQuery& query) override;
    Result<HistoryPage<HistoryRow>> latest(const HistoryQuery& query) override;
    Result<std::optional<ItemRow>> item(ItemSeq seq) override;
    Result<std::optional<OutboundRow>> outbound(OutboundId id) override;
    Result<std::optional<HistoryRow>> find_wamid(const std::string& wamid) override;
    Result<std::vector<AttemptRow>> attempts(OutboundId id) override;
    Result<std::vector<ItemRow>> statuses(const OutboundRow& message) override;
    Result<std::vector<DeadLetterRecord>> letters_about(ItemSeq message) override;
    Result<std::vector<DeadLetterRecord>> letters_about(OutboundId message) override;
    Result<HistoryPage<PostRow>> posts(const HistoryQuery& query) override;
    Result<std::vector<ItemRow>> items_of(ItemSeq post) override;

  private:
    // The rows of one conversation in one direction, newest first.
    struct Chain {
        bool is_outbound = false;
        std::int64_t head = 0;  // 0: its end
    };
    static constexpr std::size_t most_steps =
        20'000;  // along a conversation, or through what came, for a page
    struct Head {
        std::int64_t prev = 0;
        WallTime at{};
        bool is_shown = true;
    };
    template <class Value, class Read>
    Result<Value> read(Read read_rows);
    std::optional<Head> head_of(const Chain& chain);
    std::vector<Chain> chains_of(ConversationId conversation);
    void walk(std::vector<Chain>& chains, std::size_t limit, std::vector<HistoryRow>& rows);
    std::optional<ItemRow> load_item(std::int64_t seq);
    std::optional<OutboundRow> load_outbound(std::int64_t id);
    std::optional<HistoryRow> load(const Chain& chain);
    ConversationTail tail_of(ConversationId conversation);
    std::vector<ConversationId> members_of(ConversationId conversation);
    std::optional<ConversationRow> summary(ConversationId id, const ConversationTail& tail);
    Recipient person_of(ConversationId conversation);
    std::vector<PhoneNumberId> known_channels();
    static constexpr std::size_t keys_at_once = 16;
    std::int64_t find_key(const std::vector<std::string>& hashes);  // an item's; 0: none
    Result<std::vector<DeadLetterRecord>> letters_about(bool inbound, std::int64_t message);

    sqlite::Database& db_;
    std::mutex& mutex_;
    const UnmovedTails unmoved_;
    std::unordered_map<ConversationId, ConversationTail> fresh_;  // of the read that runs
    DedupHasher hasher_;
    sqlite::Statement item_head_, outbound_head_, item_, outbound_, tail_, tails_, alias_, aliases_,
        next_channel_, merged_, merged_rows_, attempts_, latest_items_, latest_outbound_, posts_, items_of_,
        callback_, by_wamid_, unmoved_keys_, keys_, letters_;
};

template <class Value, class Read>
Result<Value> HistoryReader::read(Read read_rows) {
    // Taken before the view begins: what they point to is in it.
    auto unmoved = unmoved_();
    const std::lock_guard lock(mutex_);
    fresh_ = {std::make_move_iterator(unmoved.begin()), std::make_move_iterator(unmoved.end())};
    db_.begin();
    Result<Value> value = read_rows();
    if (db_.failed()) value = db_.error();
    db_.clear_failure();
    db_.rollback();  // nothing was written
    return value;
}

}  // namespace parley
