#include "app/agent_watcher.hpp"

namespace parley {

void AgentWatcher::look() {
    for (const Watched& one : list_()) {
        std::error_code missing;
        const Stamp now{std::filesystem::last_write_time(one.file, missing),
                        missing ? 0 : std::filesystem::file_size(one.file, missing)};
        if (missing) continue;
        const auto [found, is_first] = seen_.try_emplace(one.deployment, Seen{now, now});
        Seen& seen = found->second;
        const bool is_settled = seen.last == now;
        seen.last = now;
        if (is_first || seen.told == now || !is_settled) continue;
        seen.told = now;
        replace_(one.deployment);
    }
}

}  // namespace parley
