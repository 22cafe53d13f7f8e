// What arrives: the items of one webhook POST, each attributed to its own number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "core/ids.hpp"
#include "core/message_state.hpp"

namespace parley {

// A person at WhatsApp. Any field may be empty; since 2026 even the number.
struct Party {
    std::string wa_id;           // digits without '+'
    std::string user_id;         // BSUID, for example IN.4812…
    std::string parent_user_id;  // BSUID of linked portfolios
    std::string name;            // profile name; display only
};

// What a turn is about; the numbers are those of the plugin contract.
enum class EventKind : std::uint8_t {
    message = 0,
    status = 1,    // of a message that this engine sent
    followup = 2,  // that the agent asked for
    system = 3,    // another webhook field, or an error
};

// What a turn is about: one element of value.messages[], or an event that an agent asks for.
struct InboundMessage {
    EventKind kind = EventKind::message;
    MessageId id;                  // of a status: the wamid of the message it is about
    Party from;                    // whom a reply reaches
    std::string type;              // Meta's word: text, image, …; of a status: failed, …; else the field
    std::string text;              // what a person would read: body, caption, button title …; may be empty
    WallTime sent_at{};            // the message's own timestamp
    std::string quoted_id;         // wamid it answers, or empty
    std::string group_id;          // empty outside groups
    std::optional<Party> becomes;  // the sender's names from now on, when the message says that they change
    bool is_note = false;          // a reaction, an edit, a system message …: its sender expects no answer
};

// One element of value.statuses[].
struct DeliveryUpdate {
    MessageId wamid;
    std::string word;                    // Meta's word: sent, delivered, read, played, failed, …
    std::optional<OutboundState> state;  // none for words that are notes (warning, deleted, unknown)
    std::string callback;                // biz_opaque_callback_data
    WallTime at{};
    std::string participant;      // in groups
    Party recipient;              // as far as the status names it
    std::int32_t error_code = 0;  // of errors[0]
    bool window_closed = false;   // failed because the user's last message is more than 24 hours old
    std::string error_text;       // its title and details
};

// Stored; never renumber.
enum class ItemKind : std::uint8_t { message = 0, status = 1, error = 2, change = 3, followup = 4 };

// One message, status, error or change of another field; or a follow-up that was due, which no webhook brought.
struct WebhookItem {
    ItemKind kind = ItemKind::change;
    PhoneNumberId channel;  // value.metadata.phone_number_id; empty when the value has none
    std::string waba_id;    // entry[].id
    std::string field;      // changes[].field; "messages" for the first three kinds
    std::string dedup_id;   // wamid · wamid|word|participant · for errors and changes a hash of their text
    WallTime timestamp{};   // the item's own; entry time or receipt when it has none
    // What is stored and can be parsed again: for messages, statuses and errors Meta's `value` reduced to
    // this one element (metadata and the matching contact included); for other fields the whole change. Bytes
    // as received.
    std::string raw_json;
    std::optional<InboundMessage> message;  // kinds message and followup
    std::optional<DeliveryUpdate> update;   // kind status
    Party person;                           // kind change: whom it is about, when it is about one person
    bool opens_window = false;              // its sender wrote or called; see core/service_window.hpp
};

// Facts of the POST that carried an item.
struct PostFacts {
    WallTime received_at{};
    std::uint32_t bytes = 0;
    AppId app;         // whose secret verified it; empty for an unsigned trial
    std::string peer;  // address
};

}  // namespace parley
