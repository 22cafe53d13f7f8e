// What the dispatcher knows of a conversation with messages in memory, and of the agents of a deployment. Guarded by
// its mutex.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "core/agent.hpp"
#include "core/inbound_sink.hpp"

namespace parley {

// The agent that serves, and the one that may be on trial.
struct HostedAgents {
    struct Trial {
        std::shared_ptr<Agent> agent;  // null: none is on trial
        std::uint32_t state_schema = 0;
        double share = 0;
        std::uint64_t salt = 0;
    };
    std::shared_ptr<Agent> agent;
    std::uint32_t state_schema = 0;
    Trial trial;
    std::size_t open_turns = 0;
    std::size_t messages = 0;  // that wait or have their turn
    bool is_leaving = false;
    std::deque<ConversationId> line;  // lanes that wait for one of them to end
};

struct ConversationLane {
    std::deque<QueuedMessage> waiting;
    TurnPtr turn;                       // the open one, until its commit is done
    std::shared_ptr<Agent> agent;       // that has it
    std::uint32_t state_schema = 0;     // that the agent writes
    HostedAgents* hosted = nullptr;     // whose turn it counts as
    MonoTime deadline{};                // of the open turn
    std::vector<TurnWatcher> watchers;  // of the open one
    ConversationState state;
    bool parked = false;   // the store refuses writes, or the engine drains
    bool in_line = false;  // for its agent
    bool postponed = false;
    bool is_again = false;  // its next turn was postponed before
};

}  // namespace parley
