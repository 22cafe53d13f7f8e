// How often an address may come that has not shown a good signature lately.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "core/token_bucket.hpp"

namespace parley {

// IPv6 addresses of one /64 are one: they belong to one customer. Remembers at most 2 x 16384 addresses; beyond that
// it forgets some, which then may come as if for the first time. Any thread.
class AddressLimit {
  public:
    static constexpr std::chrono::hours trust{1};

    // How long to wait, when the address has come too often: `rate` a second, a minute's worth of it at once.
    std::optional<std::chrono::seconds> wait_for(std::string_view address, double rate, MonoTime now);

    // It is not counted for an hour from now.
    void trust_address(std::string_view address, MonoTime now);

  private:
    using Key = std::array<std::uint8_t, 16>;
    static Key key_of(std::string_view address);
    void make_room(MonoTime now);  // for one address in each

    std::mutex mutex_;
    std::map<Key, MonoTime> trusted_;  // until when
    std::map<Key, TokenBucket> counted_;
    MonoTime next_sweep_{};
};

}  // namespace parley
