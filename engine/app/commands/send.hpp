// `parley send`: one text message through Graph, outside of a running engine.
#pragma once

#include "app/agent_inspection.hpp"
#include "app/commands/command.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"

namespace parley {

Command add_send(CLI::App& parley, const Clock& clock, Random& random);

}  // namespace parley
