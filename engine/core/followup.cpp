#include "core/followup.hpp"

#include <algorithm>

namespace parley {

void forget_key(std::vector<std::string>& keys, std::string_view key) {
    std::erase(keys, key);
}

WallTime first_due(const std::vector<FollowupOrder>& orders) {
    WallTime first = WallTime::max();
    for (const FollowupOrder& order : orders)
        if (!order.is_cancelled) first = std::min(first, order.due);
    return first;
}

void apply_orders(std::vector<std::string>& keys, const std::vector<FollowupOrder>& orders) {
    for (const FollowupOrder& order : orders) {
        forget_key(keys, order.key);
        if (!order.is_cancelled) keys.push_back(order.key);
    }
}

}  // namespace parley
