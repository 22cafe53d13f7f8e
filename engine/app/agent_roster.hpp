// Which agent runs for which deployment: from configuration to running instances.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "admin/engine_view.hpp"
#include "app/config.hpp"
#include "app/engine.hpp"
#include "host/plugin_host.hpp"

namespace parley {

// What `parley check` and the engine show of an agent.
AgentView to_view(const PluginInfo& info);

// An agent's configuration as it gets it: paths absolute as its schema says.
Result<std::string> agent_config(const DeploymentConfig& deployment, const PluginManifest& manifest,
                                 const std::filesystem::path& base_dir);

class AgentRoster {
  public:
    struct Hosted {
        std::shared_ptr<Agent> agent;
        std::uint32_t state_schema = 0;
        std::vector<std::string> events;  // see Deployment::events
    };

    // Everything given must outlive it; `observer` may be null.
    AgentRoster(const Config& config, const EngineEnvironment& environment, HttpClient& http,
                Metrics& metrics, CallbackObserver* observer);

    // Loads, creates and starts the agent of a deployment. Errors name the deployment.
    Result<Hosted> start(const DeploymentConfig& deployment);

    void set_policy(const DeploymentConfig& deployment);  // what its agent may reach from now on

    std::vector<AgentView> all() const;  // every library on the path; blocks
    AgentView of(const DeploymentId& deployment) const;

    bool shutdown(Millis limit);  // see PluginHost::shutdown
    void hurry();                 // see PluginHost::hurry

  private:
    const std::filesystem::path base_dir_;
    PluginHost host_;
    mutable std::mutex mutex_;
    std::map<DeploymentId, AgentView> running_;
};

}  // namespace parley
