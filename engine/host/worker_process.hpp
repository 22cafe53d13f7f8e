// A worker as a process: started, killed and reaped by its pidfd, which never names another process.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <sys/types.h>

#include "base/result.hpp"
#include "host/frame_socket.hpp"

namespace parley {

inline constexpr int worker_socket_fd = 3;
inline constexpr int worker_board_fd = 4;

struct WorkerEnd {
    int exit_code = -1;
    int signal = 0;  // that ended it; 0: it exited

    std::string text() const;  // "was ended by signal 11 (Segmentation fault)"
};

// Not thread-safe.
class WorkerProcess {
  public:
    // Starts `program` with `socket` and `board` as the descriptors above, its output in pipes and nothing else:
    // no other descriptor, and of the environment only PATH and LANG. It dies with the calling thread.
    static Result<WorkerProcess> start(const std::filesystem::path& program, const std::string& name,
                                       const OwnedFd& socket, const OwnedFd& board);
    WorkerProcess(WorkerProcess&&) = default;
    WorkerProcess& operator=(WorkerProcess&&) = delete;
    ~WorkerProcess();  // kills and reaps it

    pid_t pid() const noexcept { return pid_; }
    int pidfd() const noexcept { return pidfd_.get(); }
    int output() const noexcept {
        return output_.get();
    }  // what it writes to stdout and stderr; does not block

    void kill() noexcept;
    // None while it runs. Ends what it has left behind in its process group.
    std::optional<WorkerEnd> end(bool wait = false);

  private:
    WorkerProcess(pid_t pid, OwnedFd pidfd, OwnedFd output)
        : pid_(pid), pidfd_(std::move(pidfd)), output_(std::move(output)) {}

    pid_t pid_ = -1;
    OwnedFd pidfd_;
    OwnedFd output_;
};

}  // namespace parley
