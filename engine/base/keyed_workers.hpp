// A few threads for work that may block on others: jobs of one key run one after another, in the order they came; those
// of different keys side by side.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "base/unique_function.hpp"
#include "base/worker_pool.hpp"

namespace parley {

class KeyedWorkers {
  public:
    // At most `threads` keys at once; one that runs keeps its thread until none of its jobs waits.
    KeyedWorkers(unsigned threads, std::size_t queue_limit);

    // Runs what is queued and joins; later jobs are refused.
    void stop();

    // Any thread. False when `queue_limit` jobs wait already, or after stop(); the job is then dropped uncalled. A job
    // must not throw: that ends the process.
    bool post(const std::string& key, UniqueFunction<void()> job);

  private:
    void run(const std::string& key);

    std::mutex mutex_;
    std::map<std::string, std::deque<UniqueFunction<void()>>> waiting_;  // a key that runs is among them
    std::size_t count_ = 0;                                              // of jobs that wait
    const std::size_t queue_limit_;
    WorkerPool pool_;  // last: it ends before what its jobs use
};

}  // namespace parley
