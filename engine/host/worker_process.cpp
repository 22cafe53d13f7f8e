#include "host/worker_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace parley {
namespace {

constexpr int above_targets = 16;

Error failed(const std::string& what, int code = errno) {
    return {Errc::unavailable, what + ": " + std::generic_category().message(code)};
}

// A copy that no file action of the child overwrites before it is used.
OwnedFd lifted(int fd) {
    return OwnedFd(::fcntl(fd, F_DUPFD_CLOEXEC, above_targets));
}

class SpawnPlan {
  public:
    SpawnPlan() {
        posix_spawn_file_actions_init(&actions_);
        posix_spawnattr_init(&attributes_);
    }
    ~SpawnPlan() {
        posix_spawn_file_actions_destroy(&actions_);
        posix_spawnattr_destroy(&attributes_);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;

    void give(int fd, int target) { posix_spawn_file_actions_adddup2(&actions_, fd, target); }

    // Signals as a new program expects them, and a group of its own: Ctrl-C is for the engine, which ends it.
    int run(pid_t& pid, const std::string& program, const std::string& name) {
        posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_addclosefrom_np(&actions_, worker_board_fd + 1);
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&attributes_, &none);
        posix_spawnattr_setsigdefault(&attributes_, &all);
        posix_spawnattr_setpgroup(&attributes_, 0);
        posix_spawnattr_setflags(&attributes_,
                                 POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
        std::string title = "parley-worker";
        std::string shown = name;
        std::array<char*, 3> words{title.data(), shown.data(), nullptr};
        std::string path = "PATH=/usr/local/bin:/usr/bin:/bin";
        std::string language = "LANG=C.UTF-8";
        std::array<char*, 3> environment{path.data(), language.data(), nullptr};
        return posix_spawn(&pid, program.c_str(), &actions_, &attributes_, words.data(), environment.data());
    }

  private:
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

}  // namespace

std::string WorkerEnd::text() const {
    if (signal == 0) return "exited with code " + std::to_string(exit_code);
    const char* const name = ::sigabbrev_np(signal);
    return "was ended by signal " + std::to_string(signal) +
           (name == nullptr ? "" : " (SIG" + std::string(name) + ")");
}

Result<WorkerProcess> WorkerProcess::start(const std::filesystem::path& program, const std::string& name,
                                           const OwnedFd& socket, const OwnedFd& board) {
    int pipe_ends[2];
    if (::pipe2(pipe_ends, O_CLOEXEC) != 0) return failed("cannot make a pipe");
    OwnedFd reader(pipe_ends[0]);
    const OwnedFd writer(pipe_ends[1]);
    ::fcntl(reader.get(), F_SETFL, O_NONBLOCK);

    const OwnedFd output = lifted(writer.get());
    const OwnedFd line = lifted(socket.get());
    const OwnedFd memory = lifted(board.get());
    if (!output || !line || !memory) return failed("cannot copy a descriptor");
    SpawnPlan plan;
    plan.give(output.get(), 1);
    plan.give(output.get(), 2);
    plan.give(line.get(), worker_socket_fd);
    plan.give(memory.get(), worker_board_fd);
    pid_t pid = -1;
    if (const int code = plan.run(pid, program.string(), name); code != 0)
        return failed("cannot start " + program.string(), code);
    // The number cannot name another process before this one is reaped.
    OwnedFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!pidfd) {
        Error error = failed("cannot watch the worker");
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        return error;
    }
    ::fcntl(pidfd.get(), F_SETFD, FD_CLOEXEC);
    return WorkerProcess(pid, std::move(pidfd), std::move(reader));
}

WorkerProcess::~WorkerProcess() {
    if (!pidfd_) return;
    kill();
    end(true);
}

void WorkerProcess::kill() noexcept {
    if (pidfd_) ::syscall(SYS_pidfd_send_signal, pidfd_.get(), SIGKILL, nullptr, 0);
}

std::optional<WorkerEnd> WorkerProcess::end(bool wait) {
    siginfo_t facts{};
    const auto id = static_cast<id_t>(pidfd_.get());
    const int flags = WEXITED | WNOWAIT | (wait ? 0 : WNOHANG);
    while (::waitid(P_PIDFD, id, &facts, flags) != 0)
        if (errno != EINTR) return std::nullopt;
    if (facts.si_pid == 0) return std::nullopt;
    // Until it is reaped its number is its own, and its group's.
    ::kill(-pid_, SIGKILL);
    while (::waitid(P_PIDFD, id, &facts, WEXITED) != 0 && errno == EINTR) {
    }
    pidfd_.reset();
    if (facts.si_code == CLD_EXITED) return WorkerEnd{facts.si_status, 0};
    return WorkerEnd{-1, facts.si_status};
}

}  // namespace parley
