// libcurl's sockets in an epoll set.
#include "net/curl_sockets.hpp"

#include <cerrno>
#include <cstdint>
#include <system_error>

#include <sys/eventfd.h>
#include <unistd.h>

namespace parley {

namespace {

int checked(int descriptor, const char* what) {
    if (descriptor < 0) throw std::system_error(errno, std::generic_category(), what);
    return descriptor;
}

}  // namespace

CurlSockets::CurlSockets()
    : epoll_(checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      wake_(checked(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")),
      events_(256) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = wake_;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event);
}

CurlSockets::~CurlSockets() {
    close(wake_);
    close(epoll_);
}

CurlSockets::Entry& CurlSockets::entry(curl_socket_t socket) {
    const auto index = static_cast<std::size_t>(socket);
    if (index >= entries_.size()) entries_.resize(index + 64);
    return entries_[index];
}

void CurlSockets::opened(curl_socket_t socket) {
    entry(socket) = {0, 0, true};
}
void CurlSockets::closed(curl_socket_t socket) {
    entry(socket) = {};
}

void CurlSockets::want(curl_socket_t socket, int what) {
    auto& e = entry(socket);
    e.wanted = 0;
    if (what == CURL_POLL_IN || what == CURL_POLL_INOUT) e.wanted |= EPOLLIN;
    if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT) e.wanted |= EPOLLOUT;
    if (e.wanted != 0) {
        register_events(socket, e, e.wanted);
    } else {
        register_events(socket, e, e.kept && e.registered != 0 ? unsigned{EPOLLIN} : 0U);
    }
}

void CurlSockets::register_events(curl_socket_t socket, Entry& e, unsigned events) {
    if (e.registered == events) return;
    epoll_event event{};
    event.events = events;
    event.data.fd = socket;
    if (events == 0) {
        epoll_ctl(epoll_, EPOLL_CTL_DEL, socket, &event);
    } else if (epoll_ctl(epoll_, e.registered == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event) != 0) {
        // Libcurl's own helper descriptors come and go without a word.
        epoll_ctl(epoll_, errno == EEXIST ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
    }
    e.registered = events;
}

std::span<const epoll_event> CurlSockets::wait(int timeout_ms) {
    const int count = epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()), timeout_ms);
    return {events_.data(), static_cast<std::size_t>(count < 0 ? 0 : count)};
}

int CurlSockets::to_curl(const epoll_event& event) {
    if (event.data.fd == wake_) {
        std::uint64_t count = 0;
        [[maybe_unused]] const auto size = read(wake_, &count, sizeof count);
        return 0;
    }
    auto& e = entry(event.data.fd);
    if (e.wanted == 0) {  // an idle connection that the peer closed: libcurl looks before it uses it again
        register_events(event.data.fd, e, 0);
        return 0;
    }
    int what = 0;
    if (event.events & (EPOLLIN | EPOLLHUP)) what |= CURL_CSELECT_IN;
    if (event.events & EPOLLOUT) what |= CURL_CSELECT_OUT;
    if (event.events & EPOLLERR) what |= CURL_CSELECT_ERR;
    return what;
}

void CurlSockets::wake() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto size = write(wake_, &one, sizeof one);
}

}  // namespace parley
