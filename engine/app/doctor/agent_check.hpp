// The agents that a configuration names: found, of an ABI that fits, started with their settings.
#pragma once

#include "app/agent_inspection.hpp"
#include "app/doctor/finding.hpp"

namespace parley::doctor {

// `config` is whole. Starts processes where `inspect` does: call it while the program has one thread. `executable` is the
// running program, beside which agents and parley-worker are found.
Report examine_agents(const Config& config, const std::filesystem::path& executable,
                      const InspectAgent& inspect);

}  // namespace parley::doctor
