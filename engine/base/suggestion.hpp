// "Did you mean": the known name that a mistyped one is nearest to.
#pragma once

#include <string_view>
#include <vector>

namespace parley {

// The nearest of `known` by letters changed, added, removed or swapped; empty when none is near (about a
// third of the letters). The first wins a tie. Names over 64 bytes are near to nothing.
std::string_view nearest(std::string_view name, const std::vector<std::string_view>& known);

}  // namespace parley
