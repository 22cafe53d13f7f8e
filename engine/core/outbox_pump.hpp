// OutboxPump: sends what the store has queued, in order per recipient, at Meta's pace, once.
//
// Promise   Message n+1 of a conversation is called after n's answer is durable, so that a crash leaves one message
//           of a conversation in doubt at most. A message whose outcome is unknown is held: a status settles it;
//           without one it is, after the deployment's wait, sent again or left held and listed. A free-form message is
//           not called outside the service window: it expires, and the deployment's template is sent instead.
// Threads   Everything may be called from any thread; nothing blocks. The Sender is called outside the lock.
// Time      step(now) does what is due; the pump asks to be woken through Wakeup.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/backoff.hpp"
#include "base/metrics.hpp"
#include "core/call_window.hpp"
#include "core/inflight_log.hpp"
#include "core/message_store.hpp"
#include "core/outbox_lane.hpp"
#include "core/sender.hpp"
#include "core/timer_loop.hpp"
#include "core/token_bucket.hpp"
#include "core/window_templates.hpp"

namespace parley {

struct OutboxOptions {
    Backoff backoff{Millis{500}, Millis{60'000}, 2.0};
    unsigned max_refusals = 6;            // temporary refusals of one message by Graph before it fails
    Millis give_up_after{24 * 3600'000};  // since its creation; nobody waits longer for a reply
    std::size_t max_in_flight = 512;
    double call_rate = 5'000;    // calls a second that the number of open calls shall allow
    Millis token_pause{60'000};  // a number whose token Graph refuses
};

using SendWatcher = UniqueFunction<void(const SendEnding&)>;

class OutboxPump {
  public:
    struct Ports {
        MessageStore& store;
        Sender& sender;
        InflightLog& inflight;
        const AccountRegistry& accounts;
        const Clock& clock;
        Random& random;
        Metrics& metrics;
        Wakeup& wakeup;
    };
    OutboxPump(OutboxOptions options, Ports ports);
    ~OutboxPump();

    void enqueue(std::vector<OutboundMessage> messages);  // durable ones, in order
    // After an unclean end: it is held, once its turn in the lane comes, until it is settled. `held_since`: the
    // engine before this one had held it already.
    void enqueue_in_doubt(OutboundMessage message, std::optional<WallTime> held_since);
    // The same, and `watcher` runs when the message has ended and that is durable, unless unwatch() comes first. On any
    // thread; not to block. A message that stays held, or that a status settles, may never tell.
    void enqueue_watched(OutboundMessage message, SendWatcher watcher);
    void unwatch(OutboundId message);
    void settled(const Applied& applied);  // a status told where a message is
    // A person decides about a message that waits or is held: it is not called before release() says what was decided.
    // False: it is being called now, or another person decides about it.
    bool claim(OutboundId message);
    // To send: a message that no lane has, because it stayed held, is queued; call it on the store's writer thread then,
    // so that a status that comes next finds it.
    void release(const OutboundMessage& message, HandDecision decision);
    MonoTime step(MonoTime now);
    // After AccountRegistry::replace(): a number that Graph refused the token of, and that has another one now, sends
    // at once. Its new pace holds anyway.
    void accounts_changed();

    std::size_t size() const;                                 // messages in memory
    std::size_t in_flight() const;                            // calls without an answer yet
    std::size_t unrecorded() const { return unrecorded_; }    // outcomes that are not durable yet
    std::string trouble(const PhoneNumberId& channel) const;  // why nothing leaves it now; empty: it does
    void stop_sending();                                      // begins no further call; for draining

  private:
    using LaneState = OutboxLane::State;
    using Queued = OutboxLane::Queued;
    using Doubt = OutboxLane::Doubt;
    using Lane = OutboxLane;
    using Number = OutboxNumber;
    struct Call;
    struct Record;
    struct Question;
    struct Work;
    struct Counters;

    // All of these need mutex_.
    void settle(const Applied& applied, Lane& lane, Work& work);
    std::unordered_map<ConversationId, Lane>::iterator lane_with(OutboundId message);
    void release_front(ConversationId id, Lane& lane, const OutboundMessage& message, HandDecision decision,
                       Work& work);
    void advance(ConversationId id, Lane& lane, MonoTime now, Work& work);
    void start_ready(const PhoneNumberId& channel, Number& number, MonoTime now, Work& work);
    void start_all_ready(MonoTime now, Work& work);
    void wait_until(ConversationId id, Lane& lane, LaneState state, MonoTime due);
    void drop_front(ConversationId id, Lane& lane, MonoTime now, Work& work);
    void hold_expired(ConversationId id, Lane& lane, MonoTime now, Work& work);
    void retry(ConversationId id, Lane& lane, const RetryLater& later, MonoTime now, Work& work);
    void reject(ConversationId id, Lane& lane, const Rejected& rejected, Work& work);
    void expire(ConversationId id, Lane& lane, std::int32_t code, std::string reason, Work& work);
    bool must_ask(const Queued& front) const;
    void invite(ConversationId id, const Recipient& to, const PhoneNumberId& channel, Work& work);
    void hold(ConversationId id, Lane& lane, std::string reason, MonoTime now, Work& work);
    void hold_again(ConversationId id, Lane& lane, WallTime since, MonoTime now);
    void record(ConversationId lane, const OutboundMessage& message, OutboundState state, OutcomeRecord extra,
                Work& work);
    void end_front(ConversationId id, Lane& lane, OutboundState state, OutcomeRecord extra, Work& work);
    void tell(OutboundId message, Record& record);
    TokenBucket& pair_bucket(ConversationId id, const Deployment& account, MonoTime now);
    Number& number_of(const PhoneNumberId& channel, MonoTime now);
    void refuse_token(ConversationId id, Lane& lane, const Rejected& rejected, MonoTime now, Work& work);
    void resume(const PhoneNumberId& channel, Number& number, MonoTime now, Work& work);
    void forget_full_pairs(MonoTime now);

    void perform(Work work);  // without mutex_
    void queue(NewOutbound message);
    void recorded(Record& record, const Result<OutboundState>& result);
    void window_known(const Question& question, const Result<WallTime>& last_inbound);
    bool is_being_called(ConversationId id, OutboundId message) const;  // needs mutex_
    void answered(ConversationId id, SendOutcome outcome);

    const OutboxOptions options_;
    Ports ports_;
    std::unique_ptr<Counters> counters_;
    mutable std::mutex mutex_;
    std::unordered_map<ConversationId, Lane> lanes_;
    std::unordered_map<ConversationId, TokenBucket> pairs_;
    std::unordered_map<PhoneNumberId, Number> numbers_;
    std::unordered_map<OutboundId, SendWatcher> watchers_;
    std::unordered_set<OutboundId> claims_;
    std::multimap<MonoTime, ConversationId> due_;
    MonoTime next_sweep_{};
    std::size_t size_ = 0;
    std::size_t in_flight_ = 0;
    CallWindow window_;
    WindowTemplates templates_;
    bool stopped_ = false;
    std::atomic<std::size_t> unrecorded_{0};
};

}  // namespace parley
