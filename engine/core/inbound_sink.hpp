// Port: where the door hands over what the store has made durable. The movers implement it (Intake).
#pragma once

#include <vector>

#include "base/unique_function.hpp"
#include "core/message_store.hpp"

namespace parley {

// How a message's turn ended, for those who wait for it.
struct TurnSummary {
    bool answered = false;  // false: the agent failed and the replies are the fallback, or none
    std::vector<NewOutbound> replies;
    Annotations annotations;
};

using TurnWatcher = UniqueFunction<void(const TurnSummary&)>;

// A durable message that waits for its turn.
struct QueuedMessage {
    ItemSeq seq{};
    ConversationId conversation{};
    DeploymentPtr deployment;
    InboundMessage message;
    std::string canonical_json;
    ConversationState state;  // as of its storing; the lane knows better when the conversation is busy
    WallTime received_at{};
    std::uint32_t attempt = 0;
    TraceId trace_id = {};
    TurnWatcher watcher;  // may be empty; runs once, on any thread
};

class InboundSink {
  public:
    virtual ~InboundSink() = default;
    // Called from store completions, so in the order of storing, on the store's writer thread. Not to block.
    virtual void arrived(std::vector<QueuedMessage> messages) = 0;
    virtual void settled(const Applied& applied) = 0;
    // Runs `watcher` when the turn of `seq` ends. False when no such turn is waiting or running. Any thread.
    virtual bool watch(ItemSeq seq, TurnWatcher watcher) = 0;
};

}  // namespace parley
