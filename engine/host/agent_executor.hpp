// Where agents run: a bounded pool of threads and, on it, strands. Tasks of one strand run one after another,
// in the order they were posted, on any thread of the pool.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/unique_function.hpp"

namespace parley {

namespace executor {
struct Shared;
struct Worker;
}  // namespace executor

// How long one task may take before somebody hears of it.
struct StrandLimits {
    Millis slow{50};
    Millis stall{5'000};                  // longer: the thread running it is written off and replaced
    std::function<void(Millis)> on_slow;  // after a task that took longer than `slow`, on its thread
};

class Strand : public std::enable_shared_from_this<Strand> {
  public:
    Strand(std::shared_ptr<executor::Shared> shared, StrandLimits limits);

    void post(UniqueFunction<void()> task);  // any thread; a task must not throw

    // True from when a task was found to run longer than the stall limit until it returns. Any thread.
    bool is_stalled() const noexcept { return stalled_.load(); }
    void set_stall_limit(Millis limit) noexcept { stall_ms_.store(limit.count()); }  // any thread

  private:
    friend class ExecutorPool;
    friend struct executor::Worker;

    bool run_some();  // true: there is more to run
    bool take(UniqueFunction<void()>& task);
    bool release_if_empty();
    bool exceeds_stall(MonoTime now) const noexcept;

    const std::shared_ptr<executor::Shared> shared_;
    const StrandLimits limits_;
    std::mutex mutex_;
    std::deque<UniqueFunction<void()>> tasks_;
    bool scheduled_ = false;
    std::atomic<std::int64_t> busy_since_{0};  // mono, 0: no task is running
    std::atomic<std::int64_t> stall_ms_;
    std::atomic<bool> stalled_{false};
};

class ExecutorPool {
  public:
    ExecutorPool(unsigned threads, const Clock& clock);  // the clock must outlive every task
    ~ExecutorPool();                                     // stop() with 5 s
    ExecutorPool(const ExecutorPool&) = delete;
    ExecutorPool& operator=(const ExecutorPool&) = delete;

    std::shared_ptr<Strand> make_strand(StrandLimits limits);

    // Replaces each thread whose task exceeds its strand's stall limit at `now`; returns how many. A
    // written-off thread ends when its task returns, and the strand goes on. Any thread.
    unsigned replace_stalled(MonoTime now);

    // Runs what is queued, then joins the threads. Those still busy after `limit` are left behind; returns
    // how many.
    unsigned stop(Millis limit);

  private:
    std::shared_ptr<executor::Shared> shared_;
};

}  // namespace parley
