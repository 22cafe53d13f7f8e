#include "kit/child_process.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace parley::kit {
namespace {

constexpr std::size_t most_of_a_result = 1U << 20;
constexpr std::size_t most_of_a_step = 500;
constexpr off_t most_of_the_output = 2000;

// Written by the child, read by the parent.
struct Shared {
    std::atomic<std::size_t> step_size;
    char step[most_of_a_step];
    std::atomic<bool> is_done;
    std::size_t result_size;
    char result[most_of_a_result];
};

class SharedPage {
  public:
    SharedPage()
        : memory_(mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
        if (memory_ == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
    }
    ~SharedPage() { munmap(memory_, sizeof(Shared)); }
    SharedPage(const SharedPage&) = delete;
    SharedPage& operator=(const SharedPage&) = delete;
    Shared* operator->() const { return static_cast<Shared*>(memory_); }

  private:
    void* memory_;
};

class SharedProgress final : public Progress {
  public:
    explicit SharedProgress(Shared& shared) : shared_(shared) {}
    void at(std::string_view step) override {
        const std::size_t size = std::min(step.size(), most_of_a_step);
        shared_.step_size = 0;
        std::memcpy(shared_.step, step.data(), size);
        shared_.step_size = size;
    }

  private:
    Shared& shared_;
};

class File {
  public:
    explicit File(int fd) : fd_(fd) {}
    ~File() {
        if (fd_ >= 0) ::close(fd_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    int get() const { return fd_; }

  private:
    int fd_;
};

[[noreturn]] void be_the_child(const std::function<std::string(Progress&)>& work, Shared& shared,
                               int output) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const rlimit no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    ::close(output);
    const int nothing = ::open("/dev/null", O_RDONLY);
    if (nothing >= 0 && nothing != STDIN_FILENO) {
        dup2(nothing, STDIN_FILENO);
        ::close(nothing);
    }
    SharedProgress progress(shared);
    std::string result;
    try {
        result = work(progress);
    } catch (const std::exception& problem) {
        dprintf(STDERR_FILENO, "%s\n", problem.what());
        _exit(125);
    }
    shared.result_size = std::min(result.size(), most_of_a_result);
    std::memcpy(shared.result, result.data(), shared.result_size);
    shared.is_done = true;
    _exit(0);
}

// False when the limit came first; then everything in the child's group is gone.
bool wait_for(pid_t child, Millis limit) {
    const File handle(static_cast<int>(syscall(SYS_pidfd_open, child, 0)));
    const auto end = std::chrono::steady_clock::now() + limit;
    pollfd waiting{handle.get(), POLLIN, 0};
    while (true) {
        const auto left = std::chrono::ceil<Millis>(end - std::chrono::steady_clock::now());
        const int ready = poll(&waiting, 1, static_cast<int>(std::max<Millis::rep>(left.count(), 0)));
        if (ready > 0) return true;
        if (ready < 0 && errno == EINTR) continue;
        return false;
    }
}

std::string end_of(int file) {
    const off_t size = lseek(file, 0, SEEK_END);
    const off_t from = std::max<off_t>(0, size - most_of_the_output);
    std::string text(static_cast<std::size_t>(std::max<off_t>(0, size - from)), '\0');
    const ssize_t got = pread(file, text.data(), text.size(), from);
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    return text;
}

}  // namespace

std::string in_words(const ChildEnd& end) {
    if (end.how == ChildEnd::How::timed_out) return "did not come back";
    if (end.how == ChildEnd::How::exited)
        return "ended the process with exit(" + std::to_string(end.code) + ")";
    const char* name = sigabbrev_np(end.code);
    return std::string("ended the process with SIG") + (name == nullptr ? "NAL" : name);
}

struct ChildProcess::Parts {
    SharedPage shared;
    File output{memfd_create("parley-check", MFD_CLOEXEC)};
    std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
    pid_t child = -1;
};

ChildProcess::ChildProcess(const Work& work) : parts_(std::make_unique<Parts>()) {
    std::fflush(nullptr);  // or the child writes what waits in the buffers once more
    parts_->child = fork();
    if (parts_->child < 0) throw std::system_error(errno, std::generic_category(), "fork");
    if (parts_->child == 0) be_the_child(work, *parts_->shared.operator->(), parts_->output.get());
}

ChildProcess::~ChildProcess() {
    if (parts_->child > 0) end(Millis(0));
}

ChildEnd ChildProcess::end(Millis limit) {
    const pid_t child = std::exchange(parts_->child, -1);
    const SharedPage& shared = parts_->shared;
    const bool in_time = wait_for(child, limit);
    int status = 0;
    kill(-child, SIGKILL);
    if (!in_time) kill(child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }

    ChildEnd end;
    end.took = std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now() - parts_->begin);
    end.step.assign(shared->step, std::min<std::size_t>(shared->step_size, most_of_a_step));
    end.output = end_of(parts_->output.get());
    if (shared->is_done) {
        end.result.assign(shared->result, shared->result_size);
    } else if (!in_time) {
        end.how = ChildEnd::How::timed_out;
    } else if (WIFSIGNALED(status)) {
        end.how = ChildEnd::How::signalled;
        end.code = WTERMSIG(status);
    } else {
        end.how = ChildEnd::How::exited;
        end.code = WEXITSTATUS(status);
    }
    return end;
}

std::string how_it_ended(const ChildEnd& end) {
    const std::string text = "the agent " + in_words(end);
    return end.output.empty() ? text : text + "; it wrote: " + end.output;
}

ChildEnd run_in_child(const ChildProcess::Work& work, Millis limit) {
    return ChildProcess(work).end(limit);
}

}  // namespace parley::kit
