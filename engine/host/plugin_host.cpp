#include "host/plugin_host.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <tuple>
#include <unordered_map>

#include "base/crypto/hmac.hpp"
#include "base/log.hpp"
#include "base/thread_name.hpp"
#include "host/json_check.hpp"
#include "host/plugin_agent.hpp"
#include "host/plugin_finder.hpp"
#include "host/plugin_library.hpp"

namespace parley {
namespace {

namespace fs = std::filesystem;

constexpr Millis look_for_stuck_agents{250};
constexpr Millis after_abandoning{2'000};
constexpr Millis in_a_hurry{100};

// The instances that exist, and who waits for them to go. Shared with their on_destroyed.
struct Registry {
    std::mutex mutex;
    std::condition_variable changed;
    std::unordered_map<const PluginAgent*, std::shared_ptr<PluginAgent>> agents;
    bool is_hurried = false;

    void remove(const PluginAgent* agent) {
        std::shared_ptr<PluginAgent> released;  // after the lock: the last reference unloads a library
        const std::lock_guard lock(mutex);
        const auto found = agents.find(agent);
        if (found == agents.end()) return;
        released = std::move(found->second);
        agents.erase(found);
        changed.notify_all();
    }

    std::vector<std::shared_ptr<PluginAgent>> all() {
        const std::lock_guard lock(mutex);
        std::vector<std::shared_ptr<PluginAgent>> list;
        for (const auto& [key, agent] : agents) list.push_back(agent);
        return list;
    }

    bool wait_until_empty(Millis limit) {
        std::unique_lock lock(mutex);
        changed.wait_for(lock, limit, [this] { return agents.empty() || is_hurried; });
        return changed.wait_for(lock, is_hurried ? in_a_hurry : Millis{0}, [this] { return agents.empty(); });
    }

    void hurry() {
        const std::lock_guard lock(mutex);
        is_hurried = true;
        changed.notify_all();
    }

    Millis patience() {
        const std::lock_guard lock(mutex);
        return is_hurried ? in_a_hurry : after_abandoning;
    }
};

}  // namespace

struct PluginHost::Running {
    struct Known {
        std::weak_ptr<PluginLibrary> library;
        std::string id, version;
        fs::path staged;
    };

    Running(const PluginHostOptions& options, HttpClient& http, const Clock& clock, Random& random,
            Metrics& metrics)
        : timers([this] { poke(); }),
          ports{http, timers, clock, random, metrics, options.media},
          quick(options.threads, clock),
          blocking(options.blocking_threads, clock),
          stalls(metrics.counter("parley_agent_stalls_total",
                                 "Threads replaced because an agent was stuck on them")) {
        if (options.housekeeping) keeper = std::thread([this] { keep_house(); });
    }

    void poke() {
        {
            const std::lock_guard lock(mutex);
            is_poked = true;
        }
        wake.notify_one();
    }

    void step() {
        const MonoTime now = ports.clock.mono();
        timers.step(now);
        const unsigned stuck = quick.replace_stalled(now) + blocking.replace_stalled(now);
        if (stuck == 0) return;
        stalls.add(stuck);
        for (const auto& agent : registry->all())
            if (agent->is_stalled()) log_error("agent is stuck", {{"agent", agent->info().manifest.id}});
    }

    void keep_house() {
        name_this_thread("plugin-host");
        for (;;) {
            step();
            const auto due = timers.next_due();
            MonoTime::duration pause = look_for_stuck_agents;
            if (due) pause = std::clamp(*due - ports.clock.mono(), MonoTime::duration{0}, pause);
            std::unique_lock lock(mutex);
            wake.wait_for(lock, pause, [this] { return is_poked || is_ending; });
            if (is_ending) return;
            is_poked = false;
        }
    }

    void end_housekeeping() {
        {
            const std::lock_guard lock(mutex);
            is_ending = true;
        }
        wake.notify_one();
        if (keeper.joinable()) keeper.join();
    }

    // Instances of one file share its code: the same bytes are the same library.
    Result<std::shared_ptr<PluginLibrary>> library(const fs::path& path, const fs::path& state_dir) {
        const auto bytes = read_library(path);
        if (!bytes) return bytes.error();
        std::string sha = to_hex(sha256(*bytes));
        const auto known = libraries.find(sha);
        if (known != libraries.end())
            if (auto loaded = known->second.library.lock()) return loaded;
        auto opened = PluginLibrary::open(path, *bytes, state_dir);
        if (opened)
            libraries[std::move(sha)] = {*opened, (*opened)->manifest().id, (*opened)->manifest().version,
                                         (*opened)->staged_path()};
        return opened;
    }

    // Needs `creating`.
    std::vector<LoadedLibrary> loaded() {
        std::vector<LoadedLibrary> all;
        std::erase_if(libraries, [&](const auto& entry) {
            const auto& [sha, known] = entry;
            const bool in_use = !known.library.expired();
            if (!in_use && !is_mapped(known.staged)) return true;
            all.push_back({known.id, known.version, sha, in_use});
            return false;
        });
        std::sort(all.begin(), all.end(), [](const LoadedLibrary& a, const LoadedLibrary& b) {
            return std::tie(a.id, a.version, a.sha256) < std::tie(b.id, b.version, b.sha256);
        });
        return all;
    }

