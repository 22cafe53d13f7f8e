// `parley demo`: the engine and the WhatsApp simulator in one process, with the shipped demo configuration.
#pragma once

#include "app/agent_inspection.hpp"
#include "app/commands/command.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"

namespace parley {

Command add_demo(CLI::App& parley, InspectAgent inspect, const Clock& clock, Random& random);

}  // namespace parley
