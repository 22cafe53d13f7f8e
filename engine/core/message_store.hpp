// Port: the inbox, the outbox and the conversations of one engine.
//
// Promise   What a completion has reported as done survives a crash and a power cut.
// Order     Completions run in the order of the calls, on the store's writer thread; they must not block.
// What one
//           call committed is seen by every later call and by every read that starts after its completion.
// Threads   Writes may be called from any thread and return at once. Reads block: never from the spine.
// Errors    busy: the queue is full; unavailable: the disk refuses (nothing was stored); fault: a mistake of
// ours. Time      The caller passes it; a store never looks at a wall clock.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/unique_function.hpp"
#include "core/message.hpp"
#include "core/outbound.hpp"
#include "core/turn.hpp"

namespace parley {

struct NewItem {
    WebhookItem item;
    bool routed = true;      // false: no deployment has this number; kept as InboundState::unrouted
    bool answerable = true;  // false: kept for the record (reactions, system notes, groups …), never open
};

struct InboundBatch {
    PostFacts post;
    std::vector<NewItem> items;
    WallTime
        oldest_answerable{};  // items with an older timestamp are stored but never answered; {} = no age rule
    bool lazy = false;        // may wait up to 20 ms for others (status-only POSTs)
};

enum class Disposition : std::uint8_t { added, duplicate, expired };

// A status that moved an outbound message (or confirmed where it was).
struct Applied {
    OutboundId id{};
    ConversationId conversation{};
    OutboundState state{};  // after the update
    bool moved = false;
    std::string user_callback;
};

struct StoredItem {
    ItemSeq seq{};  // 0 for duplicates
    Disposition disposition = Disposition::added;
    ConversationId conversation{};           // messages only
    std::optional<ConversationState> state;  // added, routed messages only
    std::optional<Applied> applied;          // statuses that belong to a message of ours
};

struct DeadLetter {
    std::string reason;  // one line: what failed
    std::string detail;  // the agent's or Graph's own words
};

// The heart: all of this or nothing.
struct TurnCommit {
    ItemSeq seq{};
    ConversationId conversation{};
    InboundState state = InboundState::answered;  // or dead
    WallTime at{};
    std::uint32_t attempt = 0;
    bool has_state = false;
    ConversationState new_state;  // revision already counted up
    std::vector<NewOutbound> replies;
    Annotations annotations;
    std::optional<DeadLetter> dead_letter;
};

struct OutcomeRecord {
    OutboundId id{};
    OutboundState state{};  // queued again, held, sent, failed, expired, cancelled
    WallTime at{};
    std::uint32_t tries = 0;
    MessageId wamid;  // when sent
    std::int32_t error_code = 0;
    std::string error_text;
    std::optional<DeadLetter> dead_letter;
};

// An inbound message read back for its turn, in order of arrival.
struct OpenMessage {
    ItemSeq seq{};
    ConversationId conversation{};
    PhoneNumberId channel;
    std::string raw_json;
    std::string waba_id;
    WallTime received_at{};
    std::uint32_t attempt = 0;  // tries that crashed
    ConversationState state;
};

struct UnsentMessage {
    OutboundMessage message;
    OutboundState state = OutboundState::queued;  // or held
};

// What a message led to, for trial replies and the API.
struct MessageRecord {
    ItemSeq seq{};
    InboundState state{};
    Annotations annotations;
    std::vector<UnsentMessage> replies;  // in any state
};

struct HeldMessage {
    OutboundId id{};
    PhoneNumberId channel;
    Recipient to;
    std::string callback;
    WallTime since{};
    std::string reason;
};

struct DeadLetterRecord {
    std::int64_t id = 0;
    bool inbound = true;       // else an outbound message
    std::int64_t message = 0;  // ItemSeq or OutboundId
    WallTime at{};
    DeadLetter letter;
};

struct StoreCounts {
    std::uint64_t messages = 0, statuses = 0, unrouted = 0;          // items stored, ever
    std::uint64_t open = 0, unsent = 0, held = 0, dead_letters = 0;  // now
};

class MessageStore {
  public:
    virtual ~MessageStore() = default;

    // Stores what is new of a POST, applies its statuses, and tells for each item, in order, what became of
    // it.
    virtual void add_inbound(InboundBatch batch, Completion<Result<std::vector<StoredItem>>> done) = 0;

    // Commits a turn; the ids are those of its replies, in order. Never busy: a turn that ran must be able to
    // end. While the disk refuses it waits inside the store and is tried again.
    virtual void commit_turn(TurnCommit turn, Completion<Result<std::vector<OutboundId>>> done) = 0;

    // Queues a message that no turn caused; makes the conversation when there is none.
    virtual void add_outbound(NewOutbound message, WallTime at, Completion<Result<OutboundMessage>> done) = 0;

    // Records how a send ended. Rides along with a later commit (at most 20 ms); never busy, tried again like
    // commit_turn. A state that a status has already passed is not moved back.
    virtual void record_outcome(OutcomeRecord record, Completion<Result<OutboundState>> done) = 0;

    // Counts one crash against the try that was running for `seq`. Blocks; at start only.
    virtual Result<> count_crash(ItemSeq seq) = 0;

    // Reads. Pages start after the given number; fewer than `limit` rows mean the end.
    virtual Result<std::vector<OpenMessage>> open_messages(ItemSeq after, std::size_t limit) = 0;
    virtual Result<std::vector<UnsentMessage>> unsent_messages(OutboundId after, std::size_t limit) = 0;
    virtual Result<std::optional<MessageRecord>> find_message(const PhoneNumberId& channel,
                                                              const MessageId& id, WallTime timestamp) = 0;
    virtual Result<std::vector<HeldMessage>> held_messages(OutboundId after, std::size_t limit) = 0;
    virtual Result<std::vector<DeadLetterRecord>> dead_letters(std::int64_t after, std::size_t limit) = 0;
    virtual Result<StoreCounts> counts() = 0;

    // False while the disk refuses writes. Any thread, does not block.
    virtual bool is_writable() const noexcept = 0;
};

}  // namespace parley
