// What the store holds, made ready for its turn again.
#pragma once

#include "core/account_registry.hpp"
#include "core/inbound_sink.hpp"

namespace parley {

// not_found: no deployment has its number any more. corrupt: it cannot be read. Asks the store about statuses, so it may
// block for those; any thread.
Result<QueuedMessage> to_queued(OpenMessage open, const AccountRegistry& accounts, MessageStore& store);

}  // namespace parley
