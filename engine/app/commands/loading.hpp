// Reading the configuration for a command that runs it: complete, or the mistakes on err.
#pragma once

#include <filesystem>
#include <optional>

#include "app/agent_inspection.hpp"
#include "app/commands/command.hpp"
#include "base/clock.hpp"

namespace parley {

// None when the file or an agent it names has a mistake; all of them have been printed then.
std::optional<Config> load_or_explain(const std::filesystem::path& file, CommandContext& context,
                                      const InspectAgent& inspect, const Clock& clock);

// The file and the agents it names, read and checked; prints nothing.
LoadReport load_all(const std::filesystem::path& file, const CommandContext& context,
                    const InspectAgent& inspect, const Clock& clock);

// Warnings, then mistakes: those stand nearest to the line that sums up.
void print_mistakes(const LoadReport& report, std::ostream& err);

}  // namespace parley
