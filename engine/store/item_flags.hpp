// Bits of item.flags; stored, never renumber.
#pragma once

#include <cstdint>

namespace parley {

inline constexpr std::int64_t item_routed = 1;        // a deployment has its number
inline constexpr std::int64_t item_answerable = 2;    // an agent's to answer, and young enough
inline constexpr std::int64_t item_opens_window = 4;  // its sender wrote or called: see conversation_tail

// Whether an item with these flags waits, or waited, for a turn.
constexpr bool is_for_a_turn(std::int64_t flags) {
    return (flags & (item_routed | item_answerable)) == (item_routed | item_answerable);
}

}  // namespace parley
