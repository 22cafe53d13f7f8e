// A program as a child process: what it reads and writes are files, and its end is seen or made.
#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace parley::scenario {

inline const std::string parley_program = PARLEY_BINARY_DIR "/bin/parley";

// How a process ended: its exit code, or the signal that ended it.
struct End {
    int code = -1;
    int signal = 0;
    bool has_core = false;  // it left a core dump
};

class Process {
  public:
    struct Streams {
        std::filesystem::path in = "/dev/null";
        std::filesystem::path out = "/dev/null";  // out and err are appended to
        std::filesystem::path err = "/dev/null";
    };

    // The first word is the program, a path or a name on PATH; it runs in `folder` unless that is empty.
    // `variables` are NAME=value, beside those of this process.
    Process(std::vector<std::string> words, const Streams& streams, std::vector<std::string> variables = {},
            const std::filesystem::path& folder = {}) {
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        const int append = O_WRONLY | O_CREAT | O_APPEND;
        posix_spawn_file_actions_addopen(&actions, 0, streams.in.c_str(), O_RDONLY, 0);
        posix_spawn_file_actions_addopen(&actions, 1, streams.out.c_str(), append, 0600);
        posix_spawn_file_actions_addopen(&actions, 2, streams.err.c_str(), append, 0600);
        if (!folder.empty()) posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
        for (char** one = environ; *one != nullptr; ++one) variables.emplace_back(*one);
        const int failed = posix_spawnp(&pid_, words[0].c_str(), &actions, nullptr, pointers(words).data(),
                                        pointers(variables).data());
        posix_spawn_file_actions_destroy(&actions);
        if (failed != 0) throw std::runtime_error("cannot start " + words[0]);
    }
    ~Process() { kill(); }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    pid_t pid() const { return pid_; }
    void signal(int number) {
        if (!end_) ::kill(pid_, number);
    }
    void kill() {
        if (end_) return;
        ::kill(pid_, SIGKILL);
        note_end(0);
    }

    // None while it runs.
    std::optional<End> end() {
        if (!end_) note_end(WNOHANG);
        return end_;
    }
    // Waits for the end; one that does not come within a minute is made, and told as SIGKILL.
    End wait() {
        const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (!end() && std::chrono::steady_clock::now() < give_up)
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        kill();
        return *end_;
    }

  private:
    static std::vector<char*> pointers(std::vector<std::string>& words) {
        std::vector<char*> all;
        for (std::string& word : words) all.push_back(word.data());
        all.push_back(nullptr);
        return all;
    }
    void note_end(int options) {
        int status = 0;
        if (::waitpid(pid_, &status, options) != pid_) return;
        end_ = WIFEXITED(status) ? End{WEXITSTATUS(status), 0}
                                 : End{-1, WTERMSIG(status), WCOREDUMP(status) != 0};
    }

    pid_t pid_ = -1;
    std::optional<End> end_;
};

inline std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace parley::scenario
