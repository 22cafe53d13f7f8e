#include "store/record_eraser.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <unistd.h>

#include "store/record_line.hpp"

namespace parley {
namespace {

namespace fs = std::filesystem;

constexpr const char* half = ".erased";

Error failed(const fs::path& file) {
    return {Errc::unavailable, "cannot rewrite " + file.string() + ": " + std::strerror(errno)};
}

struct Lines {
    std::uint64_t erased = 0, kept = 0;
};

// Writes what stays to `kept`, unless it is null.
Lines sift(std::ifstream& file, const std::set<ConversationId>& of, std::ostream* kept) {
    Lines lines;
    for (std::string line; std::getline(file, line);) {
        const auto conversation = conversation_of_line(line);
        if (conversation && of.contains(*conversation)) {
            ++lines.erased;
            continue;
        }
        lines.kept += conversation.has_value();
        if (kept != nullptr) *kept << line << '\n';
    }
    return lines;
}

bool sync(const fs::path& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    const bool synced = ::fsync(fd) == 0;
    ::close(fd);
    return synced;
}

// The new file is its owner's alone from its first byte on.
bool make_private(const fs::path& path) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) return false;
    ::close(fd);
    return true;
}

}  // namespace

bool is_half_erased(const fs::path& file) {
    return file.extension() == half;
}

Result<std::uint64_t> erase_records(const fs::path& file, const std::set<ConversationId>& of) {
    std::ifstream first(file, std::ios::binary);
    if (!first) return failed(file);
    const Lines lines = sift(first, of, nullptr);
    if (first.bad()) return failed(file);
    if (lines.erased == 0) return std::uint64_t{0};
    std::error_code gone;
    if (lines.kept == 0) {
        if (!fs::remove(file, gone) || !sync(file.parent_path())) return failed(file);
        return lines.erased;
    }
    const fs::path fresh = file.string() + half;
    if (!make_private(fresh)) return failed(file);
    std::ifstream second(file, std::ios::binary);
    std::ofstream kept(fresh, std::ios::binary | std::ios::trunc);
    sift(second, of, &kept);
    kept.close();
    if (second.bad() || !kept || !sync(fresh) || ::rename(fresh.c_str(), file.c_str()) != 0) {
        const Error why = failed(file);
        fs::remove(fresh, gone);
        return why;
    }
    if (!sync(file.parent_path())) return failed(file);
    return lines.erased;
}

}  // namespace parley
