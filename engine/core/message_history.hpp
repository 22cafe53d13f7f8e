// Port: what happened, for people who ask: conversations, messages, and the way each went.
//
// Threads   Any; blocks, so never from the spine.
// Order     Newest first. A page's `next` is where the next one begins; empty: there is none. What comes meanwhile is not
//           in later pages, and nothing is in two.
// Errors    invalid_input: a cursor that is none; unavailable: the disk.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "core/message_records.hpp"

namespace parley {

template <class Row>
struct HistoryPage {
    std::vector<Row> rows;
    std::string next;
};

// A message, status, error or change as it came, and what became of it.
struct ItemRow {
    ItemSeq seq{};
    ItemKind kind = ItemKind::message;
    ConversationId conversation{};  // as it is now; 0: it has none
    PhoneNumberId channel;
    std::string waba_id, field, raw_json;
    WallTime at{};       // its own timestamp
    ItemSeq post{};      // the first item of its POST
    PostFacts facts;     // of that POST
    bool routed = true;  // a deployment had its number
    bool answerable = true;
    InboundState state = InboundState::stored;
    WallTime began_at{}, ended_at{};  // its turn, {}: not known
    std::uint32_t attempt = 0;        // tries that crashed
    std::string agent;                // who answered
    Annotations annotations;
    OutboundId first_reply{};
    std::uint32_t replies = 0;  // their ids follow each other
    TraceId trace_id = {};
};

struct OutboundRow {
    OutboundMessage message;
    ItemSeq turn{};  // the message it answers; 0: none
    OutboundState state{};
    WallTime at{};       // since when it is in that state; {}: it was not tried yet
    WallTime sent_at{};  // when Graph took it; {}: not known
    MessageId wamid;
    std::int32_t error_code = 0;
    std::string error_text;
};

using HistoryRow = std::variant<ItemRow, OutboundRow>;

// A try at sending that did not end well, or what a person decided instead.
struct AttemptRow {
    WallTime at{};
    std::uint32_t tries = 0;
    OutboundState state{};  // what the message became
    std::int32_t error_code = 0;
    std::string error_text;
    std::string by;  // the person who decided it; empty: the engine tried
};

struct ConversationRow {
    ConversationId id{};
    PhoneNumberId channel;
    Recipient person;
    WallTime last_at{};
    WallTime window_from{};          // when the person last wrote or called; {}: not known
    std::optional<ItemRow> last_in;  // the last that the person wrote
    std::vector<HistoryRow> last;    // its last message, or nothing
};

struct PostRow {
    ItemSeq first{};
    PostFacts facts;
    std::size_t items = 0;
};

struct HistoryQuery {
    PhoneNumberId channel;  // empty: all
    std::string after;      // `next` of the page before
    std::size_t limit = 50;
};

class MessageHistory {
  public:
    virtual ~MessageHistory() = default;

    virtual Result<HistoryPage<ConversationRow>> conversations(const HistoryQuery& query) = 0;
    // By number (digits) or BSUID, on one number of ours or, with an empty channel, on all that ever had a message.
    virtual Result<std::vector<ConversationRow>> find_person(const PhoneNumberId& channel,
                                                             const std::string& user) = 0;
    // Messages in and out, follow-ups, and events that an agent asked for. `query.channel` does not count.
    virtual Result<HistoryPage<HistoryRow>> messages_of(ConversationId conversation,
                                                        const HistoryQuery& query) = 0;
    // The same of all conversations.
    virtual Result<HistoryPage<HistoryRow>> latest(const HistoryQuery& query) = 0;

    // Nothing: there is none.
    virtual Result<std::optional<ItemRow>> item(ItemSeq seq) = 0;
    virtual Result<std::optional<OutboundRow>> outbound(OutboundId id) = 0;
    // Of a message that came or that left. Reads the whole table of keys when it came and is not a recent one.
    virtual Result<std::optional<HistoryRow>> find_wamid(const std::string& wamid) = 0;
    virtual Result<std::vector<AttemptRow>> attempts(OutboundId id) = 0;  // oldest first
    // Statuses of it, oldest first, among the last 20 000 items of its conversation.
    virtual Result<std::vector<ItemRow>> statuses(const OutboundRow& message) = 0;

    // Dead letters about a message that came in, or that was to leave; oldest first.
    virtual Result<std::vector<DeadLetterRecord>> letters_about(ItemSeq message) = 0;
    virtual Result<std::vector<DeadLetterRecord>> letters_about(OutboundId message) = 0;

    virtual Result<HistoryPage<PostRow>> posts(const HistoryQuery& query) = 0;
    virtual Result<std::vector<ItemRow>> items_of(ItemSeq post) = 0;
};

}  // namespace parley
