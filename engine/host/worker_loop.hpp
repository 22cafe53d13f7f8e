// The thread that talks with workers: an epoll set, and tasks for that thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/unique_function.hpp"
#include "host/frame_socket.hpp"

namespace parley {

class WorkerLoop {
  public:
    using Ready = std::function<void(std::uint32_t events)>;  // EPOLLIN, EPOLLOUT …
    using Watch = std::uint64_t;                              // never reused

    WorkerLoop();
    ~WorkerLoop();  // stop()
    WorkerLoop(const WorkerLoop&) = delete;
    WorkerLoop& operator=(const WorkerLoop&) = delete;

    // Any thread; runs in order on the loop's. False once it stops.
    bool post(UniqueFunction<void()> task);
    void stop();  // runs what was posted, then joins

    // On the loop's thread only. A descriptor must be forgotten before it is closed.
    Watch watch(int fd, std::uint32_t events, Ready ready);
    void change(Watch watch, std::uint32_t events);
    void forget(Watch watch);

  private:
    struct Watched {
        int fd = -1;
        std::shared_ptr<Ready> ready;
    };
    void run();
    bool run_tasks();  // false: the loop ends

    OwnedFd epoll_;
    OwnedFd wake_;
    std::unordered_map<Watch, Watched> watched_;
    Watch next_watch_ = 1;
    std::mutex mutex_;
    std::vector<UniqueFunction<void()>> tasks_;
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace parley
