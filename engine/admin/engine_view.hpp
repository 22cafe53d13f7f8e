// What the operator's API shows of a running engine; the wiring fills it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "core/account_registry.hpp"
#include "core/message_store.hpp"

namespace parley {

// The process of an agent that has one of its own.
struct WorkerView {
    std::int64_t pid = 0;  // 0: none runs now
    std::uint64_t restarts = 0;
    std::string state;  // starting, running, waiting, open, probing, ending
    std::string last_end;
};

// What an agent with parley.health/1 said last.
struct HealthView {
    std::string state;  // ok, degraded, unhealthy, silent
    std::string text;
    std::int64_t seconds_ago = 0;  // that it said so; of a silent one: that it was asked
};

// A new version that gets a share of the conversations first, or that was taken back.
struct TrialView {
    std::string version, sha256;
    bool is_shadow = false;  // it only listens
    bool is_running = false;
    unsigned percent = 0;
    std::uint64_t turns = 0, failures = 0;
    Millis running_for{0};
    std::string taken_back_because;  // empty: it is running
};

struct AgentView {
    std::string id, version, summary, path;
    std::string problem;  // why it cannot run; empty: it can
    std::string sha256;   // of its file, when it runs
    std::string loaded;   // the private copy of its file that runs
    std::string
        handover;  // done, or why the memory of the one before was not taken over; empty: there was none
    std::optional<WorkerView> worker;
    std::optional<HealthView> health;
    std::optional<TrialView> trial;
};

struct EngineView {
    std::string version;
    std::int64_t pid = 0;
    WallTime started_at{};
    const Clock& clock;
    const AccountRegistry& accounts;
    MessageStore& store;
    Metrics& metrics;
    std::function<std::string()> not_ready;          // why the engine takes no messages now; empty: it does
    std::function<std::size_t()> inbox;              // messages in memory that wait for a turn
    std::function<std::size_t()> outbox;             // messages in memory that wait to be sent
    std::function<std::vector<AgentView>()> agents;  // blocks
    std::function<AgentView(const DeploymentId&)> agent_of;  // what runs for a deployment
    std::function<std::string(const PhoneNumberId&)>
        trouble_of;  // why nothing is sent from it now; empty: it is
};

}  // namespace parley
