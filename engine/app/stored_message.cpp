#include "app/stored_message.hpp"

#include "whatsapp/canonical_message.hpp"
#include "whatsapp/followup_item.hpp"
#include "whatsapp/item_event.hpp"
#include "whatsapp/webhook_parser.hpp"

namespace parley {

Result<WebhookItem> read_item(ItemKind kind, const std::string& raw_json, const std::string& waba_id,
                              WallTime received_at) {
    return kind == ItemKind::followup ? read_followup(raw_json) : read_stored(raw_json, waba_id, received_at);
}

Result<QueuedMessage> to_queued(OpenMessage open, const AccountRegistry& accounts, MessageStore& store) {
    const DeploymentPtr deployment = accounts.by_channel(open.channel);
    if (!deployment) return Error{Errc::not_found, "no deployment has its number any more"};
    auto item = read_item(open.kind, open.raw_json, open.waba_id, open.received_at);
    if (!item) return item.error();
    item->channel = open.channel;
    if (open.kind == ItemKind::followup) item->waba_id = deployment->waba_id;
    QueuedMessage queued;
    queued.canonical_json = to_canonical(*item, *deployment);
    if (item->update) {
        const auto names = store.authors_names(item->update->callback);
        if (!names) return names.error();
        add_names(queued.canonical_json, *names);
    }
    queued.seq = open.seq;
    queued.conversation = open.conversation;
    queued.deployment = deployment;
    queued.message = to_event(*item);
    queued.state = std::move(open.state);
    queued.received_at = open.received_at;
    queued.attempt = open.attempt;
    queued.trace_id = open.trace_id;
    return queued;
}

}  // namespace parley
