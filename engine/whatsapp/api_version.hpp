// What is known of Graph API versions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace parley {

// A sentence for the person who configured `version` when it has expired by `now`, expires within 60 days, or
// is not written like v25.0. Nothing for good and for newer ones. Graph serves an expired version as its
// oldest living one.
std::optional<std::string> api_version_warning(std::string_view version, WallTime now);

}  // namespace parley
