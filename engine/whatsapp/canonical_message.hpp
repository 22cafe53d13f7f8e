// The message as agents see it, in process and over HTTP: docs/canonical-message.schema.json says what it
// holds.
#pragma once

#include <string>

#include "core/account.hpp"
#include "core/message.hpp"

namespace parley {

inline constexpr int canonical_message_version = 1;  // of the schema; names are added, never changed

// JSON text for an item of kind message, made from what was stored. `message` in it is Meta's own object byte
// for byte. Never fails: what an item does not have is null or empty. Any thread.
std::string to_canonical(const WebhookItem& item, const Deployment& deployment);

// 2026-09-21T14:13:20Z; fractions of a second are dropped.
std::string to_iso8601(WallTime time);

}  // namespace parley
