// Ids in the shapes that Meta gives them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/random.hpp"

namespace parley::sim {

// "wamid." and the base64 (with '+', '/' and '=') of a record that names the user, so it is longer for longer
// numbers. Different for each `sequence`, whatever the randomness is.
std::string make_wamid(std::string_view user, std::uint64_t sequence, Random& random);

// 23 characters of base64url that begin with 'A', as Graph's fbtrace_id.
std::string make_trace_id(Random& random);

}  // namespace parley::sim
