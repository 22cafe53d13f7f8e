#include "whatsapp/followup_item.hpp"

#include "whatsapp/json_document.hpp"

namespace parley {

Result<WebhookItem> read_followup(std::string_view raw_json) {
    thread_local JsonDocument document;
    const auto root = document.parse(raw_json);
    if (!root) return Error(Errc::corrupt, "a stored follow-up is " + root.error().message());
    const JsonValue value = *root;
    const auto due = value["due"].integer();
    if (!due || !value["followup"].is_object())
        return Error(Errc::corrupt, "a stored follow-up has no time or no key");
    WebhookItem item;
    item.kind = ItemKind::followup;
    item.timestamp = from_unix_ms(*due);
    item.raw_json = raw_json;
    InboundMessage& message = item.message.emplace();
    message.kind = EventKind::followup;
    message.from = {value["wa_id"].text(), value["user_id"].text(), {}, value["name"].text()};
    message.type = "followup";
    message.text = value["followup"]["key"].text();
    message.sent_at = item.timestamp;
    message.is_note = true;
    return item;
}

}  // namespace parley
