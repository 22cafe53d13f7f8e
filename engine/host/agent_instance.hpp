// What the plugin host does with an instance, wherever its code runs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <parley/plugin.h>

#include "base/unique_function.hpp"
#include "core/agent.hpp"
#include "host/agent_policy.hpp"
#include "host/agent_questions.hpp"
#include "host/plugin_manifest.hpp"

namespace parley {

// Bounds of a deployment's worker process.
struct WorkerLimits {
    std::uint64_t memory = 2ULL << 30;  // bytes of address space; 0: none
    std::uint64_t files = 256;          // open descriptors
    std::size_t turns = 32;             // that the worker has at once; the others wait
};

// How a deployment's worker process is, for operators.
struct WorkerStatus {
    std::int64_t pid = 0;  // 0: none runs
    std::uint64_t restarts = 0;
    std::string state;  // starting, running, waiting (to be started again), open, probing, ending
    std::string last_end;
};

class AgentInstance : public Agent {
  public:
    virtual void retire() = 0;  // no more turns; destroyed when the open ones have ended
    virtual void abandon_turns(parley_status why) = 0;  // takes the open turns away; the core's stay open
    virtual bool is_stalled() const noexcept = 0;
    virtual const PluginInfo& info() const noexcept = 0;
    virtual const DeploymentId& deployment() const noexcept = 0;
    virtual void set_policy(const AgentPolicy& policy) = 0;
    // After what it was given before. `answered` runs on any thread, perhaps at once; never, when the agent is stuck.
    // CANCELLED: it is gone, or no process of it runs now.
    using Answered = UniqueFunction<void(AgentAnswer)>;
    virtual void ask(AgentQuestion question, std::string version, std::string memory, Answered answered) = 0;
    virtual void step(MonoTime /*now*/) {}
    virtual void kill() {}  // a process of its own, when nothing else may run any more
    virtual std::optional<WorkerStatus> worker() const { return std::nullopt; }
};

}  // namespace parley
