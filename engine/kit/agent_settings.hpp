// What --config FILE and --set key=value make of an agent's configuration.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace parley::kit {

struct AgentSettings {
    std::filesystem::path file;         // YAML or JSON; empty: none
    std::vector<std::string> settings;  // key=value
    bool is_given() const { return !file.empty() || !settings.empty(); }
};

// JSON text; `library` says which of its strings are paths. invalid_input, not_found name what is wrong.
Result<std::string> to_config_json(const AgentSettings& settings, const std::filesystem::path& library);

}  // namespace parley::kit
