// What the store holds, made ready for its turn again.
#pragma once

#include "core/account_registry.hpp"
#include "core/inbound_sink.hpp"

namespace parley {

// The item that a store has kept. corrupt, invalid_input: it cannot be read. Any thread.
Result<WebhookItem> read_item(ItemKind kind, const std::string& raw_json, const std::string& waba_id,
                              WallTime received_at);

// not_found: no deployment has its number any more. corrupt: it cannot be read. Asks the store about statuses, so it may
// block for those; any thread.
Result<QueuedMessage> to_queued(OpenMessage open, const AccountRegistry& accounts, MessageStore& store);

}  // namespace parley
