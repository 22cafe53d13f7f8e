#include "host/worker_loop.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/thread_name.hpp"

namespace parley {
namespace {

constexpr int events_at_once = 64;
constexpr std::uint64_t woken = 0;

void control(int epoll, int operation, int fd, std::uint32_t events, std::uint64_t watch) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = watch;
    if (::epoll_ctl(epoll, operation, fd, &event) != 0)
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

}  // namespace

WorkerLoop::WorkerLoop()
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    control(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), EPOLLIN, woken);
    thread_ = std::thread([this] { run(); });
}

WorkerLoop::~WorkerLoop() {
    stop();
}

bool WorkerLoop::post(UniqueFunction<void()> task) {
    {
        const std::lock_guard lock(mutex_);
        if (is_stopping_) return false;
        tasks_.push_back(std::move(task));
        if (tasks_.size() > 1) return true;  // it has been woken
    }
    const std::uint64_t one = 1;
    (void)!::write(wake_.get(), &one, sizeof one);
    return true;
}

void WorkerLoop::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    const std::uint64_t one = 1;
    (void)!::write(wake_.get(), &one, sizeof one);
    if (!thread_.joinable()) return;
    thread_.join();
    watched_.clear();  // with what their functions keep alive
}

WorkerLoop::Watch WorkerLoop::watch(int fd, std::uint32_t events, Ready ready) {
    const Watch id = next_watch_++;
    control(epoll_.get(), EPOLL_CTL_ADD, fd, events, id);
    watched_.emplace(id, Watched{fd, std::make_shared<Ready>(std::move(ready))});
    return id;
}

void WorkerLoop::change(Watch watch, std::uint32_t events) {
    const auto found = watched_.find(watch);
    if (found != watched_.end()) control(epoll_.get(), EPOLL_CTL_MOD, found->second.fd, events, watch);
}

void WorkerLoop::forget(Watch watch) {
    const auto found = watched_.find(watch);
    if (found == watched_.end()) return;
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, found->second.fd, nullptr);
    watched_.erase(found);
}

bool WorkerLoop::run_tasks() {
    std::vector<UniqueFunction<void()>> tasks;
    bool is_stopping = false;
    {
        const std::lock_guard lock(mutex_);
        tasks.swap(tasks_);
        is_stopping = is_stopping_;
    }
    for (auto& task : tasks) task();
    return !is_stopping;
}

void WorkerLoop::run() {
    name_this_thread("workers");
    std::array<epoll_event, events_at_once> events;
    for (;;) {
        const int count = ::epoll_wait(epoll_.get(), events.data(), events_at_once, -1);
        for (int i = 0; i < count; ++i) {
            const epoll_event& event = events[static_cast<std::size_t>(i)];
            if (event.data.u64 == woken) {
                std::uint64_t times = 0;
                (void)!::read(wake_.get(), &times, sizeof times);
                if (!run_tasks()) return;
                continue;
            }
            const auto found = watched_.find(event.data.u64);  // an earlier event may have forgotten it
            if (found == watched_.end()) continue;
            const std::shared_ptr<Ready> ready = found->second.ready;
            (*ready)(event.events);
        }
    }
}

}  // namespace parley
