#include "whatsapp/address_limit.hpp"

#include <algorithm>

#include "net/networks.hpp"

namespace parley {
namespace {

constexpr std::size_t most_addresses = 16384;
constexpr double burst_seconds = 60;
constexpr std::chrono::seconds sweep_interval{1};

}  // namespace

AddressLimit::Key AddressLimit::key_of(std::string_view address) {
    const auto parsed = IpAddress::parse(address);
    if (!parsed) return {};
    return parsed->is_v4() ? parsed->bytes() : parsed->start_of(64).bytes();
}

std::optional<std::chrono::seconds> AddressLimit::wait_for(std::string_view address, double rate,
                                                           MonoTime now) {
    const Key key = key_of(address);
    const double burst = std::max(1.0, rate * burst_seconds);
    const std::lock_guard lock(mutex_);
    if (const auto known = trusted_.find(key); known != trusted_.end() && now < known->second)
        return std::nullopt;
    auto counted = counted_.find(key);
    if (counted == counted_.end()) {
        make_room(now);
        counted = counted_.emplace(key, TokenBucket(rate, burst, now)).first;
    }
    counted->second.change(rate, burst, now);
    if (counted->second.take(now)) return std::nullopt;
    const auto wait = counted->second.ready_at(now) - now;
    return std::max(std::chrono::seconds{1}, std::chrono::ceil<std::chrono::seconds>(wait));
}

void AddressLimit::trust_address(std::string_view address, MonoTime now) {
    const Key key = key_of(address);
    const std::lock_guard lock(mutex_);
    auto known = trusted_.find(key);
    if (known == trusted_.end()) {
        make_room(now);
        known = trusted_.emplace(key, now).first;
        counted_.erase(key);
    }
    known->second = now + trust;
}

// What is over goes first, else whatever comes. A flood of addresses must not pay for a sweep each.
void AddressLimit::make_room(MonoTime now) {
    const bool is_full = counted_.size() >= most_addresses || trusted_.size() >= most_addresses;
    if (is_full && now >= next_sweep_) {
        for (auto one = counted_.begin(); one != counted_.end();)
            one = one->second.is_full(now) ? counted_.erase(one) : std::next(one);
        std::erase_if(trusted_, [&](const auto& one) { return one.second <= now; });
        next_sweep_ = now + sweep_interval;
    }
    if (counted_.size() >= most_addresses) counted_.erase(counted_.begin());
    if (trusted_.size() >= most_addresses) trusted_.erase(trusted_.begin());
}

}  // namespace parley
