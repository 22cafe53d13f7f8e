// Finds agents, makes instances of them and runs them: threads, timers, and an orderly end.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/random.hpp"
#include "core/agent.hpp"
#include "core/ids.hpp"
#include "core/key_value_store.hpp"
#include "core/media_library.hpp"
#include "host/agent_handover.hpp"
#include "host/agent_health.hpp"
#include "host/agent_instance.hpp"
#include "host/agent_policy.hpp"
#include "host/callback_observer.hpp"
#include "host/plugin_manifest.hpp"
#include "net/http_client.hpp"

namespace parley {

struct PluginHostOptions {
    std::vector<std::filesystem::path> paths;  // folders of *.so, first wins
    std::filesystem::path state_dir;           // staged copies go to its plugins/
    unsigned threads = 2;                      // for agents
    unsigned blocking_threads = 8;             // for agents with the feature "blocking"
    Millis start_limit{10'000};                // for an agent's start()
    std::size_t max_pinned = 8;                // replaced libraries that stay in memory before a warning
    std::filesystem::path worker_program;      // parley-worker, for agents in a process of their own
    bool workers_ask_for_time = false;         // the clock and randomness are not the system's
    bool housekeeping = true;              // false: nobody but step() runs timers and looks for stuck agents
    CallbackObserver* observer = nullptr;  // may be null; must outlive the host
    KeyValueStore* key_values = nullptr;   // likewise; without it parley.kv/1 answers UNSUPPORTED
    MediaLibrary* media = nullptr;         // likewise; without it parley.media/1 answers UNSUPPORTED
};

// A running instance, and the file it came from.
struct HostedAgent {
    std::shared_ptr<Agent> agent;  // releasing the last pointer retires the instance, see create()
    PluginInfo info;
    std::string sha256;            // of the library, hexadecimal
    std::filesystem::path staged;  // the copy that runs; kept, to go back to it
};

// A library that was loaded since the start and is still in memory.
struct LoadedLibrary {
    std::string id, version, sha256;
    bool in_use = false;  // false: no instance needs it, but it cannot be unloaded ("pinned")
};

// Thread-safe. What it is given must outlive it.
class PluginHost {
  public:
    PluginHost(PluginHostOptions options, HttpClient& http, const Clock& clock, Random& random,
               Metrics& metrics);
    ~PluginHost();  // shutdown() with 5 s, if it was not called
    PluginHost(const PluginHost&) = delete;
    PluginHost& operator=(const PluginHost&) = delete;

    // On the host's own paths; see plugin_finder.hpp. Nothing is loaded.
    Result<std::vector<PluginInfo>> discover() const;
    Result<PluginInfo> inspect(const std::string& id_or_path) const;

    // Loads, creates and starts an instance; blocks meanwhile. config_json: an object, or "" for {}.
    // Instances of the same file share its code. Releasing the last pointer retires the instance: it is
    // destroyed when its open turns have ended. invalid_input when the agent refuses its configuration.
    // With `isolated` all this happens in a process of its own, which is started again when it ends.
    Result<HostedAgent> create(DeploymentId deployment, const std::string& id_or_path,
                               const std::string& config_json, AgentPolicy policy,
                               std::optional<WorkerLimits> isolated = std::nullopt);

    // What the instances of a deployment may reach from now on; open requests go on.
    void set_policy(const DeploymentId& deployment, const AgentPolicy& policy);

    // Retires every instance, gives their open turns `limit` to end, then takes the rest away (those stay
    // open in the core, and are delivered again at the next start), destroys the instances and joins the
    // threads. False when an agent is stuck: its thread still runs, so the process should end without
    // destroying what this host was given. Call it once nobody delivers any more.
    bool shutdown(Millis limit);

    // Makes a shutdown(), running or to come, wait only a moment for anything. Any thread.
    void hurry();

    // Runs due timers and replaces stuck threads, as of now. Only for hosts without housekeeping.
    void step();

    std::size_t instance_count() const;  // created and not yet destroyed
    // Of the deployment's newest instance; none when that runs in the engine.
    std::optional<WorkerStatus> worker(const DeploymentId& deployment) const;
    // Of the same; none when it has no parley.health/1, or was not asked yet.
    std::optional<HealthStatus> health(const DeploymentId& deployment) const;

    // Gives `to`, which has no turns yet, what `from` has in memory; see agent_handover.hpp. Blocks. Both are of this
    // host and run.
    Handover hand_over(const Agent& from, const Agent& to);

    std::vector<LoadedLibrary> loaded() const;  // sorted by id and version; reads /proc/self/maps

  private:
    struct Running;
    Result<HostedAgent> create_here(DeploymentId deployment, const PluginInfo& info,
                                    const std::string& config_json, AgentPolicy policy);
    Result<HostedAgent> create_isolated(DeploymentId deployment, PluginInfo info,
                                        const std::string& config_json, AgentPolicy policy,
                                        const WorkerLimits& limits);

    const PluginHostOptions options_;
    std::unique_ptr<Running> running_;
};

}  // namespace parley
