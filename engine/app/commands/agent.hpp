// `parley agent …`: the kit for those who write agents.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "app/commands/command.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "kit/agent_settings.hpp"

namespace parley {

// Declares `parley agent` and its commands. `random` must outlive them.
std::vector<Command> add_agent(CLI::App& parley, Random& random);

// `parley agents`
Command add_agents(CLI::App& parley);

// The parts of `parley agent`, one a file.
Command add_agent_inspect(CLI::App& agent);
Command add_agent_fuzz(CLI::App& agent, Random& random);
Command add_agent_new(CLI::App& agent);
Command add_agent_test(CLI::App& agent);
Command add_agent_validate(CLI::App& agent, Random& random);

// --config FILE and --set key=value.
void add_settings(CLI::App& app, kit::AgentSettings& settings);

// parley-worker, beside this program; not_found when it is not there.
Result<std::filesystem::path> worker_program(const CommandContext& context);

// Writes to a file, or to `out` when the path is "-".
Result<> write_text(const std::filesystem::path& file, const std::string& text, std::ostream& out);

}  // namespace parley
