#include "app/agent_roster.hpp"

#include "base/log.hpp"
#include "host/config_paths.hpp"

namespace parley {
namespace {

PluginHostOptions host_options(const Config& config, const EngineEnvironment& environment,
                               CallbackObserver* observer) {
    PluginHostOptions options;
    options.paths = agent_search_path(config, environment.executable);
    options.state_dir = state_directory(config);
    options.observer = observer;
    return options;
}

AgentPolicy policy_of(const DeploymentConfig& deployment) {
    return {deployment.allowed_hosts, deployment.allow_private_networks, deployment.secrets};
}

}  // namespace

AgentView to_view(const PluginInfo& info) {
    return {info.manifest.id, info.manifest.version, info.manifest.summary, info.path.string(), info.problem};
}

Result<std::string> agent_config(const DeploymentConfig& deployment, const PluginManifest& manifest,
                                 const std::filesystem::path& base_dir) {
    return resolve_paths(manifest.config_schema, deployment.config_json, base_dir);
}

AgentRoster::AgentRoster(const Config& config, const EngineEnvironment& environment, HttpClient& http,
                         Metrics& metrics, CallbackObserver* observer)
    : base_dir_(config.base_dir),
      host_(host_options(config, environment, observer), http, environment.clock, environment.random,
            metrics) {}

Result<AgentRoster::Hosted> AgentRoster::start(const DeploymentConfig& deployment) {
    const DeploymentId& id = deployment.deployment.id;
    const std::string where = "deployment " + id.str();
    const std::string& name = deployment.deployment.agent;
    // A path is written like every path of the configuration: from its folder.
    const std::string agent = is_agent_path(name) ? (base_dir_ / name).lexically_normal().string() : name;
    const auto info = host_.inspect(agent);
    if (!info) return info.error().within(where);
    if (!info->problem.empty()) return Error{Errc::invalid_input, info->problem}.within(where);
    auto config_json = agent_config(deployment, info->manifest, base_dir_);
    if (!config_json) return config_json.error().within(where);
    auto made = host_.create(id, agent, *config_json, policy_of(deployment));
    if (!made) return made.error().within(where);
    log_info("agent started",
             {{"deployment", id.str()}, {"agent", info->manifest.id}, {"version", info->manifest.version}});
    {
        const std::lock_guard lock(mutex_);
        running_[id] = to_view(*info);
    }
    return Hosted{std::move(made->agent), info->manifest.state_schema, info->manifest.events};
}

void AgentRoster::set_policy(const DeploymentConfig& deployment) {
    host_.set_policy(deployment.deployment.id, policy_of(deployment));
}

std::vector<AgentView> AgentRoster::all() const {
    std::vector<AgentView> views;
    const auto found = host_.discover();
    if (!found) return views;
    for (const PluginInfo& info : *found) views.push_back(to_view(info));
    return views;
}

AgentView AgentRoster::of(const DeploymentId& deployment) const {
    const std::lock_guard lock(mutex_);
    const auto found = running_.find(deployment);
    return found == running_.end() ? AgentView{} : found->second;
}

bool AgentRoster::shutdown(Millis limit) {
    return host_.shutdown(limit);
}

void AgentRoster::hurry() {
    host_.hurry();
}

}  // namespace parley
