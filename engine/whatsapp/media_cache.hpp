// A folder of files by their hash: what was fetched once is not fetched again, also after a restart.
//
// Bound     `most_bytes` in all. The files that were not asked for the longest go first; one that was asked for within
//           `in_use` stays, so that whoever was told its path can still open it.
// Threads   Any. Functions read and write the disk: call them where blocking is allowed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace parley {

struct MediaCacheOptions {
    std::filesystem::path folder;
    std::uint64_t most_bytes = 1ULL << 30;
    Millis in_use{5 * 60'000};
};

class MediaCache {
  public:
    MediaCache(MediaCacheOptions options, const Clock& clock);

    // Makes the folder, removes what a crash left half written and learns what is there. Before anything else.
    Result<> open();

    // The path of the file with this hash (64 lower-case hexadecimal digits) and size, if it is here.
    std::optional<std::string> find(const std::string& sha256, std::uint64_t size);

    // Keeps the bytes, whose hash this is, and gives their path. busy: there is no room that is not in use;
    // unavailable: the disk.
    Result<std::string> put(const std::string& sha256, std::string_view bytes);

    // The file of this hash goes, if it is here, in use or not.
    void remove(const std::string& sha256);

    std::uint64_t size() const;  // bytes of all files

  private:
    struct Entry {
        std::uint64_t size = 0;
        WallTime used{};
    };
    std::string path_of(const std::string& sha256) const;
    bool make_room(std::uint64_t size);  // needs mutex_
    bool drop_oldest();                  // needs mutex_
    void touch(const std::string& sha256, Entry& entry);

    const MediaCacheOptions options_;
    const Clock& clock_;
    mutable std::mutex mutex_;
    std::map<std::string, Entry> entries_;
    std::uint64_t bytes_ = 0;  // of the entries and of what is being written
};

}  // namespace parley
