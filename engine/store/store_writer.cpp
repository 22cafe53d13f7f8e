#include "store/store_writer.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "base/thread_name.hpp"
#include "core/message_log.hpp"

namespace parley {
namespace {

constexpr Millis mark_every{1000};
constexpr Millis first_retry{50}, last_retry{1000};
constexpr std::size_t keys_moved_at_once = 64;
constexpr std::size_t tails_moved_at_once = 64;
constexpr std::size_t keys_pruned_at_once = 256;

bool waits_for_the_disk(const Write& write) {
    return std::holds_alternative<TurnWrite>(write) || std::holds_alternative<OutcomeWrite>(write);
}

}  // namespace

struct StoreWriter::FollowupMeters {
    explicit FollowupMeters(Metrics& m)
        : scheduled(counter(m, "scheduled")),
          fired(counter(m, "fired")),
          written(counter(m, "written")),
          outside_window(counter(m, "outside_window")),
          cancelled(counter(m, "cancelled")) {}

    static Counter& counter(Metrics& m, const char* what) {
        return m.counter("parley_followups_total", "Follow-ups by what became of them", {{"event", what}});
    }
    void add(const FollowupNumbers& n) {
        if (n.scheduled > 0) scheduled.add(static_cast<double>(n.scheduled));
        if (n.fired > 0) fired.add(static_cast<double>(n.fired));
        if (n.written > 0) written.add(static_cast<double>(n.written));
        if (n.outside_window > 0) outside_window.add(static_cast<double>(n.outside_window));
        if (n.cancelled > 0) cancelled.add(static_cast<double>(n.cancelled));
    }

