// Port: the inbox, the outbox and the conversations of one engine.
//
// Promise   What a completion has reported as done survives a crash and a power cut.
// Order     Completions run in the order of the calls, on the store's writer thread; they must not block.
//           What one call committed is seen by every later call and by every read that starts after its
//           completion.
// Threads   Writes may be called from any thread and return at once. Reads block: never from the spine.
// Errors    busy: the queue is full; unavailable: the disk refuses (nothing was stored); fault: a mistake of
//           ours.
// Time      The caller passes it; a store never looks at a wall clock.
#pragma once

#include <optional>
#include <vector>

#include "base/result.hpp"
#include "base/unique_function.hpp"
#include "core/message_records.hpp"

namespace parley {

class MessageStore {
  public:
    virtual ~MessageStore() = default;

    // Stores what is new of a POST, applies its statuses, tells for each item, in order, what became of it.
    virtual void add_inbound(InboundBatch batch, Completion<Result<std::vector<StoredItem>>> done) = 0;

    // Commits a turn; the ids are those of its replies, in order. Never busy: a turn that ran must be able to
    // end. While the disk refuses it waits inside the store and is tried again.
    virtual void commit_turn(TurnCommit turn, Completion<Result<std::vector<OutboundId>>> done) = 0;

    // Queues a message that no turn caused; makes the conversation when there is none.
    virtual void add_outbound(NewOutbound message, WallTime at, Completion<Result<OutboundMessage>> done) = 0;

    // Records how a send ended. Rides along with a later commit (at most 20 ms); never busy, tried again like
    // commit_turn. A state that a status has already passed is not moved back.
    virtual void record_outcome(OutcomeRecord record, Completion<Result<OutboundState>> done) = 0;

    // Remembers that the author of a message was told provisional_id() because WhatsApp's own came late; tells which.
    virtual void give_provisional_id(OutboundId message, Completion<Result<std::string>> done) = 0;

    // When the person of a conversation last wrote or called, as far as it opens the service window; {}: not known.
    virtual void last_inbound(ConversationId conversation, Completion<Result<WallTime>> done) = 0;

    // Makes open messages of the follow-ups that are due for these numbers, each in place of its row; those that were to
    // come inside the service window only, and find it closed, are gone.
    virtual void fire_followups(FollowupCall call, Completion<Result<FiredFollowups>> done) = 0;

    // Ends a dead letter: with `retry` its message is open, or queued, again, as if it had not been tried. not_found: there
    // is no such letter; conflict: its message is not dead any more (a status told, or it is gone).
    virtual void end_dead_letter(std::int64_t letter, bool retry, WallTime at,
                                 Completion<Result<Revived>> done) = 0;

    // A held message is queued again, or a queued or held one cancelled, because a person says so. not_found; conflict: it is
    // in another state.
    virtual void decide_outbound(OutboundDecision decision, Completion<Result<OutboundMessage>> done) = 0;

    // Counts one crash against the try that was running for `seq`. Blocks; at start only.
    virtual Result<> count_crash(ItemSeq seq) = 0;

    // Reads. Pages start after the given number; fewer than `limit` rows mean the end.
    virtual Result<std::vector<OpenMessage>> open_messages(ItemSeq after, std::size_t limit) = 0;
    virtual Result<std::vector<UnsentMessage>> unsent_messages(OutboundId after, std::size_t limit) = 0;
    virtual Result<std::optional<MessageRecord>> find_message(const PhoneNumberId& channel,
                                                              const MessageId& id, WallTime timestamp) = 0;
    virtual Result<std::vector<HeldMessage>> held_messages(OutboundId after, std::size_t limit) = 0;
    // Newest first, those with a lower id than `before`; 0: from the newest on.
    virtual Result<std::vector<DeadLetterRecord>> dead_letters(std::int64_t before, std::size_t limit) = 0;
    virtual Result<StoreCounts> counts() = 0;
    virtual Result<std::vector<WaitingFollowups>> waiting_followups() = 0;
    // Of the outbound message with this callback id; both empty when there is none.
    virtual Result<AuthorsNames> authors_names(const std::string& callback) = 0;

    // False while the disk refuses writes. Any thread, does not block.
    virtual bool is_writable() const noexcept = 0;
};

}  // namespace parley
