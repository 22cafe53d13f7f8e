// A follow-up that was due, as the store keeps it and as its turn gets it.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "core/message.hpp"

namespace parley {

// The item of a stored follow-up; `channel` and `waba_id` are not part of its text. Its message is of kind followup, its
// text the key. corrupt: the text is not what the store writes. Any thread.
Result<WebhookItem> read_followup(std::string_view raw_json);

}  // namespace parley
