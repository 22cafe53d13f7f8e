#include "admin/message_json.hpp"

#include <charconv>

#include "base/utc_text.hpp"
#include "core/message_log.hpp"

namespace parley {
namespace {

std::optional<std::int64_t> number_after(std::string_view text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return std::nullopt;
    text.remove_prefix(prefix.size());
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number <= 0) return std::nullopt;
    return number;
}

Json to_json(const Annotations& annotations) {
    Json out = Json::object();
    for (const auto& [key, value] : annotations) out[key] = value;
    return out;
}

// A stored item whose turn has not ended is "received", whether it waits, runs or expects none.
const char* word_of(InboundState state) {
    return state == InboundState::stored || state == InboundState::open ? "received" : to_string(state);
}

std::string type_of(const std::string& payload) {
    const Json message = Json::parse(payload, nullptr, false);
    return message.is_object() && message.contains("type") && message["type"].is_string()
               ? message["type"].get<std::string>()
               : "text";
}

std::string user_of(const Party& person) {
    return person.wa_id.empty() ? person.user_id : person.wa_id;
}

}  // namespace

std::string message_id(ItemSeq seq) {
    return message_name(seq);
}

std::string message_id(OutboundId id) {
    return message_name(id);
}

std::string message_id(const HistoryRow& row) {
    if (const auto* item = std::get_if<ItemRow>(&row)) return message_id(item->seq);
    return message_id(std::get<OutboundRow>(row).message.id);
}

std::optional<ItemSeq> inbound_id_of(std::string_view text) {
    const auto number = number_after(text, "in-");
    return number ? std::optional(ItemSeq{*number}) : std::nullopt;
}

std::optional<OutboundId> outbound_id_of(std::string_view text) {
    const auto number = number_after(text, "out-");
    return number ? std::optional(OutboundId{*number}) : std::nullopt;
}

PhoneNumberId channel_of(const HistoryRow& row) {
    if (const auto* item = std::get_if<ItemRow>(&row)) return item->channel;
    return std::get<OutboundRow>(row).message.channel;
}

Json MessageJson::of(const ItemRow& item) const {
    return show(item, view_.read_item(item));
}

Json MessageJson::show(const ItemRow& item, const Result<WebhookItem>& read) const {
    const InboundMessage* message = read && read->message ? &*read->message : nullptr;
    const bool is_message = item.kind == ItemKind::message;
    return {{"id", message_id(item.seq)},
            {"direction", "in"},
            {"wamid", is_message && message != nullptr ? text_or_null(message->id.str()) : Json()},
            {"type", item.kind == ItemKind::followup ? "followup"
                     : message != nullptr            ? message->type
                                                     : item.field},
            {"text", message != nullptr ? message->text : std::string()},
            {"state", word_of(item.state)},
            {"at", to_utc_text(item.facts.received_at)},
            {"annotations", to_json(item.annotations)},
            {"error", error_of(item)},
            {"answers", Json()},
            {"trace_id", text_or_null(to_text(item.trace_id))}};
}

Json MessageJson::error_of(const ItemRow& item) const {
    if (item.state != InboundState::dead) return {};
    const auto letters = view_.history.letters_about(item.seq);
    const bool known = letters && !letters->empty();
    return {{"code", 0}, {"text", known ? letters->back().letter.detail : "the agent could not answer"}};
}

Json MessageJson::of(const OutboundRow& row) const {
    Json error;
    if (row.error_code != 0 || !row.error_text.empty())
        error = {{"code", row.error_code}, {"text", row.error_text}};
    return {{"id", message_id(row.message.id)},
            {"direction", "out"},
            {"wamid", text_or_null(row.wamid.str())},
            {"type", type_of(row.message.payload_json)},
            {"text", view_.text_of(row.message.payload_json)},
            {"state", to_string(row.state)},
            {"at", to_utc_text(row.message.created_at)},
            {"annotations", Json::object()},
            {"error", std::move(error)},
            {"answers", row.turn == ItemSeq{} ? Json() : Json(message_id(row.turn))},
            {"trace_id", text_or_null(to_text(trace_of(row.message)))}};
}

Json MessageJson::of(const HistoryRow& row) const {
    return std::visit([this](const auto& one) { return of(one); }, row);
}

Json MessageJson::deployment_of(const PhoneNumberId& channel) const {
    const DeploymentPtr deployment = view_.accounts.by_channel(channel);
    return deployment ? Json(deployment->id.str()) : Json();
}

Json MessageJson::placed(const HistoryRow& row) const {
    Json out;
    std::string user;
    if (const auto* item = std::get_if<ItemRow>(&row)) {
        const auto read = view_.read_item(*item);
        out = show(*item, read);
        if (read && read->message) user = user_of(read->message->from);
    } else {
        out = of(row);
        const Recipient& to = std::get<OutboundRow>(row).message.to;
        user = to.wa_id.empty() ? to.user_id : to.wa_id;
    }
    const PhoneNumberId channel = channel_of(row);
    out["deployment"] = deployment_of(channel);
    out["phone_number_id"] = channel.str();
    out["user"] = text_or_null(user);
    return out;
}

}  // namespace parley
