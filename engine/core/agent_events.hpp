// The names by which an account or a deployment says what its agent is told: its messages, and which of their statuses.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace parley {

inline constexpr std::string_view message_received = "message.received";

// message_received, then the statuses that can be chosen. Who lists any lists message_received, too: messages always
// reach the agent.
inline constexpr std::array<std::string_view, 6> agent_events{message_received,    "message.sent",
                                                              "message.delivered", "message.read",
                                                              "message.played",    "message.failed"};

// Whether a status, by WhatsApp's word for it, may be told by this list. An empty list lets all pass.
inline bool lets_pass(const std::vector<std::string>& told, std::string_view status) {
    constexpr std::string_view before = "message.";
    return told.empty() || std::any_of(told.begin(), told.end(), [&](std::string_view one) {
               return one.starts_with(before) && one.substr(before.size()) == status;
           });
}

}  // namespace parley
