// What an agent asks for at a later time: a turn of its own, in the same conversation.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace parley {

inline constexpr std::size_t most_followups = 32;        // that wait in one conversation
inline constexpr std::size_t most_followup_orders = 64;  // of one turn, cancellations included
inline constexpr std::size_t longest_followup_key = 64;
inline constexpr std::size_t largest_followup_payload = 16U << 10;
inline constexpr Millis soonest_followup{1000};  // an earlier time counts as this: no agent spins
inline constexpr std::chrono::hours latest_followup{90 * 24};

// Staged in a turn and committed with it. A key has one follow-up in its conversation: the newest.
struct FollowupOrder {
    std::string key;
    bool is_cancelled = false;  // what waits under the key goes; the rest is empty
    WallTime due{};
    bool unless_written = false;  // goes when its person writes, reacts or calls before it is due
    bool in_window = false;       // goes when the service window is closed as it is due
    std::string payload_json;     // an object; empty: none
};

// What `keys` of a conversation become by `orders`.
void apply_orders(std::vector<std::string>& keys, const std::vector<FollowupOrder>& orders);
// When the first of them is due; max() when none is to come.
WallTime first_due(const std::vector<FollowupOrder>& orders);
void forget_key(std::vector<std::string>& keys, std::string_view key);

}  // namespace parley
