// An InflightLog in memory, with a size the test can set.
#pragma once

#include <mutex>
#include <set>

#include "core/inflight_log.hpp"

namespace parley::fakes {

class FakeInflightLog final : public InflightLog {
  public:
    std::size_t capacity = 1024;

    bool note(OutboundId id) override {
        const std::lock_guard lock(mutex_);
        if (ids_.size() >= capacity) return false;
        ids_.insert(id);
        return true;
    }
    void clear(OutboundId id) override {
        const std::lock_guard lock(mutex_);
        ids_.erase(id);
    }
    std::set<OutboundId> ids() const {
        const std::lock_guard lock(mutex_);
        return ids_;
    }

  private:
    mutable std::mutex mutex_;
    std::set<OutboundId> ids_;
};

}  // namespace parley::fakes
