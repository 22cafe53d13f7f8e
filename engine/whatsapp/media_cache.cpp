#include "whatsapp/media_cache.hpp"

#include <algorithm>

#include <fcntl.h>
#include <sys/stat.h>

#include "base/synced_file.hpp"

namespace parley {
namespace {

namespace fs = std::filesystem;

constexpr unsigned owner_only = 0600;

bool is_hash(const std::string& name) {
    return name.size() == 64 && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

WallTime changed_at(const struct stat& facts) {
    return WallTime{std::chrono::duration_cast<Millis>(std::chrono::seconds(facts.st_mtim.tv_sec) +
                                                       std::chrono::nanoseconds(facts.st_mtim.tv_nsec))};
}

}  // namespace

MediaCache::MediaCache(MediaCacheOptions options, const Clock& clock)
    : options_(std::move(options)), clock_(clock) {}

Result<> MediaCache::open() {
    std::error_code trouble;
    fs::create_directories(options_.folder, trouble);
    if (!trouble) fs::permissions(options_.folder, fs::perms::owner_all, trouble);
    fs::directory_iterator files;
    if (!trouble) files = fs::directory_iterator(options_.folder, trouble);
    if (trouble)
        return Error{Errc::unavailable,
                     options_.folder.string() + ": cannot keep media here: " + trouble.message()};
    const std::lock_guard lock(mutex_);
    for (const fs::directory_entry& file : files) {
        const std::string name = file.path().filename().string();
        struct stat facts {};
        if (name.starts_with(".part-"))
            fs::remove(file.path(), trouble);
        else if (is_hash(name) && ::lstat(file.path().c_str(), &facts) == 0 && S_ISREG(facts.st_mode)) {
            const auto size = static_cast<std::uint64_t>(facts.st_size);
            entries_[name] = {size, changed_at(facts)};
            bytes_ += size;
        }
    }
    while (bytes_ > options_.most_bytes && drop_oldest()) {
    }
    return {};
}

std::string MediaCache::path_of(const std::string& sha256) const {
    return (options_.folder / sha256).string();
}

// The file's time keeps the order of use over a restart.
void MediaCache::touch(const std::string& sha256, Entry& entry) {
    entry.used = clock_.wall();
    const auto since = entry.used.time_since_epoch();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since);
    const timespec used{seconds.count(),
                        std::chrono::duration_cast<std::chrono::nanoseconds>(since - seconds).count()};
    const timespec times[] = {used, used};
    (void)::utimensat(AT_FDCWD, path_of(sha256).c_str(), times, AT_SYMLINK_NOFOLLOW);
}

std::optional<std::string> MediaCache::find(const std::string& sha256, std::uint64_t size) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(sha256);
    if (found == entries_.end()) return std::nullopt;
    std::error_code trouble;
    if (found->second.size == size && fs::file_size(path_of(sha256), trouble) == size && !trouble) {
        touch(sha256, found->second);
        return path_of(sha256);
    }
    fs::remove(path_of(sha256), trouble);
    bytes_ -= found->second.size;
    entries_.erase(found);
    return std::nullopt;
}

bool MediaCache::drop_oldest() {
    const auto oldest = std::min_element(entries_.begin(), entries_.end(), [](const auto& a, const auto& b) {
        return a.second.used < b.second.used;
    });
    if (oldest == entries_.end()) return false;
    const WallTime now = clock_.wall();
    // A time to come is that of a clock that was wrong; it must not keep a file for ever.
    if (oldest->second.used <= now && oldest->second.used + options_.in_use > now) return false;
    std::error_code ignored;
    fs::remove(path_of(oldest->first), ignored);
    bytes_ -= oldest->second.size;
    entries_.erase(oldest);
    return true;
}

bool MediaCache::make_room(std::uint64_t size) {
    if (size > options_.most_bytes) return false;
    while (bytes_ + size > options_.most_bytes) {
        if (!drop_oldest()) return false;
    }
    return true;
}

void MediaCache::remove(const std::string& sha256) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(sha256);
    if (found == entries_.end()) return;
    std::error_code ignored;
    fs::remove(path_of(sha256), ignored);
    bytes_ -= found->second.size;
    entries_.erase(found);
}

Result<std::string> MediaCache::put(const std::string& sha256, std::string_view bytes) {
    if (auto path = find(sha256, bytes.size())) return std::move(*path);
    {
        const std::lock_guard lock(mutex_);
        if (!make_room(bytes.size()))
            return Error{Errc::busy, "the media cache is full of files in use: raise media.cache_size"};
        bytes_ += bytes.size();
    }
    const Result<> written = write_synced(path_of(sha256), bytes, owner_only);
    const std::lock_guard lock(mutex_);
    if (!written) {
        bytes_ -= bytes.size();
        return written.error();
    }
    const auto [entry, is_new] = entries_.try_emplace(sha256, Entry{bytes.size(), {}});
    if (!is_new) bytes_ -= bytes.size();  // somebody else kept the same meanwhile
    touch(sha256, entry->second);
    return path_of(sha256);
}

std::uint64_t MediaCache::size() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
}

}  // namespace parley
