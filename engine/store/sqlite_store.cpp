#include "store/sqlite_store.hpp"

#include <future>

#include "base/log.hpp"
#include "store/checkpointer.hpp"
#include "store/file_lock.hpp"
#include "store/history_reader.hpp"
#include "store/kept_messages.hpp"
#include "store/migrations.hpp"
#include "store/number_reader.hpp"
#include "store/store_reader.hpp"
#include "store/store_writer.hpp"

namespace parley {
namespace {

std::size_t bytes_of(const InboundBatch& batch) {
    std::size_t bytes = sizeof batch;
    for (const NewItem& item : batch.items) bytes += sizeof item + item.item.raw_json.size();
    return bytes;
}

std::size_t bytes_of(const NewOutbound& message) {
    return sizeof message + message.payload_json.size();
}

// A turn that changes nothing another message waits for.
bool is_mere_mark(const TurnCommit& turn) {
    return turn.replies.empty() && !turn.has_state && !turn.dead_letter && turn.followups.empty();
}

class SqliteStore final : public EngineStore {
  public:
    SqliteStore(const SqliteOptions& options, const Clock& clock)
        : options_(options),
          queue_({options.max_queued_writes, options.max_queued_bytes, options.lazy_wait}),
          clock_(clock) {}

    Result<> open();

    void add_inbound(InboundBatch batch, Completion<Result<std::vector<StoredItem>>> done) override {
        const auto urgency = batch.lazy ? WriteQueue::Urgency::lazy : WriteQueue::Urgency::awaited;
        const std::size_t bytes = bytes_of(batch);
        queue_.push(InboundWrite{std::move(batch), std::move(done)}, urgency, bytes);
    }
    void commit_turn(TurnCommit turn, Completion<Result<std::vector<OutboundId>>> done) override {
        const auto urgency = is_mere_mark(turn) ? WriteQueue::Urgency::lazy : WriteQueue::Urgency::awaited;
        queue_.push(TurnWrite{std::move(turn), std::move(done)}, urgency);
    }
    void add_outbound(NewOutbound message, WallTime at, Completion<Result<OutboundMessage>> done) override {
        const std::size_t bytes = bytes_of(message);
        queue_.push(OutboundWrite{{std::move(message), at}, std::move(done)}, bytes);
    }
    void record_outcome(OutcomeRecord record, Completion<Result<OutboundState>> done) override {
        queue_.push(OutcomeWrite{std::move(record), std::move(done)}, WriteQueue::Urgency::lazy);
    }
    void give_provisional_id(OutboundId message, Completion<Result<std::string>> done) override {
        queue_.push(NameWrite{message, std::move(done)}, WriteQueue::Urgency::awaited);
    }
    void last_inbound(ConversationId conversation, Completion<Result<WallTime>> done) override {
        queue_.push(WindowQuestion{conversation, std::move(done)}, WriteQueue::Urgency::awaited);
    }
    void key_value(KeyValueCall call, Completion<Result<KeyValueAnswer>> done) override {
        const std::size_t bytes = sizeof call + call.key.size() + call.value.size();
        queue_.push(KeyValueWrite{std::move(call), std::move(done)}, bytes);
    }
    void fire_followups(FollowupCall call, Completion<Result<FiredFollowups>> done) override {
        queue_.push(FollowupWrite{std::move(call), std::move(done)}, WriteQueue::Urgency::awaited);
    }
    void end_dead_letter(std::int64_t letter, bool retry, WallTime at,
                         Completion<Result<Revived>> done) override {
        queue_.push(DeadLetterWrite{{letter, retry, at}, std::move(done)}, WriteQueue::Urgency::awaited);
    }
    void decide_outbound(OutboundDecision decision, Completion<Result<OutboundMessage>> done) override {
        queue_.push(DecisionWrite{std::move(decision), std::move(done)}, WriteQueue::Urgency::awaited);
    }
    void find_names(ConversationId conversation, Completion<Result<PersonNames>> done) override {
        queue_.push(PersonQuestion{{conversation}, std::move(done)}, WriteQueue::Urgency::awaited);
    }
    void erase_keys(KeyErasure call, Completion<Result<ErasedKeys>> done) override {
        queue_.push(KeyErasureWrite{std::move(call), std::move(done)}, WriteQueue::Urgency::awaited);
    }
    void erase_some(ConversationId conversation, std::size_t limit,
                    Completion<Result<Erased>> done) override {
        queue_.push(EraseWrite{{conversation, limit}, std::move(done)}, WriteQueue::Urgency::awaited);
    }
    Result<> count_crash(ItemSeq seq) override {
        std::promise<Result<>> counted;
        auto waiting = counted.get_future();
        queue_.push(CrashWrite{{seq}, [&](Result<> result) { counted.set_value(std::move(result)); }},
                    WriteQueue::Urgency::awaited);
        return waiting.get();
    }

