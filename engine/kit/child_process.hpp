// Runs a piece of work in a child process, so that whatever it does ends with the child.
//
// The child is a fork of this process: call from a program with one thread. What it has to say comes back
// through shared memory, so it arrives even when every descriptor of the child has been closed.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace parley::kit {

// Where the work is, for the one who has to explain how it ended. At most 500 bytes are kept.
class Progress {
  public:
    virtual ~Progress() = default;
    virtual void at(std::string_view step) = 0;
};

struct ChildEnd {
    enum class How { returned, exited, signalled, timed_out };
    How how = How::returned;
    int code = 0;        // of exit, or the signal
    std::string result;  // what the work returned; only when it did
    std::string step;    // the last Progress
    std::string output;  // the end of what it wrote to stdout and stderr
    Millis took{0};
};

// Of an end without a result: "did not come back", "ended the process with SIGSEGV", "… with exit(3)".
std::string in_words(const ChildEnd& end);

// A child at work. Several may be at once; each must be ended.
class ChildProcess {
  public:
    using Work = std::function<std::string(Progress&)>;

    explicit ChildProcess(const Work& work);  // throws std::system_error where there can be no child
    ~ChildProcess();                          // kills it where end() was not called
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    // Waits for it. `limit` is real time; after it the child and all its children are killed. A result may
    // have 1 MiB. Once.
    ChildEnd end(Millis limit);

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

// The same as a sentence about the agent, with what it wrote.
std::string how_it_ended(const ChildEnd& end);

// Starts one and waits for it.
ChildEnd run_in_child(const std::function<std::string(Progress&)>& work, Millis limit);

}  // namespace parley::kit
