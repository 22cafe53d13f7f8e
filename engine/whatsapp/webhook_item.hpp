// Reads one element of messages[] or statuses[] as Meta sends them, whatever is missing.
#pragma once

#include <string_view>

#include "core/message.hpp"
#include "whatsapp/json_document.hpp"

namespace parley {

// Times outside of 1970 … 9999 and texts that are no number count as absent.
std::optional<WallTime> read_timestamp(const JsonValue& value);

// `contact` may be none.
InboundMessage read_message(const JsonValue& element, const JsonValue& contact, WallTime received_at);
DeliveryUpdate read_status(const JsonValue& element, WallTime received_at);

// Takes what names a person. Vendors put a BSUID where a number belongs, so digits decide and not the field's name; the
// first of each kind counts.
void take_id(Party& party, std::string id);

// Whether `contact` describes the sender of a message or the recipient of a status.
bool is_contact_of(const JsonValue& contact, const JsonValue& element);

// Whether messages of this type are an agent's to answer. Notes of the system, reactions, edits and
// everything that Meta may add later are kept but answered by nobody: silence is safer than an answer to
// noise.
bool is_answerable_type(std::string_view type) noexcept;

// What an agent's manifest calls a message that expects no answer: reaction, system, edit, revoke, request_welcome, or
// unsupported for all that has no word of its own.
std::string_view event_of(std::string_view type) noexcept;

}  // namespace parley
