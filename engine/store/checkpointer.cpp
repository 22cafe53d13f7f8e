#include "store/checkpointer.hpp"

#include "base/thread_name.hpp"

namespace parley {
namespace {

// A failure here loses nothing: the log keeps everything, and the next commit meets the same disk.
void copy_log(sqlite::Database& db) {
    sqlite3_wal_checkpoint_v2(db.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}

}  // namespace

Checkpointer::Checkpointer(sqlite::Database own, Limits limits, std::int64_t page_size)
    : db_(std::move(own)),
      background_pages_(limits.background_bytes / page_size),
      inline_pages_(limits.inline_bytes / page_size),
      thread_([this] { run(); }) {}

Checkpointer::~Checkpointer() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void Checkpointer::log_grew(sqlite::Database& writer, std::int64_t pages) {
    if (pages < background_pages_) return;
    if (copied_.exchange(false) || pages >= inline_pages_) return copy_log(writer);
    if (running_.exchange(true)) return;
    {
        const std::lock_guard lock(mutex_);
        wanted_ = true;
    }
    wake_.notify_one();
}

void Checkpointer::run() {
    name_this_thread("checkpointer");
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return wanted_ || stopping_; });
        if (stopping_) return;
        wanted_ = false;
        lock.unlock();
        copy_log(db_);
        copied_ = true;
        running_ = false;
        lock.lock();
    }
}

}  // namespace parley