    Result<std::vector<StoredAccount>> accounts() override {
        return in_writer<std::vector<StoredAccount>>([](AccountTable& table) { return table.all(); });
    }
    Result<StoredAccount> put_account(StoredAccount account) override {
        return in_writer<StoredAccount>([&](AccountTable& table) { return table.put(account); });
    }
    Result<> remove_account(const DeploymentId& id) override {
        const auto done = in_writer<bool>([&](AccountTable& table) -> Result<bool> {
            table.remove(id);
            return true;
        });
        return done ? Result<>() : done.error();
    }
    Result<SetupHistory> setup_history(const PhoneNumberId& number) override {
        return in_writer<SetupHistory>([&](AccountTable& table) { return table.history(number); });
    }
    Result<> put_setup_history(const PhoneNumberId& number, const SetupHistory& history) override {
        const auto done = in_writer<bool>([&](AccountTable& table) -> Result<bool> {
            table.put_history(number, history);
            return true;
        });
        return done ? Result<>() : done.error();
    }

    Result<std::optional<OutboundRecord>> find_outbound(const std::string& callback) override {
        return numbers_->find_outbound(callback);
    }
    Result<ConversationId> find_conversation(const PhoneNumberId& channel, const Recipient& with) override {
        return numbers_->find_conversation(channel, with);
    }
    Result<NumberTraffic> traffic(const PhoneNumberId& channel, WallTime since) override {
        return numbers_->traffic(channel, since);
    }
    Result<NumberBacklog> backlog(const PhoneNumberId& channel) override {
        return numbers_->backlog(channel);
    }
    Result<KeptPage> open_kept(const KeptCall& call) override;

    Result<std::vector<OpenMessage>> open_messages(ItemSeq after, std::size_t limit) override {
        return reader_->open_messages(after, limit);
    }
    Result<std::vector<UnsentMessage>> unsent_messages(OutboundId after, std::size_t limit) override {
        return reader_->unsent_messages(after, limit);
    }
    Result<std::optional<MessageRecord>> find_message(const PhoneNumberId& channel, const MessageId& id,
                                                      WallTime timestamp) override {
        return reader_->find_message(channel, id, timestamp);
    }
    Result<std::vector<HeldMessage>> held_messages(OutboundId after, std::size_t limit) override {
        return reader_->held_messages(after, limit);
    }
    Result<std::vector<DeadLetterRecord>> dead_letters(std::int64_t before, std::size_t limit) override {
        return reader_->dead_letters(before, limit);
    }
    Result<StoreCounts> counts() override { return index_.counts(); }
    Result<std::vector<WaitingFollowups>> waiting_followups() override {
        return reader_->waiting_followups();
    }
    Result<AuthorsNames> authors_names(const std::string& callback) override {
        return reader_->authors_names(callback);
    }
    bool is_writable() const noexcept override { return writer_->is_writable(); }
    MessageHistory& history() override { return *history_; }

  private:
    // The writer runs `job` in its next transaction; waits for the commit.
    template <class Value, class Job>
    Result<Value> in_writer(Job job) {
        Result<Value> made = Error(Errc::fault, "not run");
        std::promise<Result<>> written;
        auto waiting = written.get_future();
        queue_.push(AccountWrite{[&](AccountTable& table) -> Result<> {
                                     made = job(table);
                                     return made ? Result<>() : Result<>(made.error());
                                 },
                                 [&](Result<> result) { written.set_value(std::move(result)); }},
                    WriteQueue::Urgency::awaited);
        if (const auto done = waiting.get(); !done) return done.error();
        return made;
    }
    Result<> prepare_file();
    Result<> open_companions();
    StoreWriter::Hooks hooks();

