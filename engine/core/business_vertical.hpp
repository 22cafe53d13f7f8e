// Meta's list of industries ("verticals") and the free words that people use for them.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace parley {

// Meta's word for a free one: "technology" and "IT services" are PROF_SERVICES, "bank" is FINANCE, "retail" and "RETAIL" are
// RETAIL. Letters' case, spaces, hyphens and underscores do not matter. invalid_input names the possible words.
Result<std::string> to_vertical(std::string_view industry);

}  // namespace parley
