#include "core/turn_trace.hpp"

#include <algorithm>

namespace parley {
namespace {

constexpr std::size_t most_exchanges = 64;
constexpr std::size_t most_bytes = 1U << 20;
constexpr std::size_t most_random = 4U << 10;

}  // namespace

std::size_t TurnTrace::http_begins(std::string method, std::string url, std::string body, MonoTime now) {
    const std::lock_guard lock(mutex_);
    if (content_.http.size() >= most_exchanges) {
        note_missing("http");
        return most_exchanges;
    }
    bytes_ += url.size() + body.size();
    if (bytes_ > most_bytes) {
        note_missing("http");
        body.clear();
    }
    content_.http.push_back({std::move(method), std::move(url), std::move(body), {}, 0, {}, {}, Millis{0}});
    begins_.push_back(now);
    return content_.http.size() - 1;
}

void TurnTrace::http_ended(std::size_t number, HttpExchange answer, MonoTime now) {
    const std::lock_guard lock(mutex_);
    if (number >= content_.http.size()) return;
    bytes_ += answer.answer.size();
    if (bytes_ > most_bytes) {
        note_missing("http");
        answer.answer.clear();
    }
    HttpExchange& kept = content_.http[number];
    kept.end = std::move(answer.end);
    kept.status = answer.status;
    kept.headers = std::move(answer.headers);
    kept.answer = std::move(answer.answer);
    kept.took = std::chrono::duration_cast<Millis>(now - begins_[number]);
}

void TurnTrace::drew(std::span<const unsigned char> bytes) {
    const std::lock_guard lock(mutex_);
    if (content_.random.size() + bytes.size() > most_random) return note_missing("random");
    content_.random.append(bytes.begin(), bytes.end());
}

void TurnTrace::misses(const std::string& what) {
    const std::lock_guard lock(mutex_);
    note_missing(what);
}

void TurnTrace::note_missing(const std::string& what) {
    auto& all = content_.missing;
    if (std::find(all.begin(), all.end(), what) == all.end()) all.push_back(what);
}

TurnTrace::Content TurnTrace::content() const {
    const std::lock_guard lock(mutex_);
    return content_;
}

}  // namespace parley
