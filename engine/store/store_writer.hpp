// StoreWriter: the one thread that writes. It takes everything that waits, makes it one transaction, commits,
// and only then runs the completions in the order of the calls.
//
// Failure   A write that is wrong in itself fails alone. When the disk refuses, the transaction is rolled
//           back: new work is answered unavailable, turns and outcomes stay and are tried again, 50 ms later,
//           then less often, up to once a second, until the disk takes them.
#pragma once

#include <atomic>
#include <functional>
#include <thread>

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "store/account_table.hpp"
#include "store/eraser.hpp"
#include "store/inbox_table.hpp"
#include "store/key_value_table.hpp"
#include "store/outcome_reserve.hpp"
#include "store/write_queue.hpp"

namespace parley {

class StoreWriter {
  public:
    struct Hooks {
        std::function<void(sqlite::Database&)> after_commit;  // on the writer's thread, between transactions
        // Taken while a transaction runs, when readers share the connection.
        std::mutex* connection = nullptr;
        OutcomeReserve* reserve = nullptr;  // for outcomes while the disk refuses
        KeyValueLimits key_values = {};
        Metrics* metrics = nullptr;
    };

    // `db`, `index`, `clock` and what the hooks point to outlive the writer.
    StoreWriter(sqlite::Database& db, StoreIndex& index, WriteQueue& queue, const Clock& clock,
                Millis group_commit, Hooks hooks);
    ~StoreWriter();  // writes what is queued; what the disk then refuses is answered unavailable

    Result<> open();  // prepares the statements and reads what was in memory; call once, before start()
    void start();     // first records the outcomes that the reserve holds

    bool is_writable() const noexcept { return writable_; }
    std::optional<ItemSeq> find_recent(const DedupKey& key) const { return dedup_.find_in_memory(key); }
    std::vector<std::pair<ConversationId, ConversationTail>> unmoved_tails() const {
        return tails_.unmoved();
    }

  private:
    using Writes = std::vector<Write>;
    enum class Attempt { committed, refused, poisoned };

    void run();
    void write(Writes& writes, std::size_t awaited);
    Attempt attempt(Writes& writes, bool one_by_one);
    void apply_one_by_one(Write& write, Batch& batch);
    void apply(Write& write, Batch& batch);
    bool housekeep(MonoTime now);  // true when the mark was written
    void forget();
    void committed(const Batch& batch, bool marked, bool wrote);
    void refused(Writes& writes);
    void keep_or_refuse(Writes& writes);
    void keep(Write write);
    static void deliver(Writes& writes);
    struct FollowupMeters;

    void answer(InboundWrite& write, Batch& batch);
    void answer(TurnWrite& write, Batch& batch);
    void answer(OutboundWrite& write, Batch& batch);
    void answer(OutcomeWrite& write, Batch& batch);
    void answer(CrashWrite& write, Batch& batch);
    void answer(FollowupWrite& write, Batch& batch);
    void answer(DeadLetterWrite& write, Batch& batch);
    void answer(DecisionWrite& write, Batch& batch);
    void answer(PersonQuestion& write, Batch& batch);
    void answer(KeyErasureWrite& write, Batch& batch);
    void answer(EraseWrite& write, Batch& batch);
    void answer(WindowQuestion& write, Batch& batch);
    void answer(NameWrite& write, Batch& batch);
    void answer(KeyValueWrite& write, Batch& batch);
    void answer(AccountWrite& write, Batch& batch);
    void answer(KeptWrite& write, Batch& batch);

    sqlite::Database& db_;
    StoreIndex& index_;
    WriteQueue& queue_;
    const Clock& clock_;
    Hooks hooks_;
    CommitPacer pacer_;
    DedupTable dedup_;
    TailTable tails_;
    FollowupTable followups_;
    ConversationTable conversations_{tails_, followups_};
    DeadLetterTable letters_;
    OutboxTable outbox_{tails_, letters_};
    InboxTable inbox_{dedup_, conversations_, tails_, followups_, outbox_, letters_, index_};
    Eraser eraser_{tails_, conversations_, outbox_, index_};
    KeyValueTable key_values_;
    AccountTable accounts_;
    std::unique_ptr<FollowupMeters> meters_;
    sqlite::Statement save_mark_, savepoint_, release_, undo_;

    Writes kept_;  // turns and outcomes that wait for the disk
    Millis retry_after_{0};
    MonoTime retry_at_{}, mark_at_{};
    WallTime oldest_answerable_{};
    bool dirty_ = false;  // the mark on disk is behind
    std::atomic<bool> writable_{true};
    std::thread thread_;
};

}  // namespace parley
