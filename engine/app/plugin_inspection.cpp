#include "app/plugin_inspection.hpp"

#include <fstream>

#include "host/config_paths.hpp"
#include "host/plugin_finder.hpp"

namespace parley {
namespace {

Result<AgentSummary> inspect(const AgentQuery& query) {
    const std::string agent =
        is_agent_path(query.agent) ? (query.base_dir / query.agent).lexically_normal().string() : query.agent;
    const auto info = find_plugin(query.search_path, agent);
    if (!info) return info.error();
    if (!info->problem.empty()) return Error{Errc::invalid_input, info->problem};
    const PluginManifest& manifest = info->manifest;
    AgentSummary summary{manifest.id,
                         manifest.version,
                         std::to_string(manifest.abi_major) + "." + std::to_string(manifest.abi_minor),
                         info->path,
                         {}};
    if (auto paths = resolve_paths(manifest.config_schema, query.config_json, query.base_dir); !paths)
        summary.mistakes.push_back({"", paths.error().message(), ""});
    return summary;
}

}  // namespace

InspectAgent inspect_with_plugin_host() {
    return inspect;
}

}  // namespace parley
