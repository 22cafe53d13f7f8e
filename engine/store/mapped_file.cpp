#include "store/mapped_file.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace parley {
namespace {

class Descriptor {
  public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const noexcept { return fd_; }

  private:
    const int fd_;
};

// Real zeros, not a hole or an unwritten extent: those would need space again when they are first written.
bool fill_with_zeros(int fd, std::size_t size) {
    if (ftruncate(fd, 0) != 0) return false;
    const std::vector<char> zeros(std::min<std::size_t>(size, 256u << 10));
    for (std::size_t at = 0; at < size;) {
        const std::size_t part = std::min(size - at, zeros.size());
        const ssize_t written = pwrite(fd, zeros.data(), part, static_cast<off_t>(at));
        if (written <= 0) return false;
        at += static_cast<std::size_t>(written);
    }
    return fsync(fd) == 0;
}

Error failed(const char* what, const std::string& path) {
    return {Errc::unavailable,
            std::string("cannot ") + what + " " + path + ": " + std::generic_category().message(errno)};
}

}  // namespace

Result<MappedFile> MappedFile::open(const std::string& path, std::size_t size) {
    const Descriptor fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (fd.get() < 0) return failed("open", path);
    struct stat facts = {};
    if (fstat(fd.get(), &facts) != 0) return failed("read the size of", path);
    const bool is_new = facts.st_size != static_cast<off_t>(size);
    if (is_new && !fill_with_zeros(fd.get(), size)) return failed("allocate", path);
    void* data = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
    if (data == MAP_FAILED) return failed("map", path);
    return MappedFile(static_cast<std::byte*>(data), size, is_new);
}

MappedFile::~MappedFile() {
    if (data_ != nullptr) munmap(data_, size_);
}

bool MappedFile::sync() const noexcept {
    return msync(data_, size_, MS_SYNC) == 0;
}

}  // namespace parley
