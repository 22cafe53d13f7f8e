// Looking at the agents that a configuration names: by `parley check` and before `parley serve`.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "app/config_loader.hpp"
#include "base/result.hpp"

namespace parley {

struct AgentQuery {
    std::string agent;                               // an id, or a path (is_agent_path)
    std::vector<std::filesystem::path> search_path;  // folders for an id
    std::filesystem::path base_dir;  // start of a relative path, and of the paths in config_json
    std::string config_json;         // holds secrets
};

struct AgentConfigMistake {
    std::string pointer;  // JSON pointer into config_json: "" or "/facts"
    std::string what;     // never quotes a value
    std::string instead;
};

struct AgentSummary {
    std::string id, version, abi;  // as the manifest says; abi "1.0"
    std::filesystem::path file;
    std::vector<AgentConfigMistake> mistakes;  // of config_json
};

// The wiring supplies it. An error's message is for the person who wrote `agent:`.
using InspectAgent = std::function<Result<AgentSummary>(const AgentQuery&)>;

// One summary a deployment of the report, in order (empty where there is none to show). An agent that is
// missing or refused becomes an error at the place of `agent:`, a mistake of its config one at the place of
// the wrong value.
std::vector<AgentSummary> inspect_agents(LoadReport& report, const std::filesystem::path& executable,
                                         const InspectAgent& inspect);

}  // namespace parley
