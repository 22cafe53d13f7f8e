// The bytes of request bodies that one server may hold at a time, over all connections.
#pragma once

#include <atomic>
#include <cstddef>

namespace parley {

// Any thread. Connections give back what they took, also when they outlive the server.
class BodyBudget {
  public:
    explicit BodyBudget(std::size_t limit) : limit_(limit) {}

    bool has_room(std::size_t bytes) const {
        const auto used = used_.load(std::memory_order_relaxed);
        return bytes <= limit_ && used <= limit_ - bytes;
    }
    bool take(std::size_t bytes) {
        if (used_.fetch_add(bytes, std::memory_order_relaxed) + bytes <= limit_) return true;
        give_back(bytes);
        return false;
    }
    void give_back(std::size_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }
    std::size_t used() const { return used_.load(std::memory_order_relaxed); }

  private:
    const std::size_t limit_;
    std::atomic<std::size_t> used_{0};
};

}  // namespace parley
