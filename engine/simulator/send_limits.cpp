// Meta's limits on sending.
#include "simulator/send_limits.hpp"

#include <algorithm>

namespace parley::sim {
namespace {

constexpr std::chrono::hours window{24};
constexpr double pair_burst = 45;
constexpr double pair_per_second = 1.0 / 6;
constexpr double number_per_second = 80;

std::string pair_key(const std::string& phone_number_id, const std::string& user) {
    return phone_number_id + '/' + user;
}

}  // namespace

void SendLimits::saw_inbound(const std::string& phone_number_id, const std::string& user, WallTime at) {
    if (last_inbound_.size() >= max_pairs) last_inbound_.clear();
    WallTime& last = last_inbound_[pair_key(phone_number_id, user)];
    last = std::max(last, at);
}

bool SendLimits::window_open(const std::string& phone_number_id, const std::string& user,
                             WallTime now) const {
    const auto last = last_inbound_.find(pair_key(phone_number_id, user));
    return last != last_inbound_.end() && now - last->second < window;
}

bool SendLimits::take(Bucket& bucket, bool fresh, double size, double per_second, MonoTime now) {
    const double waited = std::chrono::duration<double>(now - bucket.at).count();
    bucket.level = fresh ? size : std::min(size, bucket.level + waited * per_second);
    bucket.at = now;
    if (bucket.level < 1) return false;
    bucket.level -= 1;
    return true;
}

bool SendLimits::take_pair(const std::string& phone_number_id, const std::string& user, MonoTime now) {
    if (pairs_.size() >= max_pairs) pairs_.clear();
    const auto [pair, fresh] = pairs_.try_emplace(pair_key(phone_number_id, user));
    return take(pair->second, fresh, pair_burst, pair_per_second, now);
}

bool SendLimits::take_throughput(const std::string& phone_number_id, MonoTime now) {
    const auto [number, fresh] = numbers_.try_emplace(phone_number_id);
    return take(number->second, fresh, number_per_second, number_per_second, now);
}

void SendLimits::clear() {
    last_inbound_.clear();
    pairs_.clear();
    numbers_.clear();
}

}  // namespace parley::sim
