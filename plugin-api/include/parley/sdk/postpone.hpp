// A turn that cannot be answered now: turn.postpone(30s); co_return;
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include <parley/sdk/error.hpp>
#include <parley/sdk/instance.hpp>

namespace parley {

// Throws Refused when the host does not offer parley.postpone/1, or when `pause` is longer than an hour.
inline void postpone_turn(const Instance& instance, parley_turn turn, std::chrono::milliseconds pause) {
    const parley_postpone* extension = instance.postpone;
    const auto ms = static_cast<std::uint32_t>(std::clamp<std::int64_t>(pause.count(), 0, UINT32_MAX));
    require_ok(extension ? extension->postpone(instance.host->ctx, turn, ms) : PARLEY_UNSUPPORTED,
               "postpone");
}

}  // namespace parley
