#include "base/keyed_workers.hpp"

namespace parley {

// A key stands in the pool's queue at most once, and no more keys wait than jobs.
KeyedWorkers::KeyedWorkers(unsigned threads, std::size_t queue_limit)
    : queue_limit_(queue_limit), pool_(threads, queue_limit) {}

void KeyedWorkers::stop() {
    pool_.stop();
}

bool KeyedWorkers::post(const std::string& key, UniqueFunction<void()> job) {
    const std::lock_guard lock(mutex_);
    if (count_ >= queue_limit_) return false;
    const auto [its, is_idle] = waiting_.try_emplace(key);
    if (is_idle && !pool_.post([this, key] { run(key); })) {
        waiting_.erase(its);
        return false;
    }
    its->second.push_back(std::move(job));
    ++count_;
    return true;
}

void KeyedWorkers::run(const std::string& key) {
    while (true) {
        UniqueFunction<void()> job;
        {
            const std::lock_guard lock(mutex_);
            const auto its = waiting_.find(key);
            if (its->second.empty()) {
                waiting_.erase(its);
                return;
            }
            job = std::move(its->second.front());
            its->second.pop_front();
            --count_;
        }
        job();
    }
}

}  // namespace parley
