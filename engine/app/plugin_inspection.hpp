// InspectAgent on the plugin host: what is learnt of an agent before the engine runs it.
#pragma once

#include "app/agent_inspection.hpp"

namespace parley {

// Reads the file and runs nothing of it.
InspectAgent inspect_with_plugin_host();

// And then, where there is no mistake yet, starts it with its configuration in a child process: what only the agent can know
// (a file it reads, a text that is missing) becomes a mistake too. For a program with one thread.
InspectAgent inspect_and_try_agent();

}  // namespace parley
