#include "base/synced_file.hpp"

#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace parley {
namespace {

namespace fs = std::filesystem;

class Descriptor {
  public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return fd_; }

  private:
    int fd_;
};

Error failed(const fs::path& path, const char* what) {
    return {Errc::unavailable,
            path.string() + ": cannot " + what + ": " + std::generic_category().message(errno)};
}

bool write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

Result<> write_synced(const fs::path& path, std::string_view bytes, unsigned mode) {
    const fs::path folder = path.parent_path();
    std::string name = (folder / ".part-XXXXXX").string();
    const Descriptor file(::mkstemp(name.data()));
    if (file.get() < 0) return failed(folder, "create a file there");
    const bool written =
        write_all(file.get(), bytes) && ::fchmod(file.get(), mode) == 0 && ::fsync(file.get()) == 0;
    if (!written || ::rename(name.c_str(), path.c_str()) != 0) {
        Error error = failed(path, "write this file");
        ::unlink(name.c_str());
        return error;
    }
    const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.get() < 0 || ::fsync(directory.get()) != 0) return failed(folder, "sync this folder");
    return {};
}

}  // namespace parley
