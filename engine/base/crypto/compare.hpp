// Comparison of secrets without telling by its duration where they differ.
#pragma once

#include <string_view>

namespace parley {

// True when both are equal. Its time depends on the length of `candidate` only, which its sender knows.
bool equal_in_constant_time(std::string_view secret, std::string_view candidate) noexcept;

}  // namespace parley
