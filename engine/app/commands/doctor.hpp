// `parley doctor`: looks at everything a bot needs to answer, and says what to do about what is not well.
#pragma once

#include "app/agent_inspection.hpp"
#include "app/commands/command.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"

namespace parley {

// Clock and random must outlive the command.
Command add_doctor(CLI::App& parley, InspectAgent inspect, const Clock& clock, Random& random);

}  // namespace parley
