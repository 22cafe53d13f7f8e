#include "host/host_followup.hpp"

#include "host/host_services.hpp"
#include "host/host_text.hpp"
#include "host/json_check.hpp"

namespace parley {
namespace {

constexpr std::uint32_t known_flags = PARLEY_FOLLOWUP_UNLESS_WRITTEN | PARLEY_FOLLOWUP_IN_WINDOW;

parley_status stage(HostServices& host, parley_turn turn, FollowupOrder order) {
    parley_status status = PARLEY_STALE;
    const TurnPtr open = host.open_turn(turn, status);
    return open ? to_status(open->follow_up(std::move(order))) : status;
}

parley_status schedule_at_time(HostServices& host, parley_turn turn, parley_str key, WallTime due,
                               std::uint32_t flags, parley_str payload_json) {
    std::string_view name;
    std::string_view payload;
    if (!read_parley_str(key, name) || !read_parley_str(payload_json, payload) || (flags & ~known_flags) != 0)
        return PARLEY_INVALID;
    const WallTime now = host.ports().clock.wall();
    if (due > now + latest_followup || payload.size() > largest_followup_payload) return PARLEY_LIMIT;
    if (!payload.empty() && !is_shallow_object(payload)) return PARLEY_INVALID;
    FollowupOrder order;
    order.key = name;
    order.due = std::max(due, now + soonest_followup);
    order.unless_written = (flags & PARLEY_FOLLOWUP_UNLESS_WRITTEN) != 0;
    order.in_window = (flags & PARLEY_FOLLOWUP_IN_WINDOW) != 0;
    order.payload_json = payload;
    return stage(host, turn, std::move(order));
}

parley_status schedule(void* ctx, parley_turn turn, parley_str key, std::uint64_t delay_ms,
                       std::uint32_t flags, parley_str payload_json) {
    try {
        constexpr auto longest = static_cast<std::uint64_t>(Millis(latest_followup).count());
        if (delay_ms > longest) return PARLEY_LIMIT;
        HostServices& host = *static_cast<HostServices*>(ctx);
        const WallTime due = host.ports().clock.wall() + Millis{static_cast<std::int64_t>(delay_ms)};
        return schedule_at_time(host, turn, key, due, flags, payload_json);
    } catch (...) {
        return PARLEY_INTERNAL;
    }
}

parley_status schedule_at(void* ctx, parley_turn turn, parley_str key, std::int64_t unix_ms,
                          std::uint32_t flags, parley_str payload_json) {
    try {
        return schedule_at_time(*static_cast<HostServices*>(ctx), turn, key, from_unix_ms(unix_ms), flags,
                                payload_json);
    } catch (...) {
        return PARLEY_INTERNAL;
    }
}

parley_status cancel(void* ctx, parley_turn turn, parley_str key) {
    try {
        std::string_view name;
        if (!read_parley_str(key, name)) return PARLEY_INVALID;
        FollowupOrder order;
        order.key = name;
        order.is_cancelled = true;
        return stage(*static_cast<HostServices*>(ctx), turn, std::move(order));
    } catch (...) {
        return PARLEY_INTERNAL;
    }
}

}  // namespace

const parley_followup host_followup_table{sizeof(parley_followup), schedule, schedule_at, cancel};

}  // namespace parley
