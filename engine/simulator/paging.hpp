// Lists in Graph's form: a page of data and the cursors around it.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "simulator/graph_call.hpp"

namespace parley::sim {

// The page that `limit` (25) and `after` of the query ask for; 131059 for a cursor that is none. Items come with keys
// that grow.
GraphReply page_of(std::vector<std::pair<std::uint64_t, Json>> items, const GraphCall& call);

}  // namespace parley::sim
