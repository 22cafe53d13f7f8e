// RefusedPosts: the last webhook POSTs that were turned away, for the operator who looks for a message that never came.
//
// They are kept in memory only, and the oldest goes when a new one comes: whoever sends rubbish costs no disk.
//
// Threads   Any.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "core/person_names.hpp"

namespace parley {

struct RefusedPost {
    std::int64_t id = 0;  // rising since the engine's start
    WallTime at{};
    std::string peer;
    std::size_t bytes = 0;
    int status = 0;      // that was answered
    std::string reason;  // one line
    std::string body;    // its beginning, as received; nobody has vouched for it
};

struct RefusedPostsOptions {
    std::size_t most = 1000;  // 0: none are kept
    // What is kept of a body's beginning; unset: all of it. Runs on the thread that turned the POST away.
    std::function<std::string(std::string_view body, WallTime at)> shown{};
};

class RefusedPosts {
  public:
    static constexpr std::size_t most_body = 4096;  // bytes

    void use(RefusedPostsOptions options);  // for POSTs to come; those beyond `most` go at once

    // Gives back what it keeps, or would if it kept any.
    RefusedPost note(WallTime at, std::string peer, std::string_view body, int status,
                     std::string_view reason);

    // Newest first, with a lower id than `before` (0: all), whose body contains `text`.
    std::vector<RefusedPost> page(std::int64_t before, std::size_t limit, std::string_view text) const;
    std::optional<RefusedPost> find(std::int64_t id) const;
    std::size_t forget(const PersonNames& person);  // those that name them; returns how many

  private:
    mutable std::mutex mutex_;
    std::shared_ptr<const RefusedPostsOptions> options_ = std::make_shared<const RefusedPostsOptions>();
    std::deque<RefusedPost> posts_;
    std::int64_t last_ = 0;
};

}  // namespace parley
