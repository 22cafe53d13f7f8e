#include "host/agent_executor.hpp"

#include <algorithm>

#include "base/thread_name.hpp"

namespace parley {
namespace executor {

struct Worker {
    explicit Worker(std::shared_ptr<Shared> owner) : shared(std::move(owner)) {}
    void run();

    const std::shared_ptr<Shared> shared;
    std::shared_ptr<Strand> current;  // under Shared::mutex, as the rest
    bool written_off = false;
    bool ended = false;
    std::thread thread;
};

struct Shared {
    explicit Shared(const Clock& c) : clock(c) {}

    void enqueue(std::shared_ptr<Strand> strand) {
        bool somebody_sleeps = false;
        {
            const std::lock_guard lock(mutex);
            ready.push_back(std::move(strand));
            somebody_sleeps = sleeping > 0;
        }
        if (somebody_sleeps) wake.notify_one();
    }

    const Clock& clock;
    std::mutex mutex;
    std::condition_variable wake;
    std::condition_variable changed;
    std::deque<std::shared_ptr<Strand>> ready;
    unsigned sleeping = 0;
    bool stopping = false;
    std::vector<std::shared_ptr<Worker>> workers;
};

namespace {

void start_worker(const std::shared_ptr<Shared>& shared) {
    auto worker = std::make_shared<Worker>(shared);
    shared->workers.push_back(worker);
    worker->thread = std::thread([worker] { worker->run(); });
}

}  // namespace

void Worker::run() {
    name_this_thread("agent");
    for (;;) {
        std::shared_ptr<Strand> strand;
        {
            std::unique_lock lock(shared->mutex);
            ++shared->sleeping;
            shared->wake.wait(lock, [&] { return !shared->ready.empty() || shared->stopping; });
            --shared->sleeping;
            if (shared->ready.empty()) break;
            strand = std::move(shared->ready.front());
            shared->ready.pop_front();
            current = strand;
        }
        const bool has_more = strand->run_some();
        bool leaves = false;
        {
            const std::lock_guard lock(shared->mutex);
            current = nullptr;
            leaves = written_off;
            if (leaves) strand->stalled_.store(false);
        }
        if (has_more) shared->enqueue(std::move(strand));
        if (leaves) break;
    }
    const std::lock_guard lock(shared->mutex);
    ended = true;
    shared->changed.notify_all();
}

}  // namespace executor

namespace {

constexpr int tasks_per_run = 64;
constexpr std::chrono::milliseconds time_per_run{2};  // then other strands have their turn

std::int64_t ticks(MonoTime t) {
    return std::max<std::int64_t>(t.time_since_epoch().count(), 1);
}

}  // namespace

Strand::Strand(std::shared_ptr<executor::Shared> shared, StrandLimits limits)
    : shared_(std::move(shared)), limits_(std::move(limits)), stall_ms_(limits_.stall.count()) {}

void Strand::post(UniqueFunction<void()> task) {
    {
        const std::lock_guard lock(mutex_);
        tasks_.push_back(std::move(task));
        if (std::exchange(scheduled_, true)) return;
    }
    shared_->enqueue(shared_from_this());
}

bool Strand::take(UniqueFunction<void()>& task) {
    const std::lock_guard lock(mutex_);
    if (tasks_.empty()) return false;
    task = std::move(tasks_.front());
    tasks_.pop_front();
    return true;
}

bool Strand::release_if_empty() {
    const std::lock_guard lock(mutex_);
    if (!tasks_.empty()) return false;
    scheduled_ = false;
    return true;
}

bool Strand::exceeds_stall(MonoTime now) const noexcept {
    const std::int64_t since = busy_since_.load();
    return since != 0 && now - MonoTime{MonoTime::duration{since}} > Millis{stall_ms_.load()};
}

bool Strand::run_some() {
    const MonoTime begun = shared_->clock.mono();
    MonoTime now = begun;
    UniqueFunction<void()> task;
    for (int i = 0; i < tasks_per_run && now - begun < time_per_run && take(task); ++i) {
        busy_since_.store(ticks(now));
        task();
        busy_since_.store(0);
        const MonoTime after = shared_->clock.mono();
        if (limits_.on_slow && after - now > limits_.slow)
            limits_.on_slow(std::chrono::duration_cast<Millis>(after - now));
        task = nullptr;  // last: it may hold the owner of on_slow
        now = after;
        if (stalled_.load()) break;  // this thread has been replaced
    }
    return !release_if_empty();
}

ExecutorPool::ExecutorPool(unsigned threads, const Clock& clock)
    : shared_(std::make_shared<executor::Shared>(clock)) {
    const std::lock_guard lock(shared_->mutex);
    for (unsigned i = 0; i < std::max(threads, 1U); ++i) executor::start_worker(shared_);
}

ExecutorPool::~ExecutorPool() {
    stop(Millis{5'000});
}

std::shared_ptr<Strand> ExecutorPool::make_strand(StrandLimits limits) {
    return std::make_shared<Strand>(shared_, std::move(limits));
}

unsigned ExecutorPool::replace_stalled(MonoTime now) {
    const std::lock_guard lock(shared_->mutex);
    unsigned replaced = 0;
    const auto known = shared_->workers;
    for (const auto& worker : known) {
        if (worker->ended && worker->written_off) {
            std::erase(shared_->workers, worker);
            continue;
        }
        if (worker->written_off || !worker->current || !worker->current->exceeds_stall(now)) continue;
        worker->written_off = true;
        worker->thread.detach();
        worker->current->stalled_.store(true);
        if (!shared_->stopping) executor::start_worker(shared_);
        ++replaced;
    }
    return replaced;
}

unsigned ExecutorPool::stop(Millis limit) {
    std::vector<std::shared_ptr<executor::Worker>> workers;
    {
        std::unique_lock lock(shared_->mutex);
        shared_->stopping = true;
        shared_->wake.notify_all();
        const auto all_ended = [&] {
            return std::all_of(shared_->workers.begin(), shared_->workers.end(),
                               [](const auto& w) { return w->ended; });
        };
        shared_->changed.wait_for(lock, limit, all_ended);
        workers.swap(shared_->workers);
    }
    unsigned left_behind = 0;
    for (const auto& worker : workers) {
        bool ended = false;
        {
            const std::lock_guard lock(shared_->mutex);
            ended = worker->ended;
        }
        if (!ended) ++left_behind;
        if (!worker->thread.joinable()) continue;
        if (ended)
            worker->thread.join();
        else
            worker->thread.detach();
    }
    return left_behind;
}

}  // namespace parley
