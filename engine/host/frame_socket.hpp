// One end of the socket between the engine and a worker.
#pragma once

#include <string>
#include <utility>

#include "base/result.hpp"
#include "host/frame.hpp"

namespace parley {

// A descriptor that is closed when its owner goes.
class OwnedFd {
  public:
    OwnedFd() = default;
    explicit OwnedFd(int fd) : fd_(fd) {}
    OwnedFd(OwnedFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    OwnedFd& operator=(OwnedFd&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~OwnedFd() { reset(); }

    void reset() noexcept;
    int get() const noexcept { return fd_; }
    explicit operator bool() const noexcept { return fd_ >= 0; }

  private:
    int fd_ = -1;
};

class FrameSocket {
  public:
    enum class Sent { done, full, closed };
    enum class Got { frame, nothing, closed, malformed };
    enum class Wait { no, yes };

    explicit FrameSocket(OwnedFd fd) : fd_(std::move(fd)) {}
    // Both ends, closed on exec.
    static Result<std::pair<OwnedFd, OwnedFd>> make_pair();

    int fd() const noexcept { return fd_.get(); }

    // Any thread. `full` only without waiting; the frame is then to be sent again.
    Sent send(const Frame& frame, Wait wait) const;

    // One thread at a time. Of a malformed packet problem() says what is wrong; the next one may be read.
    Got receive(Frame& frame, Wait wait);
    const std::string& problem() const noexcept { return problem_; }

  private:
    Got read_packet(std::size_t size, OwnedFd attached, Frame& frame);
    Got malformed(std::string what);

    OwnedFd fd_;
    std::string buffer_;
    std::string problem_;
};

}  // namespace parley
