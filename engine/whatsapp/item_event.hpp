// What an item of a webhook is to an agent: a message, an event that it may ask for, or nothing.
#pragma once

#include "core/account.hpp"
#include "core/message.hpp"

namespace parley {

// Whether an agent of `deployment` gets the item. Messages that people expect an answer to: every agent. By the words
// of its manifest: "reaction", "system", "edit", "revoke", "request_welcome" and "unsupported" messages; "status" for
// all statuses, "status.failed" … for those of one word, of these only what the deployment wants to be told; "errors"; "field.NAME" for another webhook field. Messages in
// groups and of nobody: no agent. `deployment` may be null.
bool is_for_agent(const WebhookItem& item, const Deployment* deployment);

// What its turn is about. For an item that is no message: an event without text that expects no answer.
InboundMessage to_event(const WebhookItem& item);

}  // namespace parley
