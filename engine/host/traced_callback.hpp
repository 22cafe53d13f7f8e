// Whose turn the code on this thread works on, so that what it draws of randomness can be kept with that turn.
#pragma once

#include "core/turn_trace.hpp"

namespace parley {

// For the duration of one callback of an agent. Threads of the agent's own have none.
class TracedCallback {
  public:
    explicit TracedCallback(TurnTrace* trace) noexcept : before_(current()) { current() = trace; }
    ~TracedCallback() { current() = before_; }
    TracedCallback(const TracedCallback&) = delete;
    TracedCallback& operator=(const TracedCallback&) = delete;

    // Of the innermost one on this thread; null: none, or its turn is not recorded.
    static TurnTrace*& current() noexcept {
        static thread_local TurnTrace* trace = nullptr;
        return trace;
    }

  private:
    TurnTrace* const before_;
};

}  // namespace parley
