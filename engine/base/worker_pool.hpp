// A few threads for work that may block: recovery reads and admin queries. Nothing of the spine runs here.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "base/unique_function.hpp"

namespace parley {

class WorkerPool {
  public:
    WorkerPool(unsigned threads, std::size_t queue_limit);
    ~WorkerPool();  // stop()
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    // Runs what is queued and joins; later jobs are refused.
    void stop();

    // Any thread. False when `queue_limit` jobs wait already; the job is then dropped uncalled. A job must not
    // throw: that ends the process.
    bool post(UniqueFunction<void()> job);

  private:
    void run();

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<UniqueFunction<void()>> queue_;
    std::size_t queue_limit_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace parley
