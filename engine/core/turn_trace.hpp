// What an agent took from the world during one turn: its HTTP exchanges and its random bytes. Kept for turns that are
// recorded, so that another version can be given the same.
#pragma once

#include <cstddef>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace parley {

struct HttpExchange {
    std::string method, url, body;
    std::string end;      // "answered", or why there was no answer; empty: none came within the turn
    int status = 0;       // of the answer
    std::string headers;  // of the answer, a JSON object
    std::string answer;   // its body; without an answer what went wrong
    Millis took{0};
};

// Thread-safe. Bounds: 64 exchanges, 1 MiB of their texts, 4 KiB of randomness; what does not fit is named in `missing`.
class TurnTrace {
  public:
    struct Content {
        std::vector<HttpExchange> http;    // in the order of their beginning
        std::string random;                // bytes, in the order of drawing
        std::vector<std::string> missing;  // what the agent had besides, a word each
    };

    explicit TurnTrace(WallTime began) : began_(began) {}

    WallTime began() const noexcept { return began_; }
    // The number of the exchange for http_ended.
    std::size_t http_begins(std::string method, std::string url, std::string body, MonoTime now);
    void http_ended(std::size_t number, HttpExchange answer, MonoTime now);
    void drew(std::span<const unsigned char> bytes);
    void misses(const std::string& what);  // once each
    Content content() const;

  private:
    void note_missing(const std::string& what);  // needs mutex_

    const WallTime began_;
    mutable std::mutex mutex_;
    Content content_;
    std::vector<MonoTime> begins_;
    std::size_t bytes_ = 0;
};

}  // namespace parley
