// What differs between the running configuration and a file that was read again: what a reload takes over at once,
// and what has to wait for a restart.
#pragma once

#include <string>
#include <vector>

#include "app/config.hpp"

namespace parley {

struct ConfigChanges {
    struct Left {
        std::string path;  // deployments.shop.agent
        std::string why;
    };
    std::vector<std::string> applied;   // paths, in the order of the table of keys
    std::vector<Left> left;             // what stays as it was
    std::vector<DeploymentId> agents;   // whose agent or its configuration changed, or that are new
    std::vector<DeploymentId> removed;  // that are not in the file any more

    bool empty() const { return applied.empty() && left.empty(); }
};

// Gives `running` the values of `next` that may change while the engine runs (Key::is_live), and says which they are.
// Both have passed the checks. Never quotes a value.
ConfigChanges take_over(Config& running, Config next);

}  // namespace parley
