// `parley check`: reads a configuration, inspects its agents, prints the deployments or every mistake.
#pragma once

#include <filesystem>

#include "app/agent_inspection.hpp"
#include "app/commands/command.hpp"
#include "base/clock.hpp"

namespace parley {

struct CheckArguments {
    std::filesystem::path config;
    bool as_json = false;
    // Print what is made from the table of keys, and nothing else; no configuration is read.
    bool print_schema = false;
    bool print_reference = false;
    bool print_keys = false;
};

// Mistakes go to err, the table or the JSON to out (as JSON, mistakes too). `usage` when there are mistakes.
ExitCode run_check(const CheckArguments& arguments, CommandContext& context, const InspectAgent& inspect,
                   const Clock& clock);

// `clock` must outlive the command.
Command add_check(CLI::App& parley, InspectAgent inspect, const Clock& clock);

}  // namespace parley