    void warn_of_pinned(std::size_t most) {
        const auto all = loaded();
        const auto pinned = static_cast<std::size_t>(
            std::count_if(all.begin(), all.end(), [](const LoadedLibrary& one) { return !one.in_use; }));
        if (pinned > most)
            log_warning("replaced agents stay in memory",
                        {{"libraries", pinned}, {"advice", "restart the engine at a quiet time"}});
    }

    TimerQueue timers;
    HostPorts ports;
    std::shared_ptr<Registry> registry = std::make_shared<Registry>();
    std::mutex creating;                               // one create at a time, as the contract promises
    std::unordered_map<std::string, Known> libraries;  // by SHA-256
    ExecutorPool quick;
    ExecutorPool blocking;
    Counter& stalls;
    std::mutex mutex;
    std::condition_variable wake;
    bool is_poked = false;
    bool is_ending = false;
    bool is_shut = false;  // under `creating`
    bool ended_cleanly = false;
    std::thread keeper;
};

PluginHost::PluginHost(PluginHostOptions options, HttpClient& http, const Clock& clock, Random& random,
                       Metrics& metrics)
    : options_(std::move(options)),
      running_(std::make_unique<Running>(options_, http, clock, random, metrics)) {}

PluginHost::~PluginHost() {
    if (!shutdown(Millis{5'000})) (void)running_.release();  // a stuck thread may still come back to it
}

Result<std::vector<PluginInfo>> PluginHost::discover() const {
    return discover_plugins(options_.paths);
}

Result<PluginInfo> PluginHost::inspect(const std::string& id_or_path) const {
    return find_plugin(options_.paths, id_or_path);
}

Result<HostedAgent> PluginHost::create(DeploymentId deployment, const std::string& id_or_path,
                                       const std::string& config_json, AgentPolicy policy) {
    if (!config_json.empty() && !is_json_object(config_json))
        return Error{Errc::invalid_input, "config: must be a JSON object"};
    const auto info = inspect(id_or_path);
    if (!info) return info.error();

    const std::lock_guard lock(running_->creating);
    if (running_->is_shut) return Error{Errc::unavailable, "the plugin host is shutting down"};
    auto library = running_->library(info->path, options_.state_dir);
    if (!library) return library.error();
    for (const std::string& warning : (*library)->info().warnings)
        log_warning("plugin warning", {{"agent", info->manifest.id}, {"reason", warning}});

    running_->warn_of_pinned(options_.max_pinned);
    HostedAgent hosted{nullptr, (*library)->info(), (*library)->sha256(), (*library)->staged_path()};
    ExecutorPool& pool = (*library)->manifest().is_blocking ? running_->blocking : running_->quick;
    auto self = std::make_shared<const PluginAgent*>(nullptr);
    auto agent = PluginAgent::create({std::move(*library), std::move(deployment),
                                      config_json.empty() ? "{}" : config_json, std::move(policy),
                                      running_->ports, pool, options_.observer,
                                      [registry = running_->registry, self] { registry->remove(*self); }});
    if (!agent) return agent.error();
    *self = agent->get();
    {
        const std::lock_guard registering(running_->registry->mutex);
        running_->registry->agents.emplace(agent->get(), *agent);
    }
    if (const auto started = (*agent)->start(options_.start_limit); !started) {
        (*agent)->retire();
        return started.error();
    }
    hosted.agent = std::shared_ptr<Agent>(agent->get(), [kept = *agent](Agent*) mutable {
        kept->retire();
        kept = nullptr;
    });
    return hosted;
}

void PluginHost::set_policy(const DeploymentId& deployment, const AgentPolicy& policy) {
    for (const auto& agent : running_->registry->all())
        if (agent->deployment() == deployment) agent->set_policy(policy);
}

bool PluginHost::shutdown(Millis limit) {
    if (!running_) return true;
    {
        const std::lock_guard lock(running_->creating);
        if (std::exchange(running_->is_shut, true)) return running_->ended_cleanly;
    }
    Registry& registry = *running_->registry;
    for (const auto& agent : registry.all()) agent->retire();
    bool empty = registry.wait_until_empty(limit);
    if (!empty) {
        for (const auto& agent : registry.all()) agent->abandon_turns(PARLEY_CANCELLED);
        empty = registry.wait_until_empty(after_abandoning);
    }
    for (const auto& agent : registry.all())
        log_error("agent could not be stopped", {{"agent", agent->info().manifest.id}});
    running_->end_housekeeping();
    const unsigned left =
        running_->quick.stop(registry.patience()) + running_->blocking.stop(registry.patience());
    running_->ended_cleanly = empty && left == 0;
    return running_->ended_cleanly;
}

void PluginHost::hurry() {
    running_->registry->hurry();
}

void PluginHost::step() {
    running_->step();
}

std::vector<LoadedLibrary> PluginHost::loaded() const {
    const std::lock_guard lock(running_->creating);
    return running_->loaded();
}

std::size_t PluginHost::instance_count() const {
    return running_->registry->all().size();
}

}  // namespace parley
