// What the store takes and gives: items to add, turns and outcomes to commit, and the rows it reads back.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/dead_letter.hpp"
#include "core/message.hpp"
#include "core/outbound_records.hpp"
#include "core/turn.hpp"

namespace parley {

struct NewItem {
    WebhookItem item;
    bool routed = true;      // false: no deployment has this number; kept as InboundState::unrouted
    bool answerable = true;  // false: kept for the record (reactions, system notes, groups …), never open; of
                             // statuses only those count that are about a message of ours
};

struct InboundBatch {
    PostFacts post;
    std::vector<NewItem> items;
    // Items with an older timestamp are stored but never answered; {}: no age rule.
    WallTime oldest_answerable{};
    bool lazy = false;  // may wait up to 20 ms for others (status-only POSTs)
};

enum class Disposition : std::uint8_t { added, duplicate, expired };

// A status that moved an outbound message (or confirmed where it was).
struct Applied {
    OutboundId id{};
    ConversationId conversation{};
    OutboundState state{};  // after the update
    bool moved = false;
    std::string user_callback;
    bool window_closed = false;  // see DeliveryUpdate
    PhoneNumberId channel;
    Recipient to;                // as far as the status names it
    std::string provisional_id;  // that its author was given; empty: none
};

struct StoredItem {
    ItemSeq seq{};  // 0 for duplicates
    Disposition disposition = Disposition::added;
    ConversationId conversation{};           // of messages, and of what is open
    std::optional<ConversationState> state;  // of what is open: added, routed and answerable
    std::optional<Applied> applied;          // statuses that belong to a message of ours
    TraceId trace_id = {};                   // of what was added
};

// The heart: all of this or nothing.
struct TurnCommit {
    ItemSeq seq{};
    ConversationId conversation{};
    InboundState state = InboundState::answered;  // or dead
    WallTime at{};
    WallTime began_at{};  // this try
    std::uint32_t attempt = 0;
    std::string agent;  // who answered: its id and version
    bool has_state = false;
    ConversationState new_state;  // revision already counted up
    std::vector<NewOutbound> replies;
    Annotations annotations;
    std::optional<DeadLetter> dead_letter;
    std::vector<FollowupOrder> followups;  // of `person` on `channel`, which count only for them
    PhoneNumberId channel;
    Party person;
    bool has_written_again =
        false;  // its person, since the message it answers: those unless_written are not kept
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
    ItemKind kind = ItemKind::message;
    TraceId trace_id = {};
};

// Asks for the follow-ups that are due.
struct FollowupCall {
    WallTime now{};
    std::vector<PhoneNumberId> channels;  // that are served
    std::size_t limit = 256;
};

struct FiredFollowups {
    std::vector<OpenMessage> messages;  // in the order of their times
    std::size_t outside_window = 0;     // those that are gone instead
    WallTime next =
        WallTime::max();  // when the next one of the served is due; now or earlier: there are more
};

struct WaitingFollowups {
    PhoneNumberId channel;
    std::uint64_t count = 0;
};

// What a message led to, for trial replies and the API.
struct MessageRecord {
    ItemSeq seq{};
    InboundState state{};
    Annotations annotations;
    std::vector<UnsentMessage> replies;  // in any state
};

// What a dead letter was about, ready for another try. Nothing of it: the letter was dropped.
struct Revived {
    std::optional<OpenMessage> inbound;
    std::optional<OutboundMessage> outbound;
};

struct StoreCounts {
    std::uint64_t messages = 0, statuses = 0, unrouted = 0;          // items stored, ever
    std::uint64_t open = 0, unsent = 0, held = 0, dead_letters = 0;  // now
};

}  // namespace parley
