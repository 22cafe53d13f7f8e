// A turn of its own at a later time: turn.follow_up("reminder", parley::after(20h).unless_written().in_window());
//
// What is wrong is thrown as Refused, with the statuses of parley/ext/followup.h; UNSUPPORTED where the host has none, which
// turn.can_follow_up() tells before.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <parley/sdk/error.hpp>
#include <parley/sdk/flat_json.hpp>
#include <parley/sdk/instance.hpp>
#include <parley/sdk/text.hpp>

namespace parley {

// When a follow-up comes, and when it does not.
class FollowupPlan {
  public:
    explicit FollowupPlan(std::chrono::milliseconds delay) noexcept : delay_(delay) {}
    explicit FollowupPlan(std::int64_t unix_ms) noexcept : unix_ms_(unix_ms), is_at_(true) {}

    // Dropped when its person writes, reacts or calls before it is due.
    FollowupPlan& unless_written() & noexcept { return add(PARLEY_FOLLOWUP_UNLESS_WRITTEN); }
    FollowupPlan&& unless_written() && noexcept { return std::move(add(PARLEY_FOLLOWUP_UNLESS_WRITTEN)); }
    // Dropped when WhatsApp would take templates only.
    FollowupPlan& in_window() & noexcept { return add(PARLEY_FOLLOWUP_IN_WINDOW); }
    FollowupPlan&& in_window() && noexcept { return std::move(add(PARLEY_FOLLOWUP_IN_WINDOW)); }
    // A JSON object that comes back with it, at most 16 KiB.
    FollowupPlan& payload(std::string object) & {
        payload_ = std::move(object);
        return *this;
    }
    FollowupPlan&& payload(std::string object) && { return std::move(payload(std::move(object))); }

    void stage(const Instance& instance, parley_turn turn, std::string_view key) const {
        require_ok(status_of(instance, turn, key), "follow_up");
    }

  private:
    parley_status status_of(const Instance& instance, parley_turn turn, std::string_view key) const {
        const parley_followup* extension = instance.followup;
        if (!extension) return PARLEY_UNSUPPORTED;
        void* const ctx = instance.host->ctx;
        if (is_at_) return extension->schedule_at(ctx, turn, str(key), unix_ms_, flags_, str(payload_));
        const auto ms = static_cast<std::uint64_t>(delay_.count() < 0 ? 0 : delay_.count());
        return extension->schedule(ctx, turn, str(key), ms, flags_, str(payload_));
    }
    FollowupPlan& add(std::uint32_t flag) noexcept {
        flags_ |= flag;
        return *this;
    }

    std::chrono::milliseconds delay_{0};
    std::int64_t unix_ms_ = 0;
    bool is_at_ = false;
    std::uint32_t flags_ = 0;
    std::string payload_;
};

// At least a second, at most 90 days.
inline FollowupPlan after(std::chrono::milliseconds delay) noexcept {
    return FollowupPlan(delay);
}
inline FollowupPlan at_unix_ms(std::int64_t unix_ms) noexcept {
    return FollowupPlan(unix_ms);
}

// The follow-up that a turn is about.
struct Followup {
    std::string key;
    std::string payload_json;  // an object; "{}" when none was given
    std::string scheduled_at;  // 2026-09-21T14:13:20Z
};

namespace detail {

// The JSON text of a member of `object`, or "" when it has none of that name. `object` is valid JSON.
inline std::string_view member_text(std::string_view object, std::string_view name) {
    int depth = 0;
    bool is_name = false;  // the next string of the object itself is a member's name
    for (std::size_t i = 0; i < object.size(); ++i) {
        const char c = object[i];
        if (c == '{' || c == '[') {
            is_name = ++depth == 1;
        } else if (c == '}' || c == ']') {
            --depth;
        } else if (c == ',' && depth == 1) {
            is_name = true;
        } else if (c == '"') {
            std::string_view rest = object.substr(i);
            const std::string found = take_string(rest);
            i = object.size() - rest.size() - 1;
            if (!std::exchange(is_name, false) || depth != 1 || found != name) continue;
            rest.remove_prefix(std::min(rest.find_first_not_of(": \t\r\n"), rest.size()));
            return rest;
        }
    }
    return {};
}

// What `text` begins with: one object, or nothing.
inline std::string_view first_object(std::string_view text) {
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') {
            std::string_view rest = text.substr(i);
            take_string(rest);
            i = text.size() - rest.size() - 1;
        } else if (text[i] == '{') {
            ++depth;
        } else if (text[i] == '}' && --depth == 0) {
            return text.substr(0, i + 1);
        }
        if (depth == 0) break;
    }
    return {};
}

}  // namespace detail

inline Followup read_followup(std::string_view message_json) {
    const std::string_view object = detail::first_object(detail::member_text(message_json, "followup"));
    const auto text_of = [&](const char* name) {
        std::string_view text = detail::member_text(object, name);
        return text.starts_with('"') ? detail::take_string(text) : std::string();
    };
    const std::string_view payload = detail::first_object(detail::member_text(object, "payload"));
    return {text_of("key"), std::string(payload.empty() ? "{}" : payload), text_of("scheduled_at")};
}

// What a Turn offers of it.
template <class T>
class FollowupCalls {
  public:
    // Staged like a reply; the newest of a key counts.
    void follow_up(std::string_view key, const FollowupPlan& plan) {
        plan.stage(turn().instance(), turn().id(), key);
    }
    void cancel_follow_up(std::string_view key) {
        const Instance& instance = turn().instance();
        const parley_followup* extension = instance.followup;
        require_ok(
            extension ? extension->cancel(instance.host->ctx, turn().id(), str(key)) : PARLEY_UNSUPPORTED,
            "cancel_follow_up");
    }
    bool can_follow_up() const noexcept { return turn().instance().followup != nullptr; }
    Followup followup() const { return read_followup(turn().message_json); }  // that this turn is about

  private:
    const T& turn() const noexcept { return static_cast<const T&>(*this); }
};

}  // namespace parley
