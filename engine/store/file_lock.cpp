#include "store/file_lock.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace parley {
namespace {

std::string holder_of(int fd) {
    char text[32] = {};
    const ssize_t size = pread(fd, text, sizeof text - 1, 0);
    if (size <= 0) return "another process";
    return "process " + std::string(text, std::strcspn(text, "\n"));
}

}  // namespace

Result<FileLock> FileLock::take(const std::string& path) {
    const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return Error(Errc::unavailable,
                     "cannot open " + path + ": " + std::generic_category().message(errno));
    FileLock lock(fd);
    struct flock whole = {};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    if (fcntl(fd, F_OFD_SETLK, &whole) != 0) {
        if (errno == EAGAIN || errno == EACCES)
            return Error(Errc::conflict,
                         "the database is in use by " + holder_of(fd) + " (lock " + path + ")");
        return Error(Errc::unavailable,
                     "cannot lock " + path + ": " + std::generic_category().message(errno));
    }
    const std::string pid = std::to_string(getpid()) + "\n";
    // A full disk may leave the name of the holder unwritten; the lock itself holds all the same.
    if (ftruncate(fd, 0) == 0) [[maybe_unused]]
        const ssize_t written = pwrite(fd, pid.data(), pid.size(), 0);
    return lock;
}

int FileLock::holder(const std::string& path) {
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    const FileLock looked(fd);
    struct flock whole = {};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    if (fcntl(fd, F_OFD_GETLK, &whole) != 0 || whole.l_type == F_UNLCK) return 0;
    char text[32] = {};
    if (pread(fd, text, sizeof text - 1, 0) <= 0) return -1;
    const int pid = std::atoi(text);
    return pid > 0 ? pid : -1;
}

FileLock::~FileLock() {
    if (fd_ >= 0) close(fd_);
}

}  // namespace parley
