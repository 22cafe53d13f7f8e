// Takes a webhook POST apart: one item for each message, status, error and other change in it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "core/account.hpp"
#include "core/message.hpp"

namespace parley {

// Everything of one POST, each item attributed to its own number, in the order of the body.
struct WebhookBatch {
    std::vector<WebhookItem> items;
};

// invalid_input when the body is not UTF-8, not JSON, no object with an `entry` array, or of another `object`
// than whatsapp_business_account. Anything odd further in costs nobody else anything: what is no message,
// status or error is kept as a change, as received. Missing timestamps become the entry's time, else
// `received_at`. A body that could only be crafted (more items than its size allows) is invalid_input too.
// unavailable: no memory for it.
// Any thread; each keeps its own buffers.
Result<WebhookBatch> parse_webhook(std::string_view body, WallTime received_at);

// The item whose raw_json a store has kept. `waba_id` and `received_at` are not part of that text.
Result<WebhookItem> read_stored(std::string_view raw_json, std::string waba_id, WallTime received_at);

}  // namespace parley
