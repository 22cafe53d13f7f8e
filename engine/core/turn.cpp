#include "core/turn.hpp"

#include "core/outbound.hpp"

namespace parley {
namespace {

constexpr std::size_t max_replies = 20;
constexpr std::size_t max_reply_bytes = 64U << 10;
constexpr std::size_t max_state_bytes = 256U << 10;
constexpr std::size_t max_annotations = 32;
constexpr std::size_t max_annotation_key = 64;
constexpr std::size_t max_annotation_value = 256;
constexpr Millis longest_pause{3'600'000};

}  // namespace

Turn::Turn(TurnEvent event, Finish on_finish)
    : event_(std::move(event)), deadline_(event_.deadline), on_finish_(std::move(on_finish)) {}

Staged Turn::reply(std::string native_json) {
    const std::lock_guard lock(mutex_);
    if (!open_) return Staged::stale;
    if (native_json.empty()) return Staged::invalid;
    if (native_json.size() > max_reply_bytes || staged_.replies.size() >= max_replies) return Staged::limit;
    staged_.replies.push_back(std::move(native_json));
    return Staged::ok;
}

Staged Turn::reply_text(std::string_view text) {
    if (text.empty()) return is_open() ? Staged::invalid : Staged::stale;
    if (text.size() > max_reply_bytes) return is_open() ? Staged::limit : Staged::stale;
    return reply(to_text_message(text));
}

Staged Turn::put_state(std::string json) {
    const std::lock_guard lock(mutex_);
    if (!open_) return Staged::stale;
    if (json.empty()) return Staged::invalid;
    if (json.size() > max_state_bytes) return Staged::limit;
    staged_.has_state = true;
    staged_.state_json = std::move(json);
    return Staged::ok;
}

Staged Turn::annotate(std::string_view key, std::string_view value) {
    const std::lock_guard lock(mutex_);
    if (!open_) return Staged::stale;
    if (key.empty()) return Staged::invalid;
    if (key.size() > max_annotation_key || value.size() > max_annotation_value) return Staged::limit;
    for (auto& [known, current] : staged_.annotations) {
        if (known != key) continue;
        current = value;
        return Staged::ok;
    }
    if (staged_.annotations.size() >= max_annotations) return Staged::limit;
    staged_.annotations.emplace_back(key, value);
    return Staged::ok;
}

Staged Turn::follow_up(FollowupOrder order) {
    const std::lock_guard lock(mutex_);
    if (!open_) return Staged::stale;
    if (order.key.empty()) return Staged::invalid;
    if (order.key.size() > longest_followup_key || order.payload_json.size() > largest_followup_payload)
        return Staged::limit;
    std::vector<FollowupOrder> orders = staged_.followups;
    std::erase_if(orders, [&](const FollowupOrder& one) { return one.key == order.key; });
    const bool is_added = !order.is_cancelled;
    orders.push_back(std::move(order));
    std::vector<std::string> keys = event_.state.followups;
    apply_orders(keys, orders);
    if (orders.size() > most_followup_orders || (is_added && keys.size() > most_followups))
        return Staged::limit;
    staged_.followups = std::move(orders);
    return Staged::ok;
}

Staged Turn::postpone(Millis after) {
    const std::lock_guard lock(mutex_);
    if (!open_) return Staged::stale;
    if (after < Millis{0}) return Staged::invalid;
    if (after > longest_pause) return Staged::limit;
    staged_.again_in = after;
    return Staged::ok;
}

Staged Turn::finish(bool ok, std::string error) {
    TurnResult result;
    result.ok = ok;
    result.error = std::move(error);
    return close(std::move(result), ok);
}

Staged Turn::give_back(bool crashed) {
    TurnResult result;
    result.ending = crashed ? Ending::crashed : Ending::given_back;
    return close(std::move(result), false);
}

Staged Turn::close(TurnResult result, bool keep_staged) {
    Finish on_finish;
    {
        const std::lock_guard lock(mutex_);
        if (!open_) return Staged::stale;
        open_ = false;
        if (keep_staged) {
            staged_.ok = result.ok;
            staged_.error = std::move(result.error);
            result = std::move(staged_);
        }
        on_finish = std::move(on_finish_);
    }
    on_finish(std::move(result));
    return Staged::ok;
}

Staged Turn::extend(MonoTime until) {
    const std::lock_guard lock(mutex_);
    if (!open_) return Staged::stale;
    if (until > event_.deadline + event_.deployment->deadline) return Staged::limit;
    if (until > deadline_) deadline_ = until;
    return Staged::ok;
}

MonoTime Turn::deadline() const {
    const std::lock_guard lock(mutex_);
    return deadline_;
}

bool Turn::revoke() {
    const std::lock_guard lock(mutex_);
    if (!open_) return false;
    open_ = false;
    on_finish_ = nullptr;
    return true;
}

bool Turn::is_open() const {
    const std::lock_guard lock(mutex_);
    return open_;
}

}  // namespace parley
