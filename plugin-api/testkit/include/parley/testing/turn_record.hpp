// What goes into a turn and what came out of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <parley/plugin.h>

namespace parley::testing {

// One event for the agent: host.send({.text = "Hi", .sender = "919800000001"})
struct Message {
    std::string text = {};
    std::string type = "text";
    std::string sender = "919800000001";
    std::string name = "Asha";
    std::string conversation = {};  // empty: the sender
    std::string locale = {};
    std::string native_json = {};   // WhatsApp's own object; empty: made from the above
    std::string message_json = {};  // the canonical message; empty: made from the above
    std::uint32_t kind = PARLEY_EVENT_MESSAGE;
    std::uint32_t attempt = 0;
    std::int64_t received_unix_ms = 0;  // 0: now
    std::string traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
};

struct Reply {
    std::string json;  // the native message object
    std::string type;
    std::string text;  // what the user reads: the text, caption or body; may be empty
};

// What an agent asked for at a later time, or no longer wants.
struct FollowupRecord {
    std::string conversation, key;
    bool cancelled = false;  // a call of `cancel`; the rest is empty
    std::int64_t due_unix_ms = 0;
    std::uint32_t flags = 0;  // PARLEY_FOLLOWUP_…
    std::string payload_json;
    std::int64_t scheduled_unix_ms = 0;
    std::string sender, name;  // who gets the replies
};

struct TurnRecord {
    parley_turn id = 0;
    std::string conversation;
    std::vector<Reply> replies;             // staged so far or committed; empty once the turn has failed
    std::optional<std::string> state_json;  // likewise
    std::vector<std::pair<std::string, std::string>> annotations;  // likewise
    std::vector<FollowupRecord> followups;                         // likewise; the newest of a key
    std::string followup_key;                                      // of the follow-up that this turn is about
    bool finished = false;                                         // by the agent
    bool cancelled = false;                                        // by the host; status says why
    parley_status status = PARLEY_OK;
    std::string error;
    // Finished and postponed: nothing of it counts, and the host would give the event again. Send it again yourself.
    std::optional<std::uint32_t> postponed_ms;

    bool open() const noexcept { return !finished && !cancelled; }
    bool committed() const noexcept { return finished && status == PARLEY_OK && !postponed_ms; }

    // The texts of all replies, one a line.
    std::string text() const {
        std::string all;
        for (const Reply& reply : replies) all += (all.empty() ? "" : "\n") + reply.text;
        return all;
    }

    // The last value under `key`; empty when there is none.
    std::string annotation(std::string_view key) const {
        std::string last;
        for (const auto& [name, value] : annotations) {
            if (name == key) last = value;
        }
        return last;
    }
};

struct LogLine {
    std::int32_t level = PARLEY_LOG_INFO;
    parley_turn turn = 0;
    std::string message;
    std::string fields_json;
};

}  // namespace parley::testing
