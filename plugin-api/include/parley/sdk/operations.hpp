// Host operations under way, and the coroutines that wait for them.
#pragma once

#include <coroutine>
#include <mutex>
#include <vector>

#include <parley/plugin.h>

namespace parley {

class Operations;

// One coroutine waiting for one operation. Lives in its coroutine's frame; leaves the table when the frame
// goes.
class Waiter {
  public:
    explicit Waiter(Operations& operations) noexcept : operations_(operations) {}
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;
    inline virtual ~Waiter();

  protected:
    // Call once the host has accepted the operation; the coroutine resumes after take() has seen the result.
    inline void wait_for(parley_op op, std::coroutine_handle<> coroutine);

    // Copies what it needs of the result, which is gone when the coroutine suspends again.
    virtual void take(const parley_result& result) = 0;

  private:
    friend class Operations;
    Operations& operations_;
    parley_op op_ = 0;
    std::coroutine_handle<> coroutine_;
};

// Of one agent instance. The lock is for agents with "concurrency":"conversation", whose calls come from
// several threads; all calls about one turn are serial, so a waiter is never completed and destroyed at once.
class Operations {
  public:
    void add(Waiter& waiter) {
        const std::lock_guard lock(mutex_);
        waiters_.push_back(&waiter);
    }

    void remove(const Waiter& waiter) noexcept {
        const std::lock_guard lock(mutex_);
        std::erase(waiters_, &waiter);
    }

    // Resumes who waits for `op`. PARLEY_CANCELLED says that the turn is over and on_cancel follows, so
    // nobody is resumed for it; nor for an operation whose coroutine is gone.
    void complete(parley_op op, const parley_result& result) {
        if (result.status == PARLEY_CANCELLED) return;
        Waiter* waiter = take_waiter(op);
        if (!waiter) return;
        waiter->take(result);
        waiter->coroutine_.resume();
    }

  private:
    Waiter* take_waiter(parley_op op) noexcept {
        const std::lock_guard lock(mutex_);
        for (auto& entry : waiters_) {
            if (entry->op_ != op) continue;
            Waiter* waiter = entry;
            entry = waiters_.back();
            waiters_.pop_back();
            waiter->op_ = 0;
            return waiter;
        }
        return nullptr;
    }

    std::mutex mutex_;
    std::vector<Waiter*> waiters_;  // at most the host's 1024 operations of an instance
};

Waiter::~Waiter() {
    if (op_ != 0) operations_.remove(*this);
}

void Waiter::wait_for(parley_op op, std::coroutine_handle<> coroutine) {
    op_ = op;
    coroutine_ = coroutine;
    operations_.add(*this);
}

}  // namespace parley
