// What the configuration file says of one deployment.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "app/diagnostic.hpp"
#include "base/secret.hpp"
#include "core/account.hpp"

namespace parley {

// Where a deployment's agent runs: in the engine, or in a process of its own within these bounds.
struct IsolationConfig {
    enum class Kind { none, process };
    Kind kind = Kind::none;
    std::size_t memory = 2ULL << 30;  // bytes of address space
    unsigned files = 256;             // open descriptors
    unsigned turns = 32;              // at once
};

// How long and how much is kept of a deployment whose turns are recorded.
struct RecordConfig {
    Millis keep{7LL * 24 * 3600 * 1000};
    std::size_t max_size = 1U << 30;  // bytes
};

// How a new version of an agent is tried before it serves.
struct CanaryConfig {
    unsigned percent = 0;               // of the conversations; 0: it replaces the old one at once
    double rollback_on_failures = 0.2;  // of its turns
    unsigned min_turns = 20;
    Millis after{30 * 60'000};
};

struct DeploymentConfig {
    Deployment deployment;            // app is set by the loader, whichever way it was given
    std::vector<Secret> app_secrets;  // its own, when the number belongs to another Meta app
    // For the agent: ${…} filled in, paths as written. Holds secrets: never print it.
    std::string config_json = "{}";
    std::vector<std::string> allowed_hosts;  // what the agent may call; empty: any public host
    std::map<std::string, Secret> secrets;   // for ${secret:NAME} in what the agent sends
    bool allow_private_networks = false;
    IsolationConfig isolation;
    RecordConfig record;
    CanaryConfig canary;
    bool shadow = false;  // a new version listens first, without a voice

    bool is_account = false;         // created by the API; not in the file
    std::filesystem::path base_dir;  // where paths in config_json start; empty: the configuration's folder
    Position at;                     // of its name in the file
    Position agent_at;               // of the value of `agent`
    std::map<std::string, Position>
        config_at;  // JSON pointer into config_json ("", "/facts") → place in the file
};

}  // namespace parley
