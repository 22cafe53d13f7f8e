// Notices that the file of an agent has changed: `agents.watch`.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <vector>

#include "core/ids.hpp"

namespace parley {

// Not thread-safe: one look at a time.
class AgentWatcher {
  public:
    struct Watched {
        DeploymentId deployment;
        std::filesystem::path file;
    };
    using List = std::function<std::vector<Watched>()>;
    using Replace = std::function<void(const DeploymentId&)>;

    AgentWatcher(List list, Replace replace) : list_(std::move(list)), replace_(std::move(replace)) {}

    // Looks at every file. One that has changed since the first look, and not since the last one (a linker may still be
    // writing it), is told once. Blocks.
    void look();

  private:
    struct Stamp {
        std::filesystem::file_time_type written{};
        std::uintmax_t size = 0;
        friend bool operator==(const Stamp&, const Stamp&) = default;
    };
    struct Seen {
        Stamp told, last;
    };

    const List list_;
    const Replace replace_;
    std::map<DeploymentId, Seen> seen_;
};

}  // namespace parley
