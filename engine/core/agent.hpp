// Port: what answers. The plugin host implements it; tests have FakeAgent.
#pragma once

#include "core/turn.hpp"

namespace parley {

// Which code answers.
struct AgentName {
    std::string id, version;
    std::string sha256;  // of its file

    std::string text() const { return version.empty() ? id : id + ' ' + version; }
};

class Agent {
  public:
    virtual ~Agent() = default;

    // Hands over a turn and returns at once; the agent finishes it later on a thread of its own. Any thread.
    virtual void deliver(TurnPtr turn) = 0;

    // The turn was taken away (deadline, shutdown) and is stale already; the agent may stop working on it.
    // Any thread.
    virtual void cancel(const TurnPtr& turn, std::string_view why) = 0;

    virtual AgentName name() const { return {}; }  // any thread
};

}  // namespace parley
