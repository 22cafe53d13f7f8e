// The host's side of the contract for one agent instance: the table parley_host and what stands behind it.
//
// Thread-safe, as the table's functions may be called from any thread. No function calls the agent;
// completions go through Operations::Deliver. The table's ctx is this object, which must live until destroy
// has returned.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include <parley/plugin.h>

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/random.hpp"
#include "core/key_value_store.hpp"
#include "core/media_library.hpp"
#include "core/turn.hpp"
#include "host/agent_metrics.hpp"
#include "host/agent_policy.hpp"
#include "host/engine_link.hpp"
#include "host/operations.hpp"
#include "host/plugin_manifest.hpp"
#include "host/timer_queue.hpp"
#include "host/turn_table.hpp"
#include "net/http_client.hpp"

namespace parley {

// What every instance of a host shares.
struct HostPorts {
    HttpClient& http;
    TimerQueue& timers;
    const Clock& clock;
    Random& random;
    Metrics& metrics;
    MediaLibrary* media = nullptr;        // may be null: parley.media/1 answers UNSUPPORTED
    EngineLink* engine = nullptr;         // null in the engine itself
    KeyValueStore* key_values = nullptr;  // may be null: parley.kv/1 answers UNSUPPORTED
};

// A monotonic time as the contract writes it.
std::uint64_t to_mono_ns(MonoTime time) noexcept;

parley_status to_status(Staged staged) noexcept;

// The function `cancel` of every extension whose operations HostServices holds; ctx: a HostServices.
parley_status cancel_operation(void* ctx, parley_op op) noexcept;

struct AgentIdentity {
    DeploymentId deployment;
    std::string agent;           // the manifest's id
    bool reads_secrets = false;  // the manifest names parley.secrets/1
};

AgentIdentity identity_of(DeploymentId deployment, const PluginManifest& manifest);

class HostServices {
  public:
    // `on_turn_closed` runs whenever a turn has ended here, on the thread that ended it, without a lock held.
    HostServices(AgentIdentity identity, AgentPolicy policy, HostPorts ports, Operations::Deliver deliver,
                 std::function<void()> on_turn_closed);
    HostServices(const HostServices&) = delete;
    HostServices& operator=(const HostServices&) = delete;

    const parley_host* table() const noexcept { return &table_; }
    TurnTable& turns() noexcept { return turns_; }
    const std::shared_ptr<Operations>& operations() const noexcept { return operations_; }
    const HostPorts& ports() const noexcept { return ports_; }
    std::shared_ptr<const AgentPolicy> policy() const;
    void set_policy(AgentPolicy policy);  // for requests to come
    const AgentIdentity& identity() const noexcept { return identity_; }
    AgentMetrics& metrics() noexcept { return metrics_; }
    void note_started() noexcept { has_started_.store(true); }  // the agent's start has returned
    bool has_started() const noexcept { return has_started_.load(); }

    // The open turn, or null: `status` is then STALE, and an unknown handle has been counted.
    TurnPtr open_turn(parley_turn turn, parley_status& status, OperationOwner* owner = nullptr);

    parley_status finish(parley_turn turn, parley_status status, std::string_view error);
    parley_status extend(parley_turn turn, std::uint32_t ms);

    // Ends a turn on the agent's behalf after it threw; nothing happens when it is over already.
    void fail(parley_turn turn, const std::string& error);

    // Operations::withdraw, for an operation that came too late for its turn.
    bool withdraw(parley_op op);

    void misbehaved(std::string_view what);  // counted; logged at most once a second
    // Logged likewise; `about`: the turn it happened in, if it is known.
    void refused(std::string_view what, std::string_view reason, const TurnEvent* about = nullptr);

  private:
    bool may_log_complaint();

    const AgentIdentity identity_;
    mutable std::mutex policy_mutex_;
    std::shared_ptr<const AgentPolicy> policy_;
    const HostPorts ports_;
    const std::function<void()> on_turn_closed_;
    TurnTable turns_;
    std::shared_ptr<Operations> operations_;
    AgentMetrics metrics_;
    std::atomic<bool> has_started_{false};
    Counter& misbehaviour_;
    std::atomic<MonoTime::rep> next_complaint_{0};
    parley_host table_;
};

}  // namespace parley
