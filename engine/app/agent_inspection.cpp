#include "app/agent_inspection.hpp"

#include <algorithm>

namespace parley {
namespace {

// The place of the value, or of the nearest block around it that stands in the file.
Position place_of(const DeploymentConfig& deployment, std::string pointer) {
    while (true) {
        const auto found = deployment.config_at.find(pointer);
        if (found != deployment.config_at.end()) return found->second;
        if (pointer.empty()) return deployment.at;
        pointer.erase(std::min(pointer.rfind('/'), pointer.size()));
    }
}

std::string dotted(std::string_view pointer) {
    std::string path;
    for (std::size_t i = 0; i < pointer.size(); ++i) {
        if (pointer[i] == '/')
            path += '.';
        else if (pointer.substr(i).starts_with("~1"))
            path += '/', ++i;
        else if (pointer.substr(i).starts_with("~0"))
            path += '~', ++i;
        else
            path += pointer[i];
    }
    return path;
}

bool has_error_below(const Diagnostics& errors, const std::string& path) {
    return std::any_of(errors.begin(), errors.end(),
                       [&](const Diagnostic& one) { return one.path.starts_with(path); });
}

}  // namespace

std::vector<AgentSummary> inspect_agents(LoadReport& report, const std::filesystem::path& executable,
                                         const InspectAgent& inspect) {
    const Config& config = report.config;
    const auto search_path = agent_search_path(config, executable);
    std::vector<AgentSummary> summaries;
    Diagnostics found;
    for (const DeploymentConfig& one : config.deployments) {
        AgentSummary& summary = summaries.emplace_back();
        if (one.deployment.agent.empty()) continue;
        const std::string path = "deployments." + printable(one.deployment.id.str());
        auto answer = inspect({one.deployment.agent, search_path, config.base_dir, one.config_json});
        if (!answer) {
            found.push_back({config.file, one.agent_at, path + ".agent", answer.error().message(),
                             answer.error().code() == Errc::not_found
                                 ? "put it on agents.path, or write the path of its .so file"
                                 : ""});
            continue;
        }
        summary = std::move(*answer);
        if (has_error_below(report.errors, path + ".config")) continue;
        for (const AgentConfigMistake& mistake : summary.mistakes) {
            found.push_back({config.file, place_of(one, mistake.pointer),
                             path + ".config" + dotted(mistake.pointer), mistake.what, mistake.instead});
        }
    }
    report.errors.insert(report.errors.end(), found.begin(), found.end());
    sort_by_place(report.errors);
    return summaries;
}

}  // namespace parley
