#include "host/timer_queue.hpp"

namespace parley {

TimerQueue::TimerId TimerQueue::add(MonoTime due, UniqueFunction<void()> call) {
    TimerId id = 0;
    bool is_next = false;
    {
        const std::lock_guard lock(mutex_);
        id = next_id_++;
        const auto at = timers_.emplace(Key{due, id}, std::move(call)).first;
        due_.emplace(id, due);
        is_next = at == timers_.begin();
    }
    if (is_next && on_earlier_) on_earlier_();
    return id;
}

bool TimerQueue::cancel(TimerId id) {
    UniqueFunction<void()> dropped;  // destroyed after the lock is gone
    const std::lock_guard lock(mutex_);
    const auto found = due_.find(id);
    if (found == due_.end()) return false;
    const auto timer = timers_.find(Key{found->second, id});
    dropped = std::move(timer->second);
    timers_.erase(timer);
    due_.erase(found);
    return true;
}

std::size_t TimerQueue::step(MonoTime now) {
    std::size_t count = 0;
    for (;; ++count) {
        UniqueFunction<void()> call;
        {
            const std::lock_guard lock(mutex_);
            if (timers_.empty() || timers_.begin()->first.first > now) return count;
            const auto first = timers_.begin();
            call = std::move(first->second);
            due_.erase(first->first.second);
            timers_.erase(first);
        }
        call();
    }
}

std::optional<MonoTime> TimerQueue::next_due() const {
    const std::lock_guard lock(mutex_);
    if (timers_.empty()) return std::nullopt;
    return timers_.begin()->first.first;
}

}  // namespace parley
