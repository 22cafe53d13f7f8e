// Bits of item.flags; stored, never renumber.
#pragma once

#include <cstdint>

namespace parley {

inline constexpr std::int64_t item_routed = 1;      // a deployment has its number
inline constexpr std::int64_t item_answerable = 2;  // an agent's to answer, and young enough

}  // namespace parley