    Counter &scheduled, &fired, &written, &outside_window, &cancelled;
};

StoreWriter::StoreWriter(sqlite::Database& db, StoreIndex& index, WriteQueue& queue, const Clock& clock,
                         Millis group_commit, Hooks hooks)
    : db_(db),
      index_(index),
      queue_(queue),
      clock_(clock),
      hooks_(std::move(hooks)),
      pacer_(group_commit),
      key_values_(hooks_.key_values) {
    if (hooks_.metrics != nullptr) meters_ = std::make_unique<FollowupMeters>(*hooks_.metrics);
}

StoreWriter::~StoreWriter() {
    queue_.stop();
    if (thread_.joinable()) thread_.join();
}

Result<> StoreWriter::open() {
    if (!db_.prepare(save_mark_, StoreIndex::save_sql) || !db_.prepare(savepoint_, "SAVEPOINT one") ||
        !db_.prepare(release_, "RELEASE one") || !db_.prepare(undo_, "ROLLBACK TO one"))
        return db_.error();
    if (auto done = dedup_.open(db_); !done) return done;
    if (auto done = tails_.open(db_); !done) return done;
    if (auto done = followups_.open(db_); !done) return done;
    if (auto done = conversations_.open(db_); !done) return done;
    if (auto done = letters_.open(db_); !done) return done;
    if (auto done = outbox_.open(db_); !done) return done;
    if (auto done = eraser_.open(db_); !done) return done;
    if (auto done = key_values_.open(db_); !done) return done;
    if (auto done = accounts_.open(db_); !done) return done;
    return inbox_.open(db_);
}

void StoreWriter::start() {
    mark_at_ = clock_.mono() + mark_every;
    if (hooks_.reserve != nullptr)
        for (OutcomeRecord& outcome : hooks_.reserve->read()) {
            OutcomeWrite write{std::move(outcome), {}};
            write.kept = true;
            queue_.push(std::move(write), WriteQueue::Urgency::awaited);
        }
    thread_ = std::thread([this] { run(); });
}

void StoreWriter::run() {
    name_this_thread("store-writer");
    WriteQueue::Taken taken;
    while (!taken.stopping || !taken.writes.empty()) {
        const bool idle = writable_ && !dirty_ && !dedup_.has_unmoved() && !tails_.has_unmoved();
        queue_.take(taken, pacer_, clock_, !writable_ ? retry_at_ : idle ? MonoTime::max() : mark_at_);
        if (!writable_ && clock_.mono() < retry_at_ && !taken.stopping) {
            keep_or_refuse(taken.writes);
            continue;
        }
        if (!kept_.empty()) {
            std::move(taken.writes.begin(), taken.writes.end(), std::back_inserter(kept_));
            taken.writes.swap(kept_);
            kept_.clear();
        }
        if (taken.stopping) mark_at_ = MonoTime{};
        write(taken.writes, taken.awaited);
    }
    if (writable_ && dirty_) write(taken.writes, 0);
    for (Write& write : kept_)
        std::visit(
            [](auto& w) { w.refuse(Error(Errc::unavailable, "the store is closing and the disk refuses")); },
            write);
    deliver(kept_);
}

void StoreWriter::write(Writes& writes, std::size_t awaited) {
    pacer_.began(clock_.mono(), awaited);
    Attempt result;
    {
        std::unique_lock<std::mutex> lock;
        if (hooks_.connection != nullptr) lock = std::unique_lock(*hooks_.connection);
        result = attempt(writes, false);
        if (result == Attempt::poisoned) result = attempt(writes, true);
    }
    if (result != Attempt::committed) return refused(writes);
    if (!writable_.exchange(true)) log_info("store writes again", {});
    retry_after_ = Millis{0};
    // Every outcome of the reserve was in this transaction: what is kept goes first into the next one.
    if (hooks_.reserve != nullptr && !hooks_.reserve->is_empty()) hooks_.reserve->clear();
    deliver(writes);
    if (hooks_.after_commit) hooks_.after_commit(db_);
}

StoreWriter::Attempt StoreWriter::attempt(Writes& writes, bool one_by_one) {
    Batch batch;
    if (db_.begin()) {
        const bool marked = housekeep(clock_.mono());
        for (Write& write : writes) {
            if (one_by_one) {
                apply_one_by_one(write, batch);
            } else {
                apply(write, batch);
            }
            if (db_.failed() || batch.undo) break;
        }
        if (!db_.failed() && !batch.undo && db_.commit()) {
            committed(batch, marked, !writes.empty());
            return Attempt::committed;
        }
    }
    const bool poisoned = batch.undo || db_.failure() == sqlite::Failure::mistake;
    if (writable_ && (one_by_one || !poisoned))
        log_error("store cannot write", {{"reason", db_.error().message()}});
    db_.rollback();
    forget();
    dedup_.rollback();
    tails_.rollback();
    return poisoned && !one_by_one ? Attempt::poisoned : Attempt::refused;
}

void StoreWriter::apply_one_by_one(Write& write, Batch& batch) {
    const Batch before = batch;
    const std::size_t keys = dedup_.point();
    const std::size_t tails = tails_.point();
    savepoint_.run();
    apply(write, batch);
    const bool mistake = db_.failure() == sqlite::Failure::mistake;
    if (batch.undo || mistake) {
        if (mistake) {
            log_error("store refused a write", {{"reason", db_.error().message()}});
            std::visit([&](auto& w) { w.answer = db_.error(); }, write);
        }
        db_.clear_failure();
        undo_.run();
        batch = before;
        dedup_.undo_to(keys);
        tails_.undo_to(tails);
        forget();
    }
    release_.run();
}

void StoreWriter::apply(Write& write, Batch& batch) {
    std::visit(
        [&](auto& w) {
            if (!w.answered) answer(w, batch);
        },
        write);
}

void StoreWriter::answer(InboundWrite& write, Batch& batch) {
    oldest_answerable_ = std::max(oldest_answerable_, write.request.oldest_answerable);
    write.answer = inbox_.add(batch, write.request);
}

void StoreWriter::answer(TurnWrite& write, Batch& batch) {
    write.answer = inbox_.finish(batch, write.request);
}

void StoreWriter::answer(OutcomeWrite& write, Batch& batch) {
    write.answer = outbox_.record(batch, write.request);
}

void StoreWriter::answer(CrashWrite& write, Batch&) {
    write.answer = inbox_.count_crash(write.request.seq);
}

void StoreWriter::answer(FollowupWrite& write, Batch& batch) {
    write.answer = inbox_.fire(batch, write.request);
}

void StoreWriter::answer(DeadLetterWrite& write, Batch& batch) {
    const DeadLetterCall& call = write.request;
    const auto letter = letters_.find(call.letter);
    if (!letter) {
        write.answer = Error(Errc::not_found, "no dead letter " + std::to_string(call.letter));
        return;
    }
    Revived revived;
    if (call.retry && letter->inbound) {
        auto message = inbox_.reopen(batch, ItemSeq{letter->message});
        if (!message) {
            write.answer = message.error();
            return;
        }
        revived.inbound = std::move(*message);
    } else if (call.retry) {
        auto message = outbox_.requeue(batch, OutboundId{letter->message}, call.at);
        if (!message) {
            write.answer = message.error();
            return;
        }
        message->conversation = conversations_.current(message->conversation);
        revived.outbound = std::move(*message);
    }
    letters_.remove(batch, call.letter);
    write.answer = std::move(revived);
}

void StoreWriter::answer(DecisionWrite& write, Batch& batch) {
    auto message = outbox_.decide(batch, write.request);
    if (message) message->conversation = conversations_.current(message->conversation);
    write.answer = std::move(message);
}

void StoreWriter::answer(PersonQuestion& write, Batch&) {
    write.answer = eraser_.names_of(write.request.conversation);
}

void StoreWriter::answer(KeyErasureWrite& write, Batch&) {
    write.answer = key_values_.erase(write.request);
}

void StoreWriter::answer(EraseWrite& write, Batch& batch) {
    write.answer = eraser_.erase_some(batch, write.request.conversation, write.request.limit);
}

void StoreWriter::answer(WindowQuestion& question, Batch&) {
    question.answer = tails_.window(conversations_.current(question.request));
}

void StoreWriter::answer(KeyValueWrite& write, Batch&) {
    write.answer = key_values_.answer(write.request);
}

void StoreWriter::answer(AccountWrite& write, Batch&) {
    write.answer = write.request(accounts_);
}

void StoreWriter::answer(KeptWrite& write, Batch& batch) {
    write.answer = inbox_.open_kept(batch, write.request);
}

void StoreWriter::answer(NameWrite& write, Batch&) {
    write.answer = outbox_.give_provisional_id(write.request);
}

void StoreWriter::answer(OutboundWrite& write, Batch& batch) {
    const auto& [message, at] = write.request;
    if (message.to.wa_id.empty() && message.to.user_id.empty()) {
        write.answer = Error(Errc::invalid_input, "a recipient needs a number or a user id");
        return;
    }
    const Party party{message.to.wa_id, message.to.user_id, {}, {}};
    const ConversationId conversation = conversations_.resolve(message.channel, party, at);
    const auto id = outbox_.insert(batch, message, conversation, ItemSeq{}, at);
    if (!id) {
        write.answer = id.error();
        return;
    }
    OutboundMessage stored;
    static_cast<NewOutbound&>(stored) = message;
    stored.id = *id;
    stored.conversation = conversation;
    stored.created_at = at;
    write.answer = std::move(stored);
}

bool StoreWriter::housekeep(MonoTime now) {
    dedup_.move_some(now, keys_moved_at_once);
    tails_.move_some(now, tails_moved_at_once, inbox_.last(), outbox_.last());
    if (now < mark_at_) return false;
    if (oldest_answerable_ != WallTime{}) dedup_.prune(oldest_answerable_, keys_pruned_at_once);
    index_.save(save_mark_, inbox_.last(), outbox_.last(),
                {dedup_.moved_through(), tails_.moved_through(), tails_.outbound_moved_through()});
    return true;
}

void StoreWriter::forget() {
    followups_.forget();
    conversations_.forget();
    outbox_.forget();
    inbox_.forget();
    key_values_.forget();
}

void StoreWriter::committed(const Batch& batch, bool marked, bool wrote) {
    dedup_.committed();
    tails_.committed();
    index_.apply(batch.changes);
    if (meters_) meters_->add(batch.followups);
    if (marked) mark_at_ = clock_.mono() + mark_every;
    // The mark tells what was committed before this transaction.
    dirty_ = wrote || (dirty_ && !marked);
}

void StoreWriter::refused(Writes& writes) {
    writable_ = false;
    retry_after_ = std::clamp(retry_after_ * 2, first_retry, last_retry);
    retry_at_ = clock_.mono() + retry_after_;
    keep_or_refuse(writes);
}

void StoreWriter::keep_or_refuse(Writes& writes) {
    Writes answered;
    for (Write& write : writes) {
        if (waits_for_the_disk(write)) {
            keep(std::move(write));
            continue;
        }
        std::visit(
            [](auto& w) { w.refuse(Error(Errc::unavailable, "the store cannot write to its disk now")); },
            write);
        answered.push_back(std::move(write));
    }
    writes.clear();
    deliver(answered);
}

void StoreWriter::keep(Write write) {
    if (auto* outcome = std::get_if<OutcomeWrite>(&write); outcome != nullptr && !outcome->kept) {
        outcome->kept = true;
        if (hooks_.reserve != nullptr && !hooks_.reserve->append(outcome->request))
            log_error("the reserve for outcomes is full", {{"message", message_name(outcome->request.id)}});
    }
    kept_.push_back(std::move(write));
}

void StoreWriter::deliver(Writes& writes) {
    for (Write& write : writes)
        std::visit(
            [](auto& w) {
                if (w.done) w.done(std::move(w.answer));
            },
            write);
    writes.clear();
}

}  // namespace parley
