#include "host/plugin_host.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <tuple>
#include <unordered_map>

#include "base/crypto/hmac.hpp"
#include "base/log.hpp"
#include "base/thread_name.hpp"
#include "host/isolated_agent.hpp"
#include "host/json_check.hpp"
#include "host/plugin_agent.hpp"
#include "host/plugin_finder.hpp"
#include "host/plugin_library.hpp"
#include "host/staged_file.hpp"

namespace parley {
namespace {

namespace fs = std::filesystem;

constexpr Millis look_for_stuck_agents{250};
constexpr Millis look_at_workers{100};
constexpr Millis after_abandoning{2'000};
constexpr Millis in_a_hurry{100};

// The instances that exist, and who waits for them to go. Shared with their on_destroyed.
struct Registry {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::shared_ptr<AgentInstance>> agents;  // oldest first
    bool is_hurried = false;

    void add(std::shared_ptr<AgentInstance> agent) {
        const std::lock_guard lock(mutex);
        agents.push_back(std::move(agent));
    }

    void remove(const AgentInstance* agent) {
        std::shared_ptr<AgentInstance> released;  // after the lock: the last reference unloads a library
        const std::lock_guard lock(mutex);
        const auto found = std::find_if(agents.begin(), agents.end(),
                                        [&](const auto& known) { return known.get() == agent; });
        if (found == agents.end()) return;
        released = std::move(*found);
        agents.erase(found);
        changed.notify_all();
    }

    std::vector<std::shared_ptr<AgentInstance>> all() {
        const std::lock_guard lock(mutex);
        return agents;
    }

    std::shared_ptr<AgentInstance> newest_of(const DeploymentId& deployment) {
        const auto known = all();
        const auto newest = std::find_if(known.rbegin(), known.rend(), [&](const auto& agent) {
            return agent->deployment() == deployment;
        });
        return newest == known.rend() ? nullptr : *newest;
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
          ports{http, timers, clock, random, metrics, options.media, nullptr, options.key_values},
          health(clock),
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
        step_workers(now);
        health.step(now, registry->all());
        const unsigned stuck = quick.replace_stalled(now) + blocking.replace_stalled(now);
        if (stuck == 0) return;
        stalls.add(stuck);
        for (const auto& agent : registry->all())
            if (agent->is_stalled()) log_error("agent is stuck", {{"agent", agent->info().manifest.id}});
    }

    void step_workers(MonoTime now) {
        if (!has_workers.load() || now - workers_stepped < look_at_workers) return;
        workers_stepped = now;
        for (const auto& agent : registry->all()) agent->step(now);
    }

    // Needs `creating`.
    WorkerLoop& worker_loop() {
        if (!workers) workers = std::make_unique<WorkerLoop>();
        has_workers.store(true);
        return *workers;
    }

    // Kills what still runs.
    void end_workers() {
        if (!workers) return;
        workers->stop();
        for (const auto& agent : registry->all()) {
            if (!agent->worker()) continue;
            agent->kill();
            registry->remove(agent.get());
        }
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
    AgentHealth health;                                // before the pools: their last tasks may answer it
    ExecutorPool quick;
    ExecutorPool blocking;
    Counter& stalls;
    std::mutex mutex;
    std::condition_variable wake;
    bool is_poked = false;
    bool is_ending = false;
    bool is_shut = false;  // under `creating`
    std::unique_ptr<WorkerLoop> workers;
    std::atomic<bool> has_workers{false};
    MonoTime workers_stepped{};  // of whoever steps
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
                                       const std::string& config_json, AgentPolicy policy,
                                       std::optional<WorkerLimits> isolated) {
    if (!config_json.empty() && !is_json_object(config_json))
        return Error{Errc::invalid_input, "config: must be a JSON object"};
    auto info = inspect(id_or_path);
    if (!info) return info.error();
    for (const std::string& warning : info->warnings)
        log_warning("plugin warning", {{"agent", info->manifest.id}, {"reason", warning}});

    const std::lock_guard lock(running_->creating);
    if (running_->is_shut) return Error{Errc::unavailable, "the plugin host is shutting down"};
    const std::string config = config_json.empty() ? "{}" : config_json;
    return isolated ? create_isolated(std::move(deployment), std::move(*info), config, std::move(policy),
                                      *isolated)
                    : create_here(std::move(deployment), *info, config, std::move(policy));
}

namespace {

// Releasing the last pointer retires the instance.
template <class Instance>
std::shared_ptr<Agent> retiring(const std::shared_ptr<Instance>& agent) {
    return {agent.get(), [kept = agent](Agent*) mutable {
                kept->retire();
                kept = nullptr;
            }};
}

}  // namespace

Result<HostedAgent> PluginHost::create_here(DeploymentId deployment, const PluginInfo& info,
                                            const std::string& config_json, AgentPolicy policy) {
    auto library = running_->library(info.path, options_.state_dir);
    if (!library) return library.error();
    running_->warn_of_pinned(options_.max_pinned);
    HostedAgent hosted{nullptr, (*library)->info(), (*library)->sha256(), (*library)->staged_path()};
    ExecutorPool& pool = (*library)->manifest().is_blocking ? running_->blocking : running_->quick;
    auto self = std::make_shared<const AgentInstance*>(nullptr);
    auto agent = PluginAgent::create({std::move(*library), std::move(deployment), config_json,
                                      std::move(policy), running_->ports, pool, options_.observer,
                                      [registry = running_->registry, self] { registry->remove(*self); }});
    if (!agent) return agent.error();
    *self = agent->get();
    running_->registry->add(*agent);
    if (const auto started = (*agent)->start(options_.start_limit); !started) {
        (*agent)->retire();
        return started.error();
    }
    hosted.agent = retiring(*agent);
    return hosted;
}

Result<HostedAgent> PluginHost::create_isolated(DeploymentId deployment, PluginInfo info,
                                                const std::string& config_json, AgentPolicy policy,
                                                const WorkerLimits& limits) {
    const auto bytes = read_library(info.path);
    if (!bytes) return bytes.error();
    const auto staged = stage_library(options_.state_dir, info.manifest.id, *bytes);
    if (!staged) return staged.error();
    HostedAgent hosted{nullptr, info, to_hex(sha256(*bytes)), *staged};
    SessionOptions session;
    session.program = options_.worker_program;
    session.name = deployment.str();
    session.start_limit = options_.start_limit;
    auto self = std::make_shared<const AgentInstance*>(nullptr);
    const auto agent = std::make_shared<IsolatedAgent>(
        IsolatedAgent::Parts{std::move(info),
                             hosted.sha256,
                             *staged,
                             std::move(deployment),
                             config_json,
                             std::move(policy),
                             running_->ports,
                             running_->worker_loop(),
                             std::move(session),
                             limits,
                             {},
                             options_.workers_ask_for_time,
                             [registry = running_->registry, self] { registry->remove(*self); }});
    *self = agent.get();
    running_->registry->add(agent);
    if (const auto started = agent->start(); !started) return started.error();
    hosted.agent = retiring(agent);
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
    running_->end_workers();
    empty = empty || registry.all().empty();
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

std::optional<WorkerStatus> PluginHost::worker(const DeploymentId& deployment) const {
    const auto newest = running_->registry->newest_of(deployment);
    return newest ? newest->worker() : std::nullopt;
}

std::optional<HealthStatus> PluginHost::health(const DeploymentId& deployment) const {
    const auto newest = running_->registry->newest_of(deployment);
    return newest ? running_->health.of(*newest) : std::nullopt;
}

Handover PluginHost::hand_over(const Agent& from, const Agent& to) {
    std::shared_ptr<AgentInstance> old, fresh;
    for (const auto& agent : running_->registry->all()) {
        if (static_cast<const Agent*>(agent.get()) == &from) old = agent;
        if (static_cast<const Agent*>(agent.get()) == &to) fresh = agent;
    }
    return old && fresh ? parley::hand_over(*old, *fresh) : Handover{};
}

std::vector<LoadedLibrary> PluginHost::loaded() const {
    const std::lock_guard lock(running_->creating);
    return running_->loaded();
}

std::size_t PluginHost::instance_count() const {
    return running_->registry->all().size();
}

}  // namespace parley
