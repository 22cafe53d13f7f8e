// FileLock: only one engine uses a database at a time.
#pragma once

#include <string>
#include <utility>

#include "base/result.hpp"

namespace parley {

// Holds an open-file-description lock on a file that names the holder's process id. It ends with this object
// or with the process, however that ends; the file stays. Not inherited by programs that are started.
class FileLock {
  public:
    // conflict: another process (or another lock of this one) has it; the message says which.
    static Result<FileLock> take(const std::string& path);

    // The process id of who has it; 0: nobody, or there is no such file. -1: somebody whom the file does not name.
    static int holder(const std::string& path);

    FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FileLock& operator=(FileLock&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~FileLock();

  private:
    explicit FileLock(int fd) : fd_(fd) {}
    int fd_ = -1;
};

}  // namespace parley
