// `parley replay`: recorded conversations through another version of an agent.
#pragma once

#include "app/commands/command.hpp"
#include "base/clock.hpp"

namespace parley {

Command add_replay(CLI::App& parley, const Clock& clock);

}  // namespace parley
