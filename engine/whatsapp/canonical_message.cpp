#include "whatsapp/canonical_message.hpp"

#include <chrono>
#include <cstdio>

#include "base/json_text.hpp"
#include "whatsapp/item_event.hpp"
#include "whatsapp/json_document.hpp"

namespace parley {
namespace {

void add(std::string& out, std::string_view name, std::string_view text) {
    out.append(out.back() == '{' ? "\"" : ",\"").append(name).append("\":");
    append_json_string(out, text);
}

void add_raw(std::string& out, std::string_view name, std::string_view json) {
    out.append(out.back() == '{' ? "\"" : ",\"").append(name).append("\":").append(json);
}

std::string with_plus(const std::string& digits) {
    return digits.empty() || digits.front() == '+' ? digits : "+" + digits;
}

void add_number(std::string& out, std::string_view name, const std::string& digits) {
    if (digits.empty())
        add_raw(out, name, "null");
    else
        add(out, name, with_plus(digits));
}

void add_context(std::string& out, const JsonValue& native) {
    const std::string quoted = native["context"]["id"].text();
    if (quoted.empty()) return add_raw(out, "context", "null");
    out += R"(,"context":{)";
    add(out, "message_id", quoted);
    add_number(out, "from", native["context"]["from"].text());
    out += '}';
}

void add_business(std::string& out, const Deployment& deployment, const JsonValue& value) {
    out += R"(,"business_info":{)";
    add(out, "name", deployment.business_name.empty() ? deployment.id.str() : deployment.business_name);
    add_number(out, "phone", value["metadata"]["display_phone_number"].text());
    out += R"(},"metadata":{)";
    add(out, "deployment_id", deployment.id.str());
    add(out, "account_id", deployment.id.str());
    out += '}';
}

// What the webhook said around the message, for those who pass it on as WhatsApp would.
void add_origin(std::string& out, const WebhookItem& item, const JsonValue& value) {
    out += R"(,"origin":{)";
    add(out, "waba_id", item.waba_id);
    add(out, "phone_number_id", item.channel.str());
    if (const JsonValue contacts = value["contacts"]; contacts.is_array())
        add_raw(out, "contacts", contacts.raw());
    out += '}';
}

JsonValue native_of(ItemKind kind, const JsonValue& value) {
    if (kind == ItemKind::change) return value;
    if (kind == ItemKind::followup) return {};
    const JsonValue elements = value[kind == ItemKind::message  ? "messages"
                                     : kind == ItemKind::status ? "statuses"
                                                                : "errors"];
    return elements.is_array() && elements.size() == 1 ? *elements.begin() : JsonValue();
}

std::string_view word_of(EventKind kind) {
    switch (kind) {
        case EventKind::status:
            return "status";
        case EventKind::followup:
            return "followup";
        default:
            return "system";
    }
}

void add_followup(std::string& out, const JsonValue& root) {
    out += R"(,"followup":{)";
    add(out, "key", root["followup"]["key"].text());
    const JsonValue payload = root["followup"]["payload"];
    add_raw(out, "payload", payload.is_object() ? payload.raw() : "{}");
    add(out, "scheduled_at", to_iso8601(from_unix_ms(root["scheduled_at"].integer().value_or(0))));
    out += '}';
}

}  // namespace

std::string to_canonical(const WebhookItem& item, const Deployment& deployment) {
    thread_local JsonDocument document;
    const JsonValue root = document.index(item.raw_json);
    const JsonValue value = item.kind == ItemKind::change ? root["value"] : root;
    const JsonValue native = native_of(item.kind, value);
    const InboundMessage event = item.message ? InboundMessage{} : to_event(item);
    const InboundMessage& message = item.message ? *item.message : event;

    std::string out;
    out.reserve(512 + item.raw_json.size() + message.text.size());
    out += '{';
    if (message.kind != EventKind::message) add(out, "event", word_of(message.kind));
    add(out, "message_id", message.id.str());
    add_number(out, "from", message.from.wa_id);
    add(out, "content", message.text);
    add(out, "message_type", message.type);
    add(out, "timestamp", to_iso8601(item.timestamp));
    add_context(out, native);
    add_business(out, deployment, value);
    add(out, "user_id", message.from.user_id);
    add(out, "profile_name", message.from.name);
    add_origin(out, item, value);
    if (item.kind == ItemKind::followup) add_followup(out, root);
    add_raw(out, "message", native.is_object() ? native.raw() : "{}");
    out += '}';
    return out;
}

void add_names(std::string& canonical_json, const AuthorsNames& names) {
    canonical_json.pop_back();
    if (!names.user_callback.empty()) add(canonical_json, "callback", names.user_callback);
    if (!names.provisional_id.empty()) add(canonical_json, "provisional_id", names.provisional_id);
    canonical_json += '}';
}

std::string to_iso8601(WallTime time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    const auto day = std::chrono::floor<std::chrono::days>(seconds);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(seconds - day);
    char text[40];
    const int size =
        std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                      static_cast<int>(clock.seconds().count()));
    return {text, static_cast<std::size_t>(size)};
}

}  // namespace parley
