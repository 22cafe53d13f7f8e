// The message as agents see it, in process and over HTTP: docs/canonical-message.schema.json says what it
// holds.
#pragma once

#include <string>

#include "core/account.hpp"
#include "core/message_records.hpp"

namespace parley {

inline constexpr int canonical_message_version = 1;  // of the schema; names are added, never changed

// JSON text for an item, made from what was stored. `message` in it is Meta's own object byte for byte: the message,
// the status, the error or the value of another field. Never fails: what an item does not have is null or empty. Any
// thread.
std::string to_canonical(const WebhookItem& item, const Deployment& deployment);

// Puts what the author of an outbound message knows it by into the canonical text of one of its statuses.
void add_names(std::string& canonical_json, const AuthorsNames& names);

// 2026-09-21T14:13:20Z; fractions of a second are dropped.
std::string to_iso8601(WallTime time);

}  // namespace parley
