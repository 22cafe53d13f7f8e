// Intake: feeds the dispatcher with durable messages, keeping a bounded window of them in memory.
//
// Live, messages go from the store's completions straight to their lanes. When the window is full, and at the
// start of the engine, they stay in the store instead and are read back page by page, in order, as room
// appears; once nothing is left behind, the intake is live again. So the store is the queue, and memory is
// bounded whatever arrives.
#pragma once

#include <functional>
#include <mutex>
#include <unordered_map>

#include "base/worker_pool.hpp"
#include "core/dispatcher.hpp"
#include "core/followups.hpp"

namespace parley {

struct IntakeOptions {
    std::size_t window = 16384;  // messages in memory, waiting for a turn or to be sent
    std::size_t page = 512;
    // Messages in memory at most, also of conversations whose turn is postponed: those do not count above, so that an
    // agent that cannot go on does not keep the others' messages in the store.
    std::size_t most = 131'072;
};

class Intake final : public InboundSink {
  public:
    // Begins with what an earlier engine left: first what is unsent, then what is unanswered; then it is live. What
    // arrives before then waits in the store. Sends that `doubts` names are held instead of sent.
    Intake(IntakeOptions options, InflightDoubts doubts, Dispatcher& dispatcher, OutboxPump& pump,
           MessageStore& store, ReadMessage read, WorkerPool& workers, Wakeup& wakeup);

    void arrived(std::vector<QueuedMessage> messages) override;
    void settled(const Applied& applied) override { pump_.settled(applied); }
    bool watch(ItemSeq seq, TurnWatcher watcher) override;

    // Messages that are older than what arrives, and that `open` makes wait for a turn only now, in order. False, and
    // nothing is done: there is no room, or the store is being read; ask again soon. Blocks as `open` does.
    bool deliver_late(const std::function<std::vector<QueuedMessage>()>& open);

    MonoTime step(MonoTime now);
    bool is_live() const;
    bool has_recovered_outbox() const;

  private:
    enum class Phase { outbox, inbox, live };

    bool has_room() const;
    void drop_read(std::vector<QueuedMessage>& messages);  // needs mutex_
    void read_on();                                        // on a worker
    bool read_outbox();                                    // true: nothing is left
    bool read_inbox();                                     // true: live now
    bool failed(const char* what, const Error& error);

    const IntakeOptions options_;
    const InflightDoubts doubts_;
    Dispatcher& dispatcher_;
    OutboxPump& pump_;
    MessageStore& store_;
    const ReadMessage read_;
    WorkerPool& workers_;
    Wakeup& wakeup_;

    mutable std::mutex mutex_;
    Phase phase_ = Phase::outbox;
    bool reading_ = false;
    bool read_failed_ = false;
    ItemSeq read_until_{};  // everything up to here has been submitted
    ItemSeq last_arrived_{};
    OutboundId sent_until_{};                            // recovery of the outbox
    std::unordered_map<ConversationId, bool> seen_;      // lanes whose head was read, after a reboot
    std::unordered_map<ItemSeq, TurnWatcher> watchers_;  // of messages that stayed in the store
};

}  // namespace parley
