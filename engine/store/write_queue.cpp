#include "store/write_queue.hpp"

namespace parley {

void WriteQueue::push(InboundWrite write, Urgency urgency, std::size_t bytes) {
    std::unique_lock lock(mutex_);
    if (is_full(bytes)) {
        write.refuse(Error(Errc::busy, "too many writes wait for the disk"));
        urgency = Urgency::awaited;
    } else {
        bytes_ += bytes;
    }
    append(std::move(write), urgency, lock);
}

template <class Bounded>
void WriteQueue::push_awaited(Bounded write, std::size_t bytes) {
    std::unique_lock lock(mutex_);
    if (is_full(bytes)) {
        write.refuse(Error(Errc::busy, "too many writes wait for the disk"));
    } else {
        bytes_ += bytes;
    }
    append(std::move(write), Urgency::awaited, lock);
}

void WriteQueue::push(OutboundWrite write, std::size_t bytes) {
    push_awaited(std::move(write), bytes);
}

void WriteQueue::push(KeyValueWrite write, std::size_t bytes) {
    push_awaited(std::move(write), bytes);
}

void WriteQueue::push(Write write, Urgency urgency) {
    std::unique_lock lock(mutex_);
    append(std::move(write), urgency, lock);
}

void WriteQueue::append(Write write, Urgency urgency, std::unique_lock<std::mutex>& lock) {
    writes_.push_back(std::move(write));
    // The writer sleeps until a known time once it has seen the first write of a kind: the rest need not wake
    // it.
    const bool wake = writes_.size() == 1 || (urgency == Urgency::awaited && awaited_ == 0);
    awaited_ += urgency == Urgency::awaited;
    lock.unlock();
    if (wake) wake_.notify_one();
}

void WriteQueue::take(Taken& taken, CommitPacer& pacer, const Clock& clock, MonoTime wake_at) {
    taken.writes.clear();
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        const MonoTime now = clock.mono();
        MonoTime due = wake_at;
        if (awaited_ > 0) {
            due = std::min(due, pacer.earliest(now));
        } else if (!writes_.empty()) {
            if (!lazy_timed_) lazy_due_ = now + limits_.lazy_wait;
            lazy_timed_ = true;
            due = std::min(due, lazy_due_);
        }
        if (due <= now) break;
        if (due == MonoTime::max()) {
            wake_.wait(lock);
        } else {
            wake_.wait_for(lock, due - now);
        }
    }
    taken.writes.swap(writes_);
    taken.awaited = awaited_;
    taken.stopping = stopping_;
    awaited_ = bytes_ = 0;
    lazy_timed_ = false;
}

void WriteQueue::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
}

}  // namespace parley
