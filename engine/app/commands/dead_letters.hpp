// `parley dead-letters`: what no agent and no send could finish, in a running engine.
#pragma once

#include <vector>

#include "app/commands/command.hpp"

namespace parley {

// list, show, retry and drop.
std::vector<Command> add_dead_letters(CLI::App& parley);

}  // namespace parley
