// What the host may ask of an agent besides turns: the C tables around an agent's own functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <parley/ext/handover.h>
#include <parley/ext/health.h>
#include <parley/ext/state-migrate.h>
#include <parley/sdk/agent.hpp>
#include <parley/sdk/guarded.hpp>

namespace parley {

template <class A>
class AgentExtensions {
  public:
    // NULL where the agent does not define the functions of that extension.
    static const void* find(void* /*self*/, const char* id) noexcept {
        const std::string_view wanted(id);
        if constexpr (migrates)
            if (wanted == PARLEY_EXT_STATE_MIGRATE) return &migrate_table;
        if constexpr (hands_over)
            if (wanted == PARLEY_EXT_HANDOVER) return &handover_table;
        if constexpr (has_health)
            if (wanted == PARLEY_EXT_HEALTH) return &health_table;
        return nullptr;
    }

  private:
    using Undefined = typename Agent<A>::Undefined;
    template <class Outcome>
    static constexpr bool is_defined = !std::is_same_v<Outcome, Undefined>;

    static constexpr bool migrates =
        is_defined<decltype(std::declval<A&>().migrate_state(std::uint32_t{}, std::string_view{}))>;
    static constexpr bool exports = is_defined<decltype(std::declval<A&>().export_memory())>;
    static constexpr bool imports =
        is_defined<decltype(std::declval<A&>().import_memory(std::string_view{}, std::string_view{}))>;
    static constexpr bool hands_over = exports && imports;
    static constexpr bool has_health = is_defined<decltype(std::declval<A&>().health())>;
    static_assert(exports == imports, "define both of export_memory and import_memory, or neither");

    static A& agent_of(void* self) noexcept { return *static_cast<A*>(self); }

    static parley_status migrate(void* self, std::uint32_t from, parley_str state_json, void* sink_ctx,
                                 parley_sink sink, char* err, std::size_t cap) noexcept {
        return guarded(err, cap, [&] {
            const std::string document = agent_of(self).migrate_state(from, view(state_json));
            sink(sink_ctx, str(document));
        });
    }

    static parley_status export_memory(void* self, void* sink_ctx, parley_sink sink, char* err,
                                       std::size_t cap) noexcept {
        return guarded(err, cap, [&] {
            const std::string json = agent_of(self).export_memory();
            sink(sink_ctx, str(json));
        });
    }

    static parley_status import_memory(void* self, parley_str version, parley_str json, char* err,
                                       std::size_t cap) noexcept {
        return guarded(err, cap, [&] { agent_of(self).import_memory(view(version), view(json)); });
    }

    static std::int32_t check_health(void* self, char* text, std::size_t cap) noexcept {
        auto level = HealthLevel::unhealthy;
        const parley_status status = guarded(text, cap, [&] {
            const Health health = agent_of(self).health();
            copy_error(health.text, text, cap);
            level = health.level;
        });
        return static_cast<std::int32_t>(status == PARLEY_OK ? level : HealthLevel::unhealthy);
    }

    static constexpr parley_state_migrate migrate_table{sizeof(parley_state_migrate), &migrate};
    static constexpr parley_handover handover_table{sizeof(parley_handover), &export_memory, &import_memory};
    static constexpr parley_health health_table{sizeof(parley_health), &check_health};
};

}  // namespace parley
