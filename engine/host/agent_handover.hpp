// What an instance has in memory, given to the one that replaces it.
#pragma once

#include <string>

#include "host/agent_instance.hpp"

namespace parley {

struct Handover {
    bool is_done = false;
    std::string problem;  // why not; with is_done false and no problem there was nothing to hand over
};

// Asks the one and tells the other, through parley.handover/1. Blocks, at most `limit` for each.
Handover hand_over(AgentInstance& from, AgentInstance& to, Millis limit = Millis{2'000});

}  // namespace parley
