// One instance of one agent for one deployment: turns go in, its callbacks run on its strands, and it is
// destroyed on one of them once nothing is open any more.
//
// Life: create() → start() → deliver()/cancel() … → retire() → (turns and operations end) → destroyed.
// An exception out of a callback ends that callback's turn as failed and is counted; the instance goes on.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "host/agent_executor.hpp"
#include "host/agent_instance.hpp"
#include "host/callback_observer.hpp"
#include "host/host_services.hpp"
#include "host/plugin_library.hpp"

namespace parley {

class PluginAgent final : public AgentInstance, public std::enable_shared_from_this<PluginAgent> {
  public:
    struct Parts {
        std::shared_ptr<PluginLibrary> library;
        DeploymentId deployment;
        std::string config_json;  // an object
        AgentPolicy policy;
        HostPorts ports;
        ExecutorPool& pool;
        CallbackObserver* observer = nullptr;  // may be null
        std::function<void()> on_destroyed;  // once, on the executor, after the agent's destroy has returned
    };

    // Calls the library's create on this thread. invalid_input: the agent refuses the configuration, in its
    // own words.
    static Result<std::shared_ptr<PluginAgent>> create(Parts parts);

    // Calls the agent's start on its executor and waits for it, at most `limit`. After an error only retire()
    // is left.
    Result<> start(Millis limit);

    // While the agent is stuck in a callback, turns fail at once. After retire() a turn stays open and
    // unanswered.
    void deliver(TurnPtr turn) override;
    void cancel(const TurnPtr& turn, std::string_view why) override;

    AgentName name() const override {
        return {info().manifest.id, info().manifest.version, library_->sha256()};
    }

    // For operations that somebody else performs: its result, once. False: it is over, or unknown.
    bool complete(parley_op op, OperationResult result) {
        return services_.operations()->complete(op, std::move(result));
    }

    // Tells once, when no callback runs and none waits: at once, or on the thread of the last one. One at a time.
    void when_settled(UniqueFunction<void()> tell);

    void retire() override;
    void abandon_turns(parley_status why) override;
    bool is_destroyed() const noexcept { return destroyed_.load(); }
    bool is_stalled() const noexcept override;
    const PluginInfo& info() const noexcept override { return library_->info(); }
    const DeploymentId& deployment() const noexcept override { return deployment_; }
    void set_policy(const AgentPolicy& policy) override { services_.set_policy(policy); }
    void ask(AgentQuestion question, std::string version, std::string memory, Answered answered) override;

  private:
    explicit PluginAgent(Parts parts);
    Result<> create_instance(const std::string& config_json);

    void post(std::size_t lane, UniqueFunction<void()> task);
    void leave_task();
    void tell_if_settled();
    void check_idle_later();
    void destroy_if_idle();
    std::size_t lane_of(const TurnEvent& event) const noexcept;

    void handle_event(parley_turn handle);
    std::optional<ConversationState> newer_state(parley_turn handle, const TurnEvent& facts);
    void handle_result(parley_op op, const OperationOwner& owner, const OperationResult& result);
    void revoke(TurnTable::Revoked revoked, parley_status why);
    void handle_cancel(parley_turn handle, parley_status why);
    void refuse(TurnPtr turn, const char* reason);
    bool call_agent(ItemSeq seq, const char* callback, std::string* thrown, UniqueFunction<void()> call);
    void warn_slow(Millis took);

    const std::shared_ptr<PluginLibrary> library_;  // first: its code must outlive everything below
    const DeploymentId deployment_;
    CallbackObserver* const observer_;
    const std::function<void()> on_destroyed_;
    HostServices services_;
    Counter& faults_;
    Counter& slow_callbacks_;
    std::vector<std::shared_ptr<Strand>> lanes_;
    std::shared_ptr<Strand> aside_;  // answers for the agent while its own strand is stuck
    parley_agent agent_{};
    std::atomic<std::int64_t> pending_{0};  // tasks posted and not yet over
    std::atomic<bool> retiring_{false};
    std::atomic<bool> destroyed_{false};
    std::atomic<bool> has_traces_{false};  // a turn was recorded
    std::atomic<bool> is_awaited_{false};  // by when_settled()
    std::mutex awaited_mutex_;
    UniqueFunction<void()> tell_settled_;
    std::atomic<MonoTime::rep> next_slow_warning_{0};
};

}  // namespace parley
