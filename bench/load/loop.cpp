#include "load/loop.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include <sys/epoll.h>
#include <unistd.h>

namespace parley::bench {

Nanos now() {
    return std::chrono::steady_clock::now().time_since_epoch();
}

Loop::Loop() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (epoll_ < 0) throw std::system_error(errno, std::generic_category(), "epoll");
}
Loop::~Loop() {
    ::close(epoll_);
}

void Loop::add(int descriptor, Watcher& watcher) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &watcher;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) != 0)
        throw std::system_error(errno, std::generic_category(), "epoll");
}

void Loop::remove(int descriptor) {
    ::epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
}

void Loop::wait(Nanos limit) {
    std::array<epoll_event, 128> events;
    const auto left = std::max(limit, Nanos{0}).count();
    const timespec timeout{left / 1'000'000'000, left % 1'000'000'000};
    const int count =
        ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &timeout, nullptr);
    for (int i = 0; i < count; ++i)
        static_cast<Watcher*>(events[static_cast<std::size_t>(i)].data.ptr)->ready();
}

}  // namespace parley::bench
