// WriteQueue: what callers want written, until the writer takes all of it for one commit.
//
// Threads   push() and stop() from any thread; take() from the writer's.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <variant>
#include <vector>

#include "core/key_value_store.hpp"
#include "core/message_store.hpp"
#include "core/number_records.hpp"
#include "core/person_eraser.hpp"
#include "store/commit_pacer.hpp"
#include "store/kept_messages.hpp"

namespace parley {

// One call of the port: what was asked, whom to tell, and, once the writer has seen it, the answer.
template <class Request, class Answer>
struct Pending {
    Request request;
    Completion<Result<Answer>> done;
    Result<Answer> answer{};
    bool answered = false;  // refused before it was tried
    bool kept = false;      // has waited for the disk before

    void refuse(Error why) {
        request = {};
        answer = std::move(why);
        answered = true;
    }
};

struct OutboundRequest {
    NewOutbound message;
    WallTime at{};
};
struct DeadLetterCall {
    std::int64_t letter = 0;
    bool retry = false;
    WallTime at{};
};
struct EraseCall {
    ConversationId conversation{};
    std::size_t limit = 0;
};
struct PersonCall {
    ConversationId conversation{};
};
struct CrashCount {
    ItemSeq seq{};
};
class AccountTable;
// One call of AccountStore; it may be made again when the transaction is.
using AccountJob = std::function<Result<>(AccountTable&)>;

using InboundWrite = Pending<InboundBatch, std::vector<StoredItem>>;
using TurnWrite = Pending<TurnCommit, std::vector<OutboundId>>;
using OutboundWrite = Pending<OutboundRequest, OutboundMessage>;
using OutcomeWrite = Pending<OutcomeRecord, OutboundState>;
using CrashWrite = Pending<CrashCount, void>;
using WindowQuestion = Pending<ConversationId, WallTime>;  // changes nothing; the writer alone knows
using KeyValueWrite = Pending<KeyValueCall, KeyValueAnswer>;
using NameWrite = Pending<OutboundId, std::string>;
using FollowupWrite = Pending<FollowupCall, FiredFollowups>;
using DeadLetterWrite = Pending<DeadLetterCall, Revived>;
using DecisionWrite = Pending<OutboundDecision, OutboundMessage>;
using EraseWrite = Pending<EraseCall, Erased>;
using PersonQuestion = Pending<PersonCall, PersonNames>;  // changes nothing
using KeyErasureWrite = Pending<KeyErasure, ErasedKeys>;
using AccountWrite = Pending<AccountJob, void>;
using KeptWrite = Pending<KeptCall, KeptMessages::Page>;
using Write = std::variant<InboundWrite, TurnWrite, OutboundWrite, OutcomeWrite, CrashWrite, WindowQuestion,
                           NameWrite, KeyValueWrite, FollowupWrite, DeadLetterWrite, DecisionWrite,
                           PersonQuestion, KeyErasureWrite, EraseWrite, AccountWrite, KeptWrite>;

class WriteQueue {
  public:
    struct Limits {
        std::size_t writes = 16'384;
        std::size_t bytes = 64u << 20;
        Millis lazy_wait{20};  // how long a lazy write may wait for others
    };
    enum class Urgency { awaited, lazy };

    explicit WriteQueue(Limits limits) : limits_(limits) {}

    // A bounded write that finds the queue full is refused: it stays in its place with the answer busy.
    void push(InboundWrite write, Urgency urgency, std::size_t bytes);
    void push(OutboundWrite write, std::size_t bytes);
    void push(KeyValueWrite write, std::size_t bytes);
    // Always taken.
    void push(Write write, Urgency urgency);

    struct Taken {
        std::vector<Write> writes;  // in the order of the calls; empty when only the time came
        std::size_t awaited = 0;
        bool stopping = false;
    };
    // Waits until a commit is due by the pacer, until `wake_at`, or for stop().
    void take(Taken& taken, CommitPacer& pacer, const Clock& clock, MonoTime wake_at);
    void stop();

  private:
    bool is_full(std::size_t bytes) const {
        return writes_.size() >= limits_.writes || bytes_ + bytes > limits_.bytes;
    }
    template <class Bounded>
    void push_awaited(Bounded write, std::size_t bytes);
    void append(Write write, Urgency urgency, std::unique_lock<std::mutex>& lock);

    const Limits limits_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<Write> writes_;
    std::size_t bytes_ = 0, awaited_ = 0;
    MonoTime lazy_due_{};
    bool stopping_ = false, lazy_timed_ = false;
};

}  // namespace parley
