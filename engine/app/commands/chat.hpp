// `parley chat`: talk to an agent in the terminal, or run a script of lines from a pipe.
#pragma once

#include <iosfwd>

#include "app/agent_inspection.hpp"
#include "app/commands/command.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"

namespace parley {

// Lines come from `in`: `you` is shown as a prompt only when `in_is_terminal`.
Command add_chat(CLI::App& parley, InspectAgent inspect, const Clock& clock, Random& random, std::istream& in,
                 bool in_is_terminal);

}  // namespace parley
