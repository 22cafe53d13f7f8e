// FakeMessageStore: the port on plain maps, for tests of what uses it. It passes the same contract suite as
// SqliteStore.
//
// Completions run before the call returns, or, after hold_completions(), when the test calls run().
// Completions that call the store again are served after those that wait, so their order is that of the
// calls, as the port promises.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>

#include "fakes/fake_message_tables.hpp"

namespace parley::fakes {

class FakeMessageStore : public MessageStore {
  public:
    // From now on completions wait for run().
    void hold_completions() { held_ = true; }
    // Runs what waits, what that queues included, and returns how many.
    std::size_t run() { return drain(); }
    std::size_t waiting() const {
        const std::lock_guard lock(mutex_);
        return ready_.size();
    }

    // add_* answer busy until told otherwise.
    void refuse_as_busy(bool busy) { busy_ = busy; }
    // A full disk: add_* answer unavailable; turns and outcomes wait inside until it turns true again.
    void set_writable(bool writable) {
        {
            const std::lock_guard lock(mutex_);
            writable_ = writable;
            for (; writable && !stuck_.empty(); stuck_.pop_front()) stuck_.front()();
        }
        deliver();
    }

    // What is stored, for a test to look at while nothing else runs.
    const FakeMessageTables& tables() const { return tables_; }

    void add_inbound(InboundBatch batch, Completion<Result<std::vector<StoredItem>>> done) override {
        {
            const std::lock_guard lock(mutex_);
            if (const auto refused = refusal()) {
                push(std::move(done), Result<std::vector<StoredItem>>(*refused));
            } else {
                push(std::move(done), Result<std::vector<StoredItem>>(tables_.add_inbound(batch)));
            }
        }
        deliver();
    }
    void add_outbound(NewOutbound message, WallTime at, Completion<Result<OutboundMessage>> done) override {
        {
            const std::lock_guard lock(mutex_);
            if (const auto refused = refusal()) {
                push(std::move(done), Result<OutboundMessage>(*refused));
            } else {
                push(std::move(done), tables_.add_outbound(message, at));
            }
        }
        deliver();
    }
    void commit_turn(TurnCommit turn, Completion<Result<std::vector<OutboundId>>> done) override {
        when_writable([this, turn = std::move(turn), done = std::move(done)]() mutable {
            push(std::move(done), tables_.commit_turn(turn));
        });
    }
    void record_outcome(OutcomeRecord record, Completion<Result<OutboundState>> done) override {
        when_writable([this, record = std::move(record), done = std::move(done)]() mutable {
            push(std::move(done), tables_.record_outcome(record));
        });
    }
    void give_provisional_id(OutboundId message, Completion<Result<std::string>> done) override {
        when_writable([this, message, done = std::move(done)]() mutable {
            push(std::move(done), tables_.give_provisional_id(message));
        });
    }
    void last_inbound(ConversationId conversation, Completion<Result<WallTime>> done) override {
        {
            const std::lock_guard lock(mutex_);
            if (writable_)
                push(std::move(done), Result<WallTime>(tables_.last_inbound(conversation)));
            else
                push(std::move(done), Result<WallTime>(*refusal()));
        }
        deliver();
    }
    void fire_followups(FollowupCall call, Completion<Result<FiredFollowups>> done) override {
        {
            const std::lock_guard lock(mutex_);
            if (writable_)
                push(std::move(done), Result<FiredFollowups>(tables_.fire(call)));
            else
                push(std::move(done), Result<FiredFollowups>(*refusal()));
        }
        deliver();
    }
    void end_dead_letter(std::int64_t letter, bool retry, WallTime at,
                         Completion<Result<Revived>> done) override {
        when_writable([this, letter, retry, at, done = std::move(done)]() mutable {
            push(std::move(done), tables_.end_dead_letter(letter, retry, at));
        });
    }
    void decide_outbound(OutboundDecision decision, Completion<Result<OutboundMessage>> done) override {
        {
            const std::lock_guard lock(mutex_);
            if (writable_)
                push(std::move(done), tables_.decide(decision));
            else
                push(std::move(done), Result<OutboundMessage>(*refusal()));
        }
        deliver();
    }
    Result<> count_crash(ItemSeq seq) override {
        const std::lock_guard lock(mutex_);
        if (!writable_) return Error(Errc::unavailable, "the disk refuses writes");
        const auto found = tables_.items.find(seq);
        if (found == tables_.items.end() || !found->second.open())
            return Error(Errc::not_found, "no such open message");
        ++found->second.attempt;
        return {};
    }

    Result<std::vector<OpenMessage>> open_messages(ItemSeq after, std::size_t limit) override {
        const std::lock_guard lock(mutex_);
        return tables_.open_messages(after, limit);
    }
    Result<std::vector<UnsentMessage>> unsent_messages(OutboundId after, std::size_t limit) override {
        const std::lock_guard lock(mutex_);
        return tables_.unsent_messages(after, limit);
    }
    Result<std::optional<MessageRecord>> find_message(const PhoneNumberId& channel, const MessageId& id,
                                                      WallTime timestamp) override {
        const std::lock_guard lock(mutex_);
        return tables_.find_message(channel, id, timestamp);
    }
    Result<std::vector<HeldMessage>> held_messages(OutboundId after, std::size_t limit) override {
        const std::lock_guard lock(mutex_);
        return tables_.held_messages(after, limit);
    }
    Result<std::vector<DeadLetterRecord>> dead_letters(std::int64_t before, std::size_t limit) override {
        const std::lock_guard lock(mutex_);
        return tables_.dead_letters(before, limit);
    }
    Result<StoreCounts> counts() override {
        const std::lock_guard lock(mutex_);
        return tables_.counts();
    }
    Result<std::vector<WaitingFollowups>> waiting_followups() override {
        const std::lock_guard lock(mutex_);
        return tables_.waiting_followups();
    }
    Result<AuthorsNames> authors_names(const std::string& callback) override {
        const std::lock_guard lock(mutex_);
        return tables_.authors_names(callback);
    }
    bool is_writable() const noexcept override { return writable_; }

  private:
    std::optional<Error> refusal() const {
        if (!writable_) return Error(Errc::unavailable, "the disk refuses writes");
        if (busy_) return Error(Errc::busy, "too many writes wait");
        return std::nullopt;
    }
    template <class T>
    void push(Completion<Result<T>> done, Result<T> result) {
        if (done)
            ready_.push_back([d = std::move(done), r = std::move(result)]() mutable { d(std::move(r)); });
    }
    void when_writable(UniqueFunction<void()> step) {
        {
            const std::lock_guard lock(mutex_);
            if (writable_)
                step();
            else
                stuck_.push_back(std::move(step));
        }
        deliver();
    }
    void deliver() {
        if (!held_) drain();
    }
    std::size_t drain() {
        std::unique_lock lock(mutex_);
        if (delivering_) return 0;
        delivering_ = true;
        std::size_t count = 0;
        for (; !ready_.empty(); ++count) {
            UniqueFunction<void()> next = std::move(ready_.front());
            ready_.pop_front();
            lock.unlock();
            next();
            lock.lock();
        }
        delivering_ = false;
        return count;
    }

    mutable std::mutex mutex_;
    FakeMessageTables tables_;
    std::deque<UniqueFunction<void()>> ready_, stuck_;
    std::atomic<bool> held_{false}, busy_{false}, writable_{true};
    bool delivering_ = false;
};

}  // namespace parley::fakes
