#include "app/agent_roster.hpp"

#include "base/crypto/hmac.hpp"
#include "base/log.hpp"
#include "host/config_paths.hpp"

namespace parley {
namespace {

PluginHostOptions host_options(const Config& config, const EngineEnvironment& environment,
                               CallbackObserver* observer, MediaLibrary* media, KeyValueStore* key_values) {
    PluginHostOptions options;
    options.paths = agent_search_path(config, environment.executable);
    options.state_dir = state_directory(config);
    options.observer = observer;
    options.max_pinned = config.agents.max_pinned;
    options.media = media;
    options.key_values = key_values;
    options.worker_program = environment.executable.parent_path() / "parley-worker";
    return options;
}

AgentPolicy policy_of(const DeploymentConfig& deployment) {
    return {deployment.allowed_hosts, deployment.allow_private_networks, deployment.secrets};
}

std::optional<WorkerLimits> limits_of(const DeploymentConfig& deployment) {
    const IsolationConfig& isolation = deployment.isolation;
    if (isolation.kind == IsolationConfig::Kind::none) return std::nullopt;
    return WorkerLimits{isolation.memory, isolation.files, isolation.turns};
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
                         Metrics& metrics, CallbackObserver* observer, MediaLibrary* media,
                         KeyValueStore* key_values)
    : base_dir_(config.base_dir),
      clock_(environment.clock),
      host_(host_options(config, environment, observer, media, key_values), http, environment.clock,
            environment.random, metrics) {}

// A path is written like every path of the configuration: from its folder.
std::string AgentRoster::agent_of(const DeploymentConfig& deployment) const {
    const std::string& name = deployment.deployment.agent;
    return is_agent_path(name) ? (base_dir_ / name).lexically_normal().string() : name;
}

Result<FreshAgent> AgentRoster::start(const DeploymentConfig& deployment) {
    return start_file(deployment, agent_of(deployment));
}

Result<FreshAgent> AgentRoster::start_previous(const DeploymentConfig& deployment) {
    const DeploymentId& id = deployment.deployment.id;
    std::filesystem::path previous;
    {
        const std::lock_guard lock(mutex_);
        const auto found = running_.find(id);
        if (found != running_.end()) previous = found->second.previous;
    }
    if (previous.empty())
        return Error{Errc::conflict, "no other version ran since the start"}.within("deployment " + id.str());
    return start_file(deployment, previous.string());
}

Result<FreshAgent> AgentRoster::start_copy(const DeploymentConfig& deployment,
                                           const std::filesystem::path& copy) {
    return start_file(deployment, copy.string());
}

Result<FreshAgent> AgentRoster::start_shadow(const DeploymentConfig& deployment) {
    DeploymentConfig apart = deployment;
    apart.deployment.id = DeploymentId(deployment.deployment.id.str() + ".shadow");
    apart.allowed_hosts = {"nothing.invalid"};  // an empty list would allow all
    apart.allow_private_networks = false;
    apart.secrets.clear();
    apart.isolation.kind = IsolationConfig::Kind::process;
    return start_file(apart, agent_of(deployment));
}

Result<FreshAgent> AgentRoster::start_file(const DeploymentConfig& deployment,
                                           const std::string& id_or_path) {
    const DeploymentId& id = deployment.deployment.id;
    const std::string where = "deployment " + id.str();
    const auto info = host_.inspect(id_or_path);
    if (!info) return info.error().within(where);
    if (!info->problem.empty()) return Error{Errc::invalid_input, info->problem}.within(where);
    auto config_json = agent_config(deployment, info->manifest,
                                    deployment.base_dir.empty() ? base_dir_ : deployment.base_dir);
    if (!config_json) return config_json.error().within(where);
    auto made = host_.create(id, id_or_path, *config_json, policy_of(deployment), limits_of(deployment));
    if (!made) return made.error().within(where);
    const PluginManifest& manifest = made->info.manifest;
    log_info("agent started",
             {{"deployment", id.str()}, {"agent", manifest.id}, {"version", manifest.version}});
    AgentView view = to_view(made->info);
    view.sha256 = made->sha256;
    view.loaded = made->staged.string();
    return FreshAgent{std::move(made->agent), manifest.state_schema, events_for(manifest, *config_json),
                      std::move(view), std::move(made->staged)};
}

void AgentRoster::hand_over(const DeploymentId& deployment, FreshAgent& fresh) {
    std::shared_ptr<Agent> before;
    {
        const std::lock_guard lock(mutex_);
        const auto found = running_.find(deployment);
        if (found != running_.end()) before = found->second.agent.lock();
    }
    if (!before) return;
    const Handover handover = host_.hand_over(*before, *fresh.agent);
    if (handover.is_done) {
        fresh.view.handover = "done";
    } else if (!handover.problem.empty()) {
        fresh.view.handover = handover.problem;
        log_warning("agent begins without the memory of the one before",
                    {{"deployment", deployment.str()}, {"reason", handover.problem}});
    }
}

void AgentRoster::serves(const DeploymentId& deployment, const FreshAgent& fresh) {
    const std::lock_guard lock(mutex_);
    Running& running = running_[deployment];
    if (running.staged != fresh.staged) running.previous = running.staged;
    running.view = fresh.view;
    running.agent = fresh.agent;
    running.staged = fresh.staged;
}

void AgentRoster::left(const DeploymentId& deployment) {
    const std::lock_guard lock(mutex_);
    running_.erase(deployment);
}

Result<std::filesystem::path> AgentRoster::file_of(const DeploymentConfig& deployment) const {
    const auto info = host_.inspect(agent_of(deployment));
    if (!info) return info.error();
    return info->path;
}

std::string AgentRoster::sha256_of_file(const DeploymentConfig& deployment) const {
    const auto info = host_.inspect(agent_of(deployment));
    if (!info || !info->problem.empty()) return {};
    const auto bytes = read_library(info->path);
    return bytes ? to_hex(sha256(*bytes)) : std::string{};
}

std::filesystem::path AgentRoster::running_copy(const DeploymentId& deployment) const {
    const std::lock_guard lock(mutex_);
    const auto found = running_.find(deployment);
    return found == running_.end() ? std::filesystem::path{} : found->second.staged;
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
    AgentView view;
    {
        const std::lock_guard lock(mutex_);
        const auto found = running_.find(deployment);
        if (found == running_.end()) return {};
        view = found->second.view;
    }
    if (const auto worker = host_.worker(deployment))
        view.worker = WorkerView{worker->pid, worker->restarts, worker->state, worker->last_end};
    if (const auto health = host_.health(deployment)) {
        const auto age = std::chrono::duration_cast<std::chrono::seconds>(clock_.mono() - health->since);
        view.health = HealthView{health->state, health->text, age.count()};
    }
    return view;
}

bool AgentRoster::shutdown(Millis limit) {
    return host_.shutdown(limit);
}

void AgentRoster::hurry() {
    host_.hurry();
}

}  // namespace parley
