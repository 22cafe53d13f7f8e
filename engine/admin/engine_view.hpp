// What the operator's API shows of a running engine; the wiring fills it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "core/account_registry.hpp"
#include "core/message_store.hpp"

namespace parley {

struct AgentView {
    std::string id, version, summary, path;
    std::string problem;  // why it cannot run; empty: it can
    std::string sha256;   // of its file, when it runs
};

struct EngineView {
    std::string version;
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
