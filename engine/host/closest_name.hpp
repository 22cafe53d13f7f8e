// "Did you mean …?"
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace parley {

// The known name that is fewest edits away from `wanted`, or "" when even that is too different to be a slip.
std::string closest_name(std::string_view wanted, const std::vector<std::string>& known);

}  // namespace parley
