#include "whatsapp/webhook_item.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "whatsapp/graph_error.hpp"

namespace parley {
namespace {

constexpr std::array<std::string_view, 11> answerable_types{"text",        "image",   "video",    "audio",
                                                            "document",    "sticker", "location", "contacts",
                                                            "interactive", "button",  "order"};

constexpr std::int64_t last_second = 253402300799;  // 9999-12-31T23:59:59Z

bool is_number(std::string_view id) {
    return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void take_if_empty(std::string& field, const JsonValue& value) {
    if (field.empty()) field = value.text();
}

Party read_party(const JsonValue& element, const JsonValue& contact) {
    Party party;
    party.user_id = element["from_user_id"].text();
    party.parent_user_id = element["from_parent_user_id"].text();
    take_id(party, element["from"].text());
    if (!contact) return party;
    take_if_empty(party.user_id, contact["user_id"]);
    take_if_empty(party.parent_user_id, contact["parent_user_id"]);
    take_id(party, contact["wa_id"].text());
    party.name = contact["profile"]["name"].text();
    return party;
}

// Who the sender is from now on, as a system message says it in one of Meta's spellings. `from` gets the former names
// that only the system message has.
std::optional<Party> read_new_names(const JsonValue& system, Party& from) {
    Party next;
    take_id(next, system["wa_id"].text());
    take_id(next, system["new_wa_id"].text());
    take_if_empty(next.user_id, system["user_id"]);
    take_if_empty(next.parent_user_id, system["parent_user_id"]);
    take_if_empty(from.user_id, system["previous_user_id"]);
    take_if_empty(from.parent_user_id, system["previous_parent_user_id"]);
    if (from.wa_id.empty() && from.user_id.empty()) from = std::exchange(next, {});
    const bool is_news = (!next.wa_id.empty() && next.wa_id != from.wa_id) ||
                         (!next.user_id.empty() && next.user_id != from.user_id);
    return is_news ? std::optional(std::move(next)) : std::nullopt;
}

std::string joined(std::string first, const std::string& second) {
    if (!first.empty() && !second.empty()) first += ", ";
    return first += second;
}

std::string interactive_text(const JsonValue& interactive) {
    for (const std::string_view reply : {"button_reply", "list_reply"}) {
        if (const auto object = interactive[reply]) return object["title"].text();
    }
    return interactive["nfm_reply"]["body"].text();
}

// What a person would read in the bubble.
std::string readable_text(std::string_view type, const JsonValue& element) {
    const JsonValue content = element[type];
    if (type == "text") return content["body"].text();
    if (type == "image" || type == "video" || type == "document") return content["caption"].text();
    if (type == "button" || type == "order") return content["text"].text();
    if (type == "interactive") return interactive_text(content);
    if (type == "location") return joined(content["name"].text(), content["address"].text());
    if (type == "reaction") return content["emoji"].text();
    if (type == "system") return content["body"].text();
    if (type == "edit") {
        const JsonValue inner = content["message"];
        return inner ? readable_text(inner["type"].text(), inner) : std::string();
    }
    if (type == "contacts") {
        for (const JsonValue card : content) return card["name"]["formatted_name"].text();
    }
    return {};
}

// A message without `type` is what its content says it is.
std::string type_of(const JsonValue& element) {
    std::string type = element["type"].text();
    if (!type.empty()) return type;
    for (const std::string_view known : answerable_types) {
        if (element[known]) return std::string(known);
    }
    return "unknown";
}

std::string error_text_of(const JsonValue& error) {
    std::string title = error["title"].text();
    if (title.empty()) title = error["message"].text();
    std::string details = error["error_data"]["details"].text();
    if (details.empty()) details = error["details"].text();
    if (details.empty() || details == title) return title;
    return title.empty() ? details : title + ": " + details;
}

}  // namespace

void take_id(Party& party, std::string id) {
    if (id.empty()) return;
    if (is_number(id)) {
        if (party.wa_id.empty()) party.wa_id = std::move(id);
    } else if (party.user_id.empty()) {
        party.user_id = std::move(id);
    }
}

std::optional<WallTime> read_timestamp(const JsonValue& value) {
    const auto seconds = value.integer();
    if (!seconds || *seconds <= 0 || *seconds > last_second) return std::nullopt;
    return from_unix_ms(*seconds * 1000);
}

InboundMessage read_message(const JsonValue& element, const JsonValue& contact, WallTime received_at) {
    InboundMessage message;
    message.id = MessageId(element["id"].text());
    message.from = read_party(element, contact);
    message.type = type_of(element);
    if (message.type == "system") message.becomes = read_new_names(element["system"], message.from);
    message.text = readable_text(message.type, element);
    message.sent_at = read_timestamp(element["timestamp"]).value_or(received_at);
    message.quoted_id = element["context"]["id"].text();
    message.group_id = element["group_id"].text();
    message.is_note = !is_answerable_type(message.type);
    return message;
}

DeliveryUpdate read_status(const JsonValue& element, WallTime received_at) {
    DeliveryUpdate update;
    update.wamid = MessageId(element["id"].text());
    update.word = element["status"].text();
    const std::string type = element["type"].text();
    // Payments and calls have statuses of their own; they say nothing about the message's delivery.
    if (type.empty() || type == "message") update.state = outbound_state_of(update.word);
    update.callback = element["biz_opaque_callback_data"].text();
    update.at = read_timestamp(element["timestamp"]).value_or(received_at);
    update.recipient.user_id = element["recipient_user_id"].text();
    take_id(update.recipient, element["recipient_id"].text());
    update.participant = element["recipient_participant_id"].text();
    take_if_empty(update.participant, element["recipient_participant_user_id"]);
    for (const JsonValue error : element["errors"]) {
        const auto code = error["code"].integer().value_or(0);
        if (code > 0 && code <= INT32_MAX) update.error_code = static_cast<std::int32_t>(code);
        update.error_text = error_text_of(error);
        const GraphErrorRow* known = find_graph_error(update.error_code);
        update.window_closed = known && known->error_class == ErrorClass::window;
        break;
    }
    return update;
}

bool is_contact_of(const JsonValue& contact, const JsonValue& element) {
    const auto same = [&](std::string_view field, std::string_view owner) {
        const JsonValue value = contact[field];
        const JsonValue id = element[owner];
        return value && id && value.raw() == id.raw();
    };
    return same("wa_id", "from") || same("user_id", "from_user_id") || same("wa_id", "recipient_id") ||
           same("user_id", "recipient_user_id") || same("user_id", "from");
}

std::string_view event_of(std::string_view type) noexcept {
    for (const std::string_view known : {"reaction", "system", "edit", "revoke", "request_welcome"})
        if (type == known) return known;
    return "unsupported";
}

bool is_answerable_type(std::string_view type) noexcept {
    return std::find(answerable_types.begin(), answerable_types.end(), type) != answerable_types.end();
}

}  // namespace parley
