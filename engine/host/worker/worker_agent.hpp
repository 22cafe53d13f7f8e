// The agent of a worker: loads the one library, makes the one instance, and translates frames into turns of a
// PluginAgent, the same that runs agents inside the engine.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "host/agent_executor.hpp"
#include "host/plugin_agent.hpp"
#include "host/worker/blame.hpp"
#include "host/worker/engine_connection.hpp"

namespace parley {

class WorkerAgent {
  public:
    WorkerAgent(EngineConnection& engine, Blame& blame) : engine_(engine), blame_(blame) {}

    // Answers `load` with ready or refused, on a thread of its own: an agent's create may ask the engine.
    void load(const Frame& frame);
    void take(const Frame& frame);  // every later frame; ends the process when one makes no sense

  private:
    Result<std::string> start(const LoadMessage& load);  // the ready message's version
    void begin(std::uint64_t handle, const EventMessage& event);
    void cancel(std::uint64_t handle, std::string_view why);
    void finish(std::uint64_t handle, TurnResult result);
    void forget(std::uint64_t handle);
    DeploymentPtr deployment(std::uint64_t deadline_ms);

    EngineConnection& engine_;
    Blame& blame_;
    SystemClock system_clock_;
    SystemRandom system_random_;
    EngineClock engine_clock_{engine_};
    EngineRandom engine_random_{engine_};
    Metrics metrics_;
    TimerQueue no_timers_;
    std::unique_ptr<HttpClient> no_http_;
    std::unique_ptr<ExecutorPool> pool_;
    std::shared_ptr<PluginAgent> agent_;
    std::string name_;
    DeploymentPtr deployment_;
    std::atomic<bool> is_ready_{false};
    std::mutex mutex_;
    std::unordered_map<std::uint64_t, std::weak_ptr<Turn>> turns_;
};

}  // namespace parley
