// DedupTable: which items were seen already.
//
// A key is (timestamp, 128-bit hash of kind, channel and id). New keys live in memory, and in item.hash, and
// move to the table half a second later as sorted runs: hashes inserted one by one, in no order, would dirty
// a page each.
//
// Threads   The writer; find() of a key in memory from any thread.
#pragma once

#include <array>
#include <cstring>
#include <mutex>
#include <optional>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "core/message_store.hpp"
#include "store/sqlite.hpp"

struct evp_md_ctx_st;
struct evp_md_st;

namespace parley {

struct DedupKey {
    std::int64_t at = 0;  // unix ms
    std::array<char, 16> hash{};
    std::string_view bytes() const noexcept { return {hash.data(), hash.size()}; }
    friend auto operator<=>(const DedupKey&, const DedupKey&) = default;
};

// Makes keys; one per thread.
class DedupHasher {
  public:
    DedupHasher();
    DedupKey key(const WebhookItem& item) {
        return key(item.kind, item.channel, item.waba_id, item.dedup_id, item.timestamp);
    }
    // `waba_id` counts for everything but messages: errors and changes of two accounts may have the same
    // text.
    DedupKey key(ItemKind kind, const PhoneNumberId& channel, std::string_view waba_id, std::string_view id,
                 WallTime at);

  private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const noexcept;
        void operator()(evp_md_st* algorithm) const noexcept;
    };
    std::unique_ptr<evp_md_st, Free> sha256_;
    std::unique_ptr<evp_md_ctx_st, Free> context_;
    std::string text_;
};

class DedupTable {
  public:
    // Loads the keys of items that the last engine had not moved yet.
    Result<> open(sqlite::Database& db);

    bool contains(const DedupKey& key);          // memory, then the table; in the writer's transaction
    void add(const DedupKey& key, ItemSeq seq);  // counts at once; undone by rollback()

    // Moves up to `limit` keys into the table, in the writer's transaction.
    void move_some(MonoTime now, std::size_t limit);
    // Deletes up to `limit` keys with a timestamp before `oldest`. True when there may be more.
    bool prune(WallTime oldest, std::size_t limit);
    // All keys of items up to this one are in the table. Valid to store with the current transaction.
    std::int64_t moved_through() const noexcept { return moved_through_; }
    bool has_unmoved() const noexcept { return !fresh_.empty() || next_ < run_.size(); }

    void committed();
    void rollback();
    // A point inside the transaction to which undo_to() returns.
    std::size_t point() const noexcept { return fresh_.size(); }
    void undo_to(std::size_t point);

    // A key that is not in the table yet. Any thread.
    std::optional<ItemSeq> find_in_memory(const DedupKey& key) const;

  private:
    struct Entry {
        DedupKey key;
        ItemSeq seq{};
    };
    struct HashOf {
        using is_avalanching = void;  // SHA-256 has mixed the bits
        std::size_t operator()(const DedupKey& key) const noexcept {
            std::size_t bits;
            std::memcpy(&bits, key.hash.data(), sizeof bits);
            return bits ^ static_cast<std::size_t>(key.at);
        }
    };
    void start_run(MonoTime now);

    sqlite::Database* db_ = nullptr;
    sqlite::Statement find_, insert_, prune_;
    std::int64_t newest_moved_at_ = -1;  // no key in the table is younger

    std::vector<Entry> fresh_;      // in order of arrival
    std::size_t fresh_before_ = 0;  // size of fresh_ at the last commit
    std::vector<Entry> run_;        // sorted by key
    std::size_t next_ = 0, next_before_ = 0;
    std::int64_t run_through_ = 0, moved_through_ = 0, moved_through_before_ = 0;
    MonoTime run_started_{};

    mutable std::mutex mutex_;
    boost::unordered_flat_map<DedupKey, ItemSeq, HashOf> memory_;
};

}  // namespace parley
