// A turn: one message an agent must answer. The agent stages replies, state and annotations, then finishes
// once; only then does all of it count, in one transaction.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/trace_context.hpp"
#include "base/unique_function.hpp"
#include "core/account_registry.hpp"
#include "core/followup.hpp"
#include "core/message.hpp"
#include "core/turn_trace.hpp"

namespace parley {

struct ConversationState {
    std::string json;                         // the agent's document; empty: none yet
    std::uint64_t revision = 0;               // counts commits of this document
    std::uint32_t schema = 0;                 // the manifest's state_schema that wrote it
    std::vector<std::string> followups = {};  // beside the document: keys of those that wait
};

using Annotations = std::vector<std::pair<std::string, std::string>>;

// What an agent is told. Immutable; valid while the turn is held.
struct TurnEvent {
    DeploymentPtr deployment;
    ConversationId conversation{};
    ItemSeq seq{};
    InboundMessage message;
    std::string canonical_json;  // the whole canonical message
    ConversationState state;
    WallTime received_at{};
    MonoTime deadline{};
    std::uint32_t attempt = 0;         // > 0 when an earlier try crashed
    std::shared_ptr<TurnTrace> trace;  // null unless the turn is recorded; of this try
    TraceId trace_id;                  // the same in every try
    std::uint64_t span = 0;            // of this try, within its trace
};

enum class Staged { ok, stale, invalid, limit };  // stale: finished, cancelled or past its deadline

// How a try at a turn ended. Given back: the agent's process is gone, and the turn begins again with nothing committed;
// `crashed`: it ended in this turn, which counts as one of its attempts.
enum class Ending { finished, given_back, crashed };

// What a finished turn asks to be committed.
struct TurnResult {
    bool ok = false;
    std::string error;                 // why not, one line
    std::vector<std::string> replies;  // native message objects, JSON text
    bool has_state = false;
    std::string state_json;
    Annotations annotations;
    std::vector<FollowupOrder> followups;
    Ending ending = Ending::finished;  // else the rest is empty
    std::optional<Millis> again_in;    // nothing of it counts: the turn begins again after this time
};

// Thread-safe. Bounds: 20 replies, 64 KiB each; 256 KiB of state; 32 annotations of 64 + 256 bytes; follow-ups
// as core/followup.hpp says.
class Turn {
  public:
    using Finish = UniqueFunction<void(TurnResult)>;
    Turn(TurnEvent event, Finish on_finish);

    const TurnEvent& event() const noexcept { return event_; }

    // A JSON object with "type"; the caller has checked that it parses.
    Staged reply(std::string native_json);
    Staged reply_text(std::string_view text);
    Staged put_state(std::string json);
    Staged annotate(std::string_view key, std::string_view value);
    // Limit also: as many follow-ups as may wait in the conversation with those staged here. `due` is the caller's to check.
    Staged follow_up(FollowupOrder order);
    // Finished with ok, the turn is not over: it begins again `after` from then, its conversation waiting and its place
    // free for others. At most an hour.
    Staged postpone(Millis after);
    // Exactly once; on_finish runs on the calling thread. ok == false discards what was staged.
    Staged finish(bool ok, std::string error);
    // Instead of finish, by who runs the agent: on_finish runs on the calling thread, and the turn begins again.
    Staged give_back(bool crashed);

    // Moves the deadline; limit beyond twice the deployment's deadline after the turn began.
    Staged extend(MonoTime until);
    MonoTime deadline() const;

    // Takes the turn away from the agent: what it does from now on is stale. False when it had finished.
    bool revoke();
    bool is_open() const;

  private:
    Staged close(TurnResult result, bool keep_staged);

    const TurnEvent event_;
    mutable std::mutex mutex_;
    bool open_ = true;
    MonoTime deadline_;
    TurnResult staged_;
    Finish on_finish_;
};

using TurnPtr = std::shared_ptr<Turn>;

}  // namespace parley
