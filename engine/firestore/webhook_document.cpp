#include "firestore/webhook_document.hpp"

#include "base/crypto/hmac.hpp"

namespace parley::firestore {
namespace {

const char* name_of(ItemKind kind) {
    switch (kind) {
        case ItemKind::message:
            return "message";
        case ItemKind::status:
            return "status";
        case ItemKind::error:
            return "error";
        case ItemKind::change:
            return "change";
        case ItemKind::followup:
            return "followup";
    }
    return "";
}

std::string type_of(const WebhookItem& item) {
    if (item.message) return item.message->type;
    if (item.update) return item.update->word;
    return {};
}

std::string cut(const std::string& payload) {
    std::size_t end = std::min(payload.size(), most_payload);
    // Not within a character.
    while (end > 0 && end < payload.size() && (static_cast<unsigned char>(payload[end]) & 0xC0U) == 0x80U)
        --end;
    return payload.substr(0, end);
}

void add_payload(Json& fields, const std::string& payload, std::size_t bytes) {
    const std::string kept = cut(payload);
    fields["payload"] = text(kept);
    fields["payload_bytes"] = integer(static_cast<std::int64_t>(bytes));
    fields["payload_truncated"] = flag(kept.size() < bytes);
}

std::string id_of(const std::string& what) {
    return to_hex(sha256(what));
}

}  // namespace

Party person_of(const LoggedItem& logged) {
    if (logged.item.message) return logged.item.message->from;
    if (logged.item.update) return logged.item.update->recipient;
    return logged.item.person;
}

LogDocument to_document(const LoggedItem& logged, WallTime expire_at) {
    const WebhookItem& item = logged.item;
    const Party person = person_of(logged);
    Json fields{{"kind", text(name_of(item.kind))},
                {"field", text(item.field)},
                {"type", text(type_of(item))},
                {"result", text(logged.is_expired           ? "expired"
                                : logged.deployment.empty() ? "unrouted"
                                                            : "accepted")},
                {"deployment_id", text(logged.deployment.str())},
                {"phone_number_id", text(item.channel.str())},
                {"waba_id", text(item.waba_id)},
                {"item_id", text(item.dedup_id)},
                {"user", text(person.wa_id.empty() ? person.user_id : person.wa_id)},
                {"user_id", text(person.user_id)},
                {"peer", text(logged.post.peer)},
                {"app", text(logged.post.app.str())},
                {"event_at", time(item.timestamp)},
                {"received_at", time(logged.post.received_at)},
                {"expire_at", time(expire_at)}};
    add_payload(fields, item.raw_json, item.raw_json.size());
    return {id_of(item.channel.str() + '\n' + name_of(item.kind) + '\n' + item.dedup_id), std::move(fields)};
}

LogDocument to_document(const RefusedPost& post, WallTime expire_at) {
    Json fields{
        {"kind", text("refused")},     {"result", text("refused")}, {"http_status", integer(post.status)},
        {"reason", text(post.reason)}, {"peer", text(post.peer)},   {"received_at", time(post.at)},
        {"expire_at", time(expire_at)}};
    add_payload(fields, post.body, post.bytes);
    return {id_of(std::to_string(unix_ms(post.at)) + '\n' + post.peer + '\n' + post.body), std::move(fields)};
}

}  // namespace parley::firestore
