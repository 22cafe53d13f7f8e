// What the host asks an agent besides turns, through the agent's own extensions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <parley/plugin.h>

#include "base/result.hpp"
#include "core/turn.hpp"

namespace parley {

inline constexpr std::size_t max_memory = 4U << 20;  // that is handed over

enum class AgentQuestion : std::uint8_t {
    health = 1,
    export_memory,
    import_memory,
};

struct AgentAnswer {
    parley_status status = PARLEY_OK;  // UNSUPPORTED: the agent does not have that extension
    std::int32_t level = 0;            // PARLEY_HEALTH_…
    std::string text;                  // the health in words; the memory; or why not
};

// Calls the agent. `version` and `memory`: of import_memory.
AgentAnswer ask_agent(const parley_agent& agent, AgentQuestion question, std::string_view version,
                      std::string_view memory);

// The document in the form of `schema`, by the agent's own parley.state-migrate/1; as it is where it has none. Errors:
// the agent could not, or gave what is no document.
Result<ConversationState> migrated(const parley_agent& agent, const ConversationState& state,
                                   std::uint32_t schema);

}  // namespace parley
