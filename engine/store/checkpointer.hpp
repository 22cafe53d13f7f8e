// Checkpointer: moves the write-ahead log into the database file without the writer standing still.
//
// A thread with a connection of its own copies what is there; the writer then copies the little that came
// meanwhile, after which SQLite starts the log again from its beginning.
//
// Threads   log_grew() from the writer's thread, between transactions.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "store/sqlite.hpp"

namespace parley {

class Checkpointer {
  public:
    struct Limits {
        std::int64_t background_bytes = 1 << 20;  // the thread starts here
        std::int64_t inline_bytes = 64 << 20;     // the writer itself copies, whatever that costs
    };

    Checkpointer(sqlite::Database own, Limits limits, std::int64_t page_size);
    ~Checkpointer();
    Checkpointer(const Checkpointer&) = delete;
    Checkpointer& operator=(const Checkpointer&) = delete;

    void log_grew(sqlite::Database& writer, std::int64_t pages);

  private:
    void run();

    sqlite::Database db_;
    const std::int64_t background_pages_, inline_pages_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool wanted_ = false, stopping_ = false;
    std::atomic<bool> copied_{false}, running_{false};
    std::thread thread_;
};

}  // namespace parley
