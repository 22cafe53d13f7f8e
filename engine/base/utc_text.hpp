// A point in time as people and programs read it: 2026-11-22T03:14:15.926Z.
#pragma once

#include <string>

#include "base/clock.hpp"

namespace parley {

// ISO 8601, UTC, milliseconds.
std::string to_utc_text(WallTime at);

}  // namespace parley
