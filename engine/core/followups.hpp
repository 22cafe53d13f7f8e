// Followups: sees to it that follow-ups become messages when they are due.
//
// The store keeps them and makes an open message of each in one transaction, so a follow-up comes once, whatever ends
// the engine meanwhile. This one knows only when to ask: one time, that of the next; nothing runs while none waits.
//
// Threads   All functions from any thread; step() from the timers'. Nothing blocks.
#pragma once

#include <functional>
#include <mutex>

#include "core/inbound_sink.hpp"
#include "core/timer_loop.hpp"

namespace parley {

// Makes a stored message ready for its turn. An error sets that one message aside.
using ReadMessage = std::function<Result<QueuedMessage>(OpenMessage)>;

class Followups {
  public:
    struct Ports {
        MessageStore& store;
        InboundSink& sink;
        const AccountRegistry& accounts;
        const Clock& clock;
        Wakeup& wakeup;
        ReadMessage read;
    };
    // Asks at the first step what an earlier engine left.
    explicit Followups(Ports ports) : ports_(std::move(ports)) {}

    void committed(WallTime due);  // by a turn
    void accounts_changed();       // those of a number that is served again may be due
    MonoTime step(MonoTime now);

    // When the next of the served ones is due, as far as it is known; max(): none waits.
    WallTime next() const;
    bool is_asking() const;  // the store's answer is not there yet

  private:
    void answered(Result<FiredFollowups> fired);
    MonoTime to_mono(WallTime due, MonoTime now) const;

    Ports ports_;
    mutable std::mutex mutex_;
    WallTime next_ = WallTime::min();
    MonoTime not_before_ = MonoTime::min();
    bool asking_ = false;
    bool changed_ = false;  // while asking: the answer's `next` is not the last word
    WallTime committed_ = WallTime::max();
};

}  // namespace parley
