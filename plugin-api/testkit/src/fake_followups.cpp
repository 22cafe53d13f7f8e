// Follow-ups on virtual time: scheduled, dropped, due; and the C functions that the agent calls for them.
#include <algorithm>

#include <nlohmann/json.hpp>

#include <parley/sdk/text.hpp>

#include "hooked.hpp"
#include "host_state.hpp"

namespace parley::testing {

namespace {

constexpr std::size_t most_waiting = 32, most_orders = 64, longest_key = 64, largest_payload = 16U << 10;
constexpr std::int64_t soonest_ms = 1000, latest_ms = 90LL * 24 * 3'600'000;
constexpr std::int64_t window_ms = 24 * 3'600'000 - 5'000;  // closed as early as the engine closes it
constexpr std::uint32_t known_flags = PARLEY_FOLLOWUP_UNLESS_WRITTEN | PARLEY_FOLLOWUP_IN_WINDOW;

bool is_shallow_object(std::string_view text) {
    int deepest = 0;
    const auto watch = [&](int depth, nlohmann::json::parse_event_t event, nlohmann::json&) {
        using Event = nlohmann::json::parse_event_t;
        if (event == Event::object_start || event == Event::array_start)
            deepest = std::max(deepest, depth + 1);
        return true;
    };
    return nlohmann::json::parse(text, watch, false).is_object() && deepest <= 32;
}

parley_status schedule_at(void* ctx, parley_turn turn, parley_str key, std::int64_t unix_ms,
                          std::uint32_t flags, parley_str payload_json) {
    HostState& state = *static_cast<HostState*>(ctx);
    TurnRecord* record = state.use(turn, "followup.schedule");
    if (!record) return PARLEY_STALE;
    const auto now = static_cast<std::int64_t>(state.unix_ms());
    if ((flags & ~known_flags) != 0) return PARLEY_INVALID;
    if (unix_ms > now + latest_ms || payload_json.size > largest_payload) return PARLEY_LIMIT;
    if (payload_json.size > 0 && !is_shallow_object(view(payload_json))) return PARLEY_INVALID;
    FollowupRecord order;
    order.key = view(key);
    order.due_unix_ms = std::max(unix_ms, now + soonest_ms);
    order.flags = flags;
    order.payload_json = view(payload_json);
    order.scheduled_unix_ms = now;
    return state.follow_up(*record, std::move(order));
}

parley_status schedule(void* ctx, parley_turn turn, parley_str key, std::uint64_t delay_ms,
                       std::uint32_t flags, parley_str payload_json) {
    const auto now = static_cast<std::int64_t>(static_cast<HostState*>(ctx)->unix_ms());
    const auto delay = static_cast<std::int64_t>(std::min<std::uint64_t>(delay_ms, latest_ms + 1));
    return schedule_at(ctx, turn, key, now + delay, flags, payload_json);
}

parley_status cancel(void* ctx, parley_turn turn, parley_str key) {
    HostState& state = *static_cast<HostState*>(ctx);
    TurnRecord* record = state.use(turn, "followup.cancel");
    if (!record) return PARLEY_STALE;
    FollowupRecord order;
    order.key = view(key);
    order.cancelled = true;
    return state.follow_up(*record, std::move(order));
}

bool is_of(const FollowupRecord& one, const FollowupRecord& other) {
    return one.conversation == other.conversation && one.key == other.key;
}

}  // namespace

parley_status HostState::follow_up(TurnRecord& record, FollowupRecord order) {
    if (order.key.empty()) return PARLEY_INVALID;
    if (order.key.size() > longest_key) return PARLEY_LIMIT;
    order.conversation = record.conversation;
    order.sender = open.at(record.id).sender;
    order.name = open.at(record.id).name;
    std::vector<FollowupRecord> orders = record.followups;
    std::erase_if(orders, [&](const FollowupRecord& one) { return one.key == order.key; });
    const bool adds = !order.cancelled;
    std::size_t count = adds ? 1 : 0;
    for (const FollowupRecord& one : orders) count += one.cancelled ? 0 : 1;
    orders.push_back(std::move(order));
    for (const FollowupRecord& one : waiting) {
        if (one.conversation != record.conversation) continue;
        count += std::none_of(orders.begin(), orders.end(),
                              [&](const FollowupRecord& mine) { return mine.key == one.key; })
                     ? 1
                     : 0;
    }
    if (orders.size() > most_orders || (adds && count > most_waiting)) return PARLEY_LIMIT;
    record.followups = std::move(orders);
    return PARLEY_OK;
}

void HostState::commit_followups(const TurnRecord& record) {
    if (record.followups.empty()) return;
    const bool has_written_again = conversations[record.conversation].messages > open.at(record.id).messages;
    for (const FollowupRecord& order : record.followups) {
        std::erase_if(waiting, [&](const FollowupRecord& one) { return is_of(one, order); });
        const bool is_late = has_written_again && (order.flags & PARLEY_FOLLOWUP_UNLESS_WRITTEN) != 0;
        if (!order.cancelled && !is_late) waiting.push_back(order);
    }
    std::stable_sort(waiting.begin(), waiting.end(), [](const FollowupRecord& a, const FollowupRecord& b) {
        return a.due_unix_ms < b.due_unix_ms;
    });
}

void HostState::person_wrote(const std::string& conversation) {
    Conversation& talk = conversations[conversation];
    ++talk.messages;
    talk.written_unix_ms = static_cast<std::int64_t>(unix_ms());
    std::erase_if(waiting, [&](const FollowupRecord& one) {
        return one.conversation == conversation && (one.flags & PARLEY_FOLLOWUP_UNLESS_WRITTEN) != 0;
    });
}

std::vector<FollowupRecord>::iterator HostState::next_followup() {
    if (!options.fires_followups) return waiting.end();
    return std::find_if(waiting.begin(), waiting.end(), [this](const FollowupRecord& one) {
        return std::none_of(open.begin(), open.end(), [&](const auto& turn) {
            return records.at(turn.first)->conversation == one.conversation;
        });
    });
}

std::uint64_t HostState::due_ns(const FollowupRecord& one) const {
    const std::int64_t ms = one.due_unix_ms - options.unix_ms;
    return ms <= 0 ? 0 : static_cast<std::uint64_t>(ms) * 1'000'000;
}

bool HostState::is_window_closed(const std::string& conversation) const {
    const auto found = conversations.find(conversation);
    if (found == conversations.end() || found->second.written_unix_ms == INT64_MIN) return false;
    return static_cast<std::int64_t>(unix_ms()) > found->second.written_unix_ms + window_ms;
}

void connect_followups(HostState& state) {
    state.followup = {sizeof(parley_followup), &Hooked<&schedule, "followup.schedule">::call,
                      &Hooked<&schedule_at, "followup.schedule_at">::call,
                      &Hooked<&cancel, "followup.cancel">::call};
}

}  // namespace parley::testing
