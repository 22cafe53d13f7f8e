// What the door counts: POSTs by how they ended, items by what became of them, and the time to the answer.
#pragma once

#include <array>
#include <string>

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "core/message.hpp"

namespace parley {

enum class ItemFate : std::uint8_t { accepted, duplicate, unrouted, refused, expired };
enum class PostEnding : std::uint8_t { ok, trial, bad_signature, invalid, refused, unavailable };

// The items of one POST.
class ItemCounts {
  public:
    static constexpr std::size_t kinds = 4, fates = 5;

    void add(ItemKind kind, ItemFate fate) {
        ++table_[static_cast<std::size_t>(kind)][static_cast<std::size_t>(fate)];
    }
    std::uint32_t of(ItemFate fate) const;
    std::string json() const;  // {"status":"ok","accepted":N,"duplicates":N,"unrouted":N,"refused":N}

  private:
    friend class WebhookMeters;
    std::array<std::array<std::uint32_t, fates>, kinds> table_{};
};

// Any thread.
class WebhookMeters {
  public:
    explicit WebhookMeters(Metrics& metrics);

    void count(const ItemCounts& counts);
    void ended(PostEnding ending) { posts_[static_cast<std::size_t>(ending)]->add(); }
    void acknowledged(MonoTime::duration took) { ack_.observe(std::chrono::duration<double>(took).count()); }

  private:
    std::array<Counter*, 6> posts_{};
    std::array<std::array<Counter*, ItemCounts::fates>, ItemCounts::kinds> items_{};
    Histogram& ack_;
};

}  // namespace parley
