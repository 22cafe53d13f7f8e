#include "whatsapp/item_event.hpp"

#include "core/agent_events.hpp"
#include "whatsapp/webhook_item.hpp"

namespace parley {
namespace {

bool is_nobody(const Party& party) {
    return party.wa_id.empty() && party.user_id.empty();
}

bool is_message_for(const InboundMessage& message, const Deployment* deployment) {
    if (!message.group_id.empty() || is_nobody(message.from)) return false;
    return !message.is_note || (deployment && deployment->events.contains(event_of(message.type)));
}

}  // namespace

bool is_for_agent(const WebhookItem& item, const Deployment* deployment) {
    if (item.message) return is_message_for(*item.message, deployment);
    if (!deployment || deployment->events.empty()) return false;
    const auto& events = deployment->events;
    if (item.update)
        return (events.contains("status") || events.contains("status." + item.update->word)) &&
               lets_pass(deployment->told, item.update->word);
    if (item.kind == ItemKind::error) return events.contains("errors");
    return item.field != "messages" && events.contains("field." + item.field);
}

InboundMessage to_event(const WebhookItem& item) {
    if (item.message) return *item.message;
    InboundMessage event;
    event.sent_at = item.timestamp;
    event.is_note = true;
    if (item.update) {
        event.kind = EventKind::status;
        event.id = item.update->wamid;
        event.from = item.update->recipient;
        event.type = item.update->word.empty() ? "unknown" : item.update->word;
        event.text = item.update->error_text;
    } else {
        event.kind = EventKind::system;
        event.from = item.person;
        event.type = item.kind == ItemKind::error ? "errors" : item.field;
    }
    return event;
}

}  // namespace parley
