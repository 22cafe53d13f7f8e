// FailingStore: another store whose n-th asynchronous write fails, to see that its callers lose nothing.
#pragma once

#include <atomic>
#include <utility>

#include "core/message_store.hpp"

namespace parley::fakes {

// The failing call changes nothing in the store below; its completion gets `error` at once, on the calling
// thread.
class FailingStore final : public MessageStore {
  public:
    FailingStore(MessageStore& below, int failing_call, Error error)
        : below_(below), left_(failing_call), error_(std::move(error)) {}

    int calls() const { return calls_; }

    void add_inbound(InboundBatch batch, Completion<Result<std::vector<StoredItem>>> done) override {
        if (fails()) return done(error_);
        below_.add_inbound(std::move(batch), std::move(done));
    }
    void commit_turn(TurnCommit turn, Completion<Result<std::vector<OutboundId>>> done) override {
        if (fails()) return done(error_);
        below_.commit_turn(std::move(turn), std::move(done));
    }
    void add_outbound(NewOutbound message, WallTime at, Completion<Result<OutboundMessage>> done) override {
        if (fails()) return done(error_);
        below_.add_outbound(std::move(message), at, std::move(done));
    }
    void record_outcome(OutcomeRecord record, Completion<Result<OutboundState>> done) override {
        if (fails()) return done(error_);
        below_.record_outcome(std::move(record), std::move(done));
    }
    void give_provisional_id(OutboundId message, Completion<Result<std::string>> done) override {
        if (fails()) return done(error_);
        below_.give_provisional_id(message, std::move(done));
    }
    void last_inbound(ConversationId conversation, Completion<Result<WallTime>> done) override {
        below_.last_inbound(conversation, std::move(done));
    }
    void fire_followups(FollowupCall call, Completion<Result<FiredFollowups>> done) override {
        if (fails()) return done(error_);
        below_.fire_followups(std::move(call), std::move(done));
    }
    Result<> count_crash(ItemSeq seq) override { return below_.count_crash(seq); }

    Result<std::vector<OpenMessage>> open_messages(ItemSeq after, std::size_t limit) override {
        return below_.open_messages(after, limit);
    }
    Result<std::vector<UnsentMessage>> unsent_messages(OutboundId after, std::size_t limit) override {
        return below_.unsent_messages(after, limit);
    }
    Result<std::optional<MessageRecord>> find_message(const PhoneNumberId& channel, const MessageId& id,
                                                      WallTime timestamp) override {
        return below_.find_message(channel, id, timestamp);
    }
    Result<std::vector<HeldMessage>> held_messages(OutboundId after, std::size_t limit) override {
        return below_.held_messages(after, limit);
    }
    void end_dead_letter(std::int64_t letter, bool retry, WallTime at,
                         Completion<Result<Revived>> done) override {
        below_.end_dead_letter(letter, retry, at, std::move(done));
    }
    void decide_outbound(OutboundDecision decision, Completion<Result<OutboundMessage>> done) override {
        if (fails()) return done(error_);
        below_.decide_outbound(std::move(decision), std::move(done));
    }
    Result<std::vector<DeadLetterRecord>> dead_letters(std::int64_t before, std::size_t limit) override {
        return below_.dead_letters(before, limit);
    }
    Result<StoreCounts> counts() override { return below_.counts(); }
    Result<std::vector<WaitingFollowups>> waiting_followups() override { return below_.waiting_followups(); }
    Result<AuthorsNames> authors_names(const std::string& callback) override {
        return below_.authors_names(callback);
    }
    bool is_writable() const noexcept override { return below_.is_writable(); }

  private:
    bool fails() {
        ++calls_;
        return --left_ == 0;
    }

    MessageStore& below_;
    std::atomic<int> left_, calls_{0};
    const Error error_;
};

}  // namespace parley::fakes