    const SqliteOptions options_;
    const bool in_memory_ = options_.path == ":memory:";
    std::optional<FileLock> lock_;
    std::optional<OutcomeReserve> reserve_;
    // Before the writer: it uses them until its thread has ended.
    std::optional<sqlite::Database> write_db_, read_db_, history_db_;
    std::int64_t log_pages_ = 0;
    std::mutex read_mutex_, history_mutex_;
    StoreIndex index_;
    WriteQueue queue_;
    const Clock& clock_;
    std::optional<Checkpointer> checkpointer_;
    std::optional<StoreReader> reader_;
    std::optional<HistoryReader> history_;
    std::optional<NumberReader> numbers_;
    std::optional<StoreWriter> writer_;  // last: the completions it runs while it ends may read
};

Result<> SqliteStore::open() {
    if (!in_memory_) {
        auto lock = FileLock::take(options_.path + ".lock");
        if (!lock) return lock.error();
        lock_.emplace(std::move(*lock));
        auto reserve = OutcomeReserve::open(options_.reserve_path.empty() ? options_.path + ".reserve"
                                                                          : options_.reserve_path);
        if (!reserve) return reserve.error();
        reserve_.emplace(std::move(*reserve));
    }
    auto db = sqlite::Database::open(options_.path, sqlite::Database::Mode::write);
    if (!db) return db.error();
    write_db_.emplace(std::move(*db));
    if (auto done = prepare_file(); !done) return done;
    if (auto done = migrate(*write_db_); !done) return done;
    const auto kept = KeptMessages::deliver(*write_db_, options_.serves, options_.oldest_kept);
    if (!kept) return kept.error();
    if (*kept > 0)
        log_info("messages kept for numbers without a deployment are delivered", {{"messages", *kept}});
    if (auto done = index_.load(*write_db_); !done) return done;
    writer_.emplace(*write_db_, index_, queue_, clock_, options_.group_commit, hooks());
    if (auto done = writer_->open(); !done) return done;
    if (auto done = open_companions(); !done) return done;
    writer_->start();
    return {};
}

Result<> SqliteStore::prepare_file() {
    sqlite::Database& db = *write_db_;
    // page_size counts only before the first page is written.
    if (auto done = db.execute("PRAGMA page_size=" + std::to_string(options_.page_size)); !done) return done;
    if (auto done =
            db.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
                       "PRAGMA wal_autocheckpoint=0; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8192;"
                       "PRAGMA journal_size_limit=" +
                       std::to_string(options_.max_log_bytes));
        !done)
        return done;
    if (options_.max_database_bytes == 0) return {};
    return db.execute("PRAGMA max_page_count=" +
                      std::to_string(options_.max_database_bytes / options_.page_size));
}

Result<> SqliteStore::open_companions() {
    if (!in_memory_) {
        auto reads = sqlite::Database::open(options_.path, sqlite::Database::Mode::read);
        if (!reads) return reads.error();
        read_db_.emplace(std::move(*reads));
        auto looks = sqlite::Database::open(options_.path, sqlite::Database::Mode::read);
        if (!looks) return looks.error();
        history_db_.emplace(std::move(*looks));
        auto copies = sqlite::Database::open(options_.path, sqlite::Database::Mode::write);
        if (!copies) return copies.error();
        const auto page_size = write_db_->query_integer("PRAGMA page_size");
        if (!page_size) return page_size.error();
        checkpointer_.emplace(std::move(*copies),
                              Checkpointer::Limits{options_.checkpoint_bytes, options_.max_log_bytes},
                              *page_size);
    }
    reader_.emplace(in_memory_ ? *write_db_ : *read_db_, read_mutex_, index_,
                    [this](const DedupKey& key) { return writer_->find_recent(key); });
    if (auto done = reader_->open(); !done) return done;
    history_.emplace(in_memory_ ? *write_db_ : *history_db_, in_memory_ ? read_mutex_ : history_mutex_,
                     [this] { return writer_->unmoved_tails(); });
    if (auto done = history_->open(); !done) return done;
    numbers_.emplace(in_memory_ ? *write_db_ : *read_db_, read_mutex_, index_);
    return numbers_->open();
}

Result<KeptPage> SqliteStore::open_kept(const KeptCall& call) {
    std::promise<Result<KeptMessages::Page>> opened;
    auto waiting = opened.get_future();
    queue_.push(KeptWrite{call, [&](Result<KeptMessages::Page> page) { opened.set_value(std::move(page)); }},
                WriteQueue::Urgency::awaited);
    const auto done = waiting.get();
    if (!done) return done.error();
    KeptPage page{{}, done->is_last};
    for (const ItemSeq seq : done->opened) {
        auto message = reader_->open_messages(ItemSeq{to_int(seq) - 1}, 1);
        if (!message) return message.error();
        if (!message->empty() && message->front().seq == seq)
            page.messages.push_back(std::move(message->front()));
    }
    return page;
}

StoreWriter::Hooks SqliteStore::hooks() {
    if (in_memory_) return {{}, &read_mutex_, nullptr, options_.key_values, options_.metrics};
    sqlite3_wal_hook(
        write_db_->handle(),
        [](void* pages, sqlite3*, const char*, int in_log) {
            *static_cast<std::int64_t*>(pages) = in_log;
            return SQLITE_OK;
        },
        &log_pages_);
    return {[this](sqlite::Database& db) { checkpointer_->log_grew(db, log_pages_); }, nullptr, &*reserve_,
            options_.key_values, options_.metrics};
}

}  // namespace

Result<std::unique_ptr<EngineStore>> open_sqlite_store(const SqliteOptions& options, const Clock& clock) {
    auto store = std::make_unique<SqliteStore>(options, clock);
    if (auto done = store->open(); !done) return done.error();
    return std::unique_ptr<EngineStore>(std::move(store));
}

}  // namespace parley
