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

// An instance that was started.
struct FreshAgent {
    std::shared_ptr<Agent> agent;
    std::uint32_t state_schema = 0;
    std::vector<std::string> events;  // see Deployment::events
    AgentView view;
    std::filesystem::path staged;  // the private copy of its file
};

// What begins for a deployment: another one that serves, one that is tried beside it, or both.
struct BegunAgent {
    std::optional<FreshAgent> serves, trial;
    bool is_as_before =
        false;  // what serves is the version that served, so a trial and its outcome still count
};
using BegunAgents = std::map<DeploymentId, BegunAgent>;

class AgentRoster {
  public:
    // Everything given must outlive it; the pointers may be null.
    AgentRoster(const Config& config, const EngineEnvironment& environment, HttpClient& http,
                Metrics& metrics, CallbackObserver* observer, MediaLibrary* media, KeyValueStore* key_values);

    // Loads, creates and starts an instance of the deployment's agent, beside the one that runs. Errors name the
    // deployment. Blocks.
    Result<FreshAgent> start(const DeploymentConfig& deployment);
    // The same of the file that ran before the one that runs now. conflict when there was none.
    Result<FreshAgent> start_previous(const DeploymentConfig& deployment);

    // The same of a private copy that ran before.
    Result<FreshAgent> start_copy(const DeploymentConfig& deployment, const std::filesystem::path& copy);

    // Gives `fresh` what the deployment's running instance has in memory, if both can; the log and fresh.view tell. Before
    // it serves. Blocks.
    void hand_over(const DeploymentId& deployment, FreshAgent& fresh);

    // Of the file as it is found now, in a process of its own under the name NAME.shadow, which may reach nothing.
    Result<FreshAgent> start_shadow(const DeploymentConfig& deployment);

    // It answers for the deployment from now on; start() alone changes nothing that others see.
    void serves(const DeploymentId& deployment, const FreshAgent& fresh);
    void left(const DeploymentId& deployment);

    // The file of the deployment's agent, as it is found now. Blocks.
    Result<std::filesystem::path> file_of(const DeploymentConfig& deployment) const;
    // The SHA-256 of that file; empty while it cannot be read or run. Blocks.
    std::string sha256_of_file(const DeploymentConfig& deployment) const;
    std::filesystem::path running_copy(const DeploymentId& deployment) const;  // the private copy that serves

    void set_policy(const DeploymentConfig& deployment);  // what its agent may reach from now on

    std::vector<AgentView> all() const;  // every library on the path; blocks
    AgentView of(const DeploymentId& deployment) const;

    bool shutdown(Millis limit);  // see PluginHost::shutdown
    void hurry();                 // see PluginHost::hurry

  private:
    const std::filesystem::path base_dir_;
    const Clock& clock_;
    PluginHost host_;
    mutable std::mutex mutex_;
    Result<FreshAgent> start_file(const DeploymentConfig& deployment, const std::string& id_or_path);
    std::string agent_of(const DeploymentConfig& deployment) const;

    struct Running {
        AgentView view;
        std::filesystem::path staged, previous;
        std::weak_ptr<Agent> agent;
    };
    std::map<DeploymentId, Running> running_;
};

}  // namespace parley
