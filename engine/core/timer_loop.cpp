#include "core/timer_loop.hpp"

#include <algorithm>

#include "base/thread_name.hpp"

namespace parley {

void TimerLoop::start() {
    thread_ = std::thread([this] { run(); });
}

void TimerLoop::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void TimerLoop::wake_at(MonoTime when) {
    const std::lock_guard lock(mutex_);
    if (when >= next_) return;
    next_ = when;
    changed_.notify_one();
}

void TimerLoop::run() {
    name_this_thread("timers");
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (next_ == MonoTime::max()) {
            changed_.wait(lock);
            continue;
        }
        if (clock_.mono() < next_) {
            changed_.wait_until(lock, next_);
            continue;
        }
        next_ = MonoTime::max();
        lock.unlock();
        MonoTime earliest = MonoTime::max();
        for (const Step& step : steps_) earliest = std::min(earliest, step(clock_.mono()));
        lock.lock();
        next_ = std::min(next_, earliest);
    }
}

}  // namespace parley
