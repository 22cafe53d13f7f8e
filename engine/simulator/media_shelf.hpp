// The files that the pretended cloud keeps for a while, and the addresses under which they can be fetched.
//
// Memory    At most max_bytes; then the oldest go, as if they had expired.
// Threads   None of its own; the caller serialises.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/crypto/hmac.hpp"
#include "base/random.hpp"

namespace parley::sim {

struct MediaFile {
    std::string id;
    std::string phone_number_id;  // ids are good for this number only
    std::string mime_type;
    std::string filename;
    Sha256 sha256{};
    std::shared_ptr<const std::string> bytes;
    WallTime expires{};
};

class MediaShelf {
  public:
    static constexpr std::size_t max_bytes = 512U << 20;

    explicit MediaShelf(Random& random);

    // Gives it an id of 16 digits. sha256 is that of the bytes.
    const MediaFile& add(MediaFile file);

    const MediaFile* find(const std::string& id, WallTime now) const;  // null: never was, deleted or expired
    bool was_issued(const std::string& id) const;                      // whatever became of it
    bool erase(const std::string& id);

    // The query of a download URL that works until `expires`, a whole second. Without such a file it still is one.
    std::string url_query(const std::string& id, WallTime expires) const;
    // What such a query leads to; null: the file or the time is gone, or it was made up.
    const MediaFile* open(std::string_view query, WallTime now) const;

    void clear();  // ids go on counting

  private:
    std::string seal(std::string_view id, std::int64_t until_s) const;

    std::map<std::uint64_t, MediaFile> files_;  // by id, so oldest first
    std::uint64_t last_id_;
    std::size_t bytes_ = 0;
    std::string key_;
};

}  // namespace parley::sim
