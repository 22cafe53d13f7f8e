// Port: who looks on while turns are answered, without a say in them.
#pragma once

#include "core/agent.hpp"

namespace parley {

// Called without a lock held, on the threads that move the turns: return at once.
class TurnObserver {
  public:
    virtual ~TurnObserver() = default;
    // An agent is about to get this turn.
    virtual void begins(const TurnPtr& turn) = 0;
    // The turn is over, and `result` is what is committed: with `ok` what the agent said, else why it failed. `agent` may
    // be null; it lives during the call.
    virtual void ended(const TurnPtr& turn, const TurnResult& result, const Agent* agent) = 0;
    // The agent's process ended in this turn, which begins again.
    virtual void crashed(const Turn& turn, const Agent* agent) = 0;
};

}  // namespace parley
