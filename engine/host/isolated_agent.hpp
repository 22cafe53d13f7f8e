// An agent in a process of its own, behind the port that agents in the engine have: turns wait here for a worker,
// which is started again when it ends.
//
// Turns open in a worker that ends: those it was working on are given back as crashed and come alone when they
// come again, so that one poisonous message takes no other with it; the rest is delivered again, uncounted.
// Everything a worker says goes through the same HostServices as the calls of an agent in the engine, which
// believe nothing either. Operations are performed here; the worker sees a secret only if its agent's manifest says so.
#pragma once

#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "host/agent_instance.hpp"
#include "host/host_services.hpp"
#include "host/operation_names.hpp"
#include "host/worker_session.hpp"
#include "host/worker_supervision.hpp"

namespace parley {

class IsolatedAgent final : public AgentInstance,
                            public WorkerSession::Owner,
                            public std::enable_shared_from_this<IsolatedAgent> {
  public:
    struct Parts {
        PluginInfo info;
        std::string sha256;
        std::filesystem::path staged;  // the copy that is loaded
        DeploymentId deployment;
        std::string config_json;
        AgentPolicy policy;
        HostPorts ports;
        WorkerLoop& loop;
        SessionOptions session;
        WorkerLimits limits;
        SupervisionOptions supervision;
        bool is_engine_time = false;         // see LoadMessage
        std::function<void()> on_destroyed;  // once, on the loop's thread
    };

    explicit IsolatedAgent(Parts parts);
    ~IsolatedAgent() override;

    // Starts the worker and waits until its agent has started. Errors as PluginAgent::create and start; after one the
    // instance is retired and on_destroyed follows.
    Result<> start();

    // While the breaker is open turns fail at once. After retire() a turn stays open and unanswered.
    void deliver(TurnPtr turn) override;
    void cancel(const TurnPtr& turn, std::string_view why) override;
    AgentName name() const override { return {info().manifest.id, info().manifest.version, parts_.sha256}; }
    void retire() override;
    void abandon_turns(parley_status why) override;
    bool is_stalled() const noexcept override { return false; }
    const PluginInfo& info() const noexcept override { return parts_.info; }
    const DeploymentId& deployment() const noexcept override { return parts_.deployment; }
    void set_policy(const AgentPolicy& policy) override { services_.set_policy(policy); }
    void ask(AgentQuestion question, std::string version, std::string memory, Answered answered) override;
    void step(MonoTime now) override;
    void kill() override;  // once the loop has stopped
    std::optional<WorkerStatus> worker() const override;

    void on_frame(const Frame& frame) override;
    void on_output(const std::string& line) override;
    void on_end(const WorkerEnd& end, const std::string& why) override;
    Millis stall_limit(std::uint64_t turn) override;

  private:
    struct Sent {
        TurnPtr turn;
        std::uint64_t order = 0;
    };
    struct Counters;

    struct Lost {  // what a worker left when it ended
        std::vector<std::uint64_t> handles;
        std::vector<TurnPtr> crashed, given_back, refused;
    };

    void start_session();
    void load();
    void ended_before_start(const Error& error);
    Lost take_lost(const std::vector<CallbackBoard::Running>& running, bool is_ending);  // needs mutex_
    Millis plan_restart(MonoTime now, Lost& lost);                                       // needs mutex_
    void start_later(Millis delay);
    void settle(Lost lost);
    void be_destroyed();

    bool admits(MonoTime now);     // needs mutex_
    void send_waiting();           // needs mutex_
    void send_turn(TurnPtr turn);  // needs mutex_
    void retire_if_idle();         // needs mutex_
    void forget_turn(std::uint64_t handle);
    void refuse_later(TurnPtr turn, const char* why);

    void on_ready(const Frame& frame);
    void on_refused(const Frame& frame);
    void on_finish(const Frame& frame);
    void on_closed(const Frame& frame);
    void on_call(const Frame& frame);
    void on_log(const Frame& frame);
    void on_metrics(const Frame& frame);
    void on_told(const Frame& frame);
    parley_status stage(std::uint64_t handle, const struct FinishMessage& message);
    void on_result(parley_op op, OperationResult result);
    void broke_protocol(const char* what);
    void send(Frame frame);

    const Parts parts_;
    OperationNames names_;
    HostServices services_;
    std::unique_ptr<Counters> counters_;

    mutable std::mutex mutex_;
    std::shared_ptr<WorkerSession> session_;  // null: none runs
    WorkerSupervision supervision_;
    std::deque<TurnPtr> waiting_;
    std::deque<TurnPtr> solo_;  // those that crashed before: one at a time, with nothing beside it
    std::unordered_map<std::uint64_t, Sent> sent_;
    std::unordered_map<std::uint64_t, Answered> asked_;
    std::uint64_t last_question_ = 0;
    std::uint64_t next_order_ = 0;
    std::uint64_t restarts_ = 0;
    bool runs_solo_ = false;
    bool is_ready_ = false;
    bool has_started_once_ = false;
    bool retiring_ = false;
    bool abandoned_ = false;
    bool told_to_retire_ = false;
    bool destroyed_ = false;
    std::string last_end_;
    std::promise<Result<>> first_start_;
};

}  // namespace parley
