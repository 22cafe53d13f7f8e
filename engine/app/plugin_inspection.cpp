#include "app/plugin_inspection.hpp"

#include "host/config_paths.hpp"
#include "host/config_schema.hpp"
#include "host/plugin_finder.hpp"
#include "kit/start_trial.hpp"

namespace parley {
namespace {

constexpr Millis longest_start{10'000};

std::string agent_of(const AgentQuery& query) {
    return is_agent_path(query.agent) ? (query.base_dir / query.agent).lexically_normal().string()
                                      : query.agent;
}

AgentSummary summary_of(const PluginInfo& info, const AgentQuery& query) {
    const PluginManifest& manifest = info.manifest;
    AgentSummary summary{manifest.id,
                         manifest.version,
                         std::to_string(manifest.abi_major) + "." + std::to_string(manifest.abi_minor),
                         info.path,
                         {}};
    const auto mistakes = find_setting_mistakes(manifest.config_schema, query.config_json);
    if (!mistakes) {
        summary.mistakes.push_back({"", mistakes.error().message(), ""});
        return summary;
    }
    for (const SettingMistake& one : *mistakes)
        summary.mistakes.push_back({one.pointer, one.what, one.instead});
    return summary;
}

Result<PluginInfo> find(const AgentQuery& query) {
    auto info = find_plugin(query.search_path, agent_of(query));
    if (info && !info->problem.empty()) return Error{Errc::invalid_input, info->problem};
    return info;
}

Result<AgentSummary> inspect(const AgentQuery& query) {
    const auto info = find(query);
    if (!info) return info.error();
    return summary_of(*info, query);
}

Result<AgentSummary> inspect_and_try(const AgentQuery& query) {
    const auto info = find(query);
    if (!info) return info.error();
    AgentSummary summary = summary_of(*info, query);
    if (!summary.mistakes.empty()) return summary;
    const auto config = resolve_paths(info->manifest.config_schema, query.config_json, query.base_dir);
    const Result<> started =
        config ? kit::try_start(info->path, *config, longest_start) : Result<>(config.error());
    if (!started)
        summary.mistakes.push_back(
            {"", "the agent does not start with this: " + started.error().message(), ""});
    return summary;
}

}  // namespace

InspectAgent inspect_with_plugin_host() {
    return inspect;
}

InspectAgent inspect_and_try_agent() {
    return inspect_and_try;
}

}  // namespace parley
