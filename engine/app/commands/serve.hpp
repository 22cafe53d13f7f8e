// `parley serve`: runs the engine until a signal ends it.
#pragma once

#include "app/agent_inspection.hpp"
#include "app/commands/command.hpp"
#include "app/engine.hpp"

namespace parley {

// Runs an engine that has started: reloads on SIGHUP, waits for SIGTERM or SIGINT, drains for at most `drain`, a second signal
// ends it at once. `fault` when work was cut off by the second signal or the limit; nothing of it is lost.
ExitCode run_until_signal(Engine& engine, Millis drain);

Command add_serve(CLI::App& parley, InspectAgent inspect, const Clock& clock, Random& random);

}  // namespace parley
