#include "whatsapp/webhook_parser.hpp"

#include <unordered_map>

#include "base/crypto/hmac.hpp"
#include "base/json_text.hpp"
#include "whatsapp/changed_person.hpp"
#include "whatsapp/json_document.hpp"
#include "whatsapp/webhook_item.hpp"

namespace parley {
namespace {

constexpr std::size_t few_contacts = 8;
// A crafted body must not multiply itself: every item carries a copy of its metadata. No real message is
// shorter than bytes_per_item, and no real batch is stored in more than half of copy_factor.
constexpr std::size_t bytes_per_item = 64;
constexpr std::size_t copy_factor = 8;
constexpr std::size_t free_items = 1000;
constexpr std::size_t free_bytes = 64U << 10;

JsonDocument& document_of_thread() {
    thread_local JsonDocument document;
    return document;
}

std::string hashed_id(std::string_view kind, std::string_view text) {
    return std::string(kind) + ":" + to_hex(sha256(text)).substr(0, 32);
}

// Finds who an element is about, by id and never by place.
class Contacts {
  public:
    explicit Contacts(const JsonValue& contacts) : contacts_(contacts), count_(contacts.size()) {
        if (count_ <= few_contacts) return;
        for (const JsonValue contact : contacts_) {
            for (const std::string_view field : {"wa_id", "user_id"}) {
                if (const auto id = contact[field]) by_id_.emplace(id.raw(), contact);
            }
        }
    }

    JsonValue of(const JsonValue& element, bool is_only) const {
        if (count_ <= few_contacts) {
            for (const JsonValue contact : contacts_) {
                if (is_contact_of(contact, element)) return contact;
            }
        } else {
            for (const std::string_view field :
                 {"from", "from_user_id", "recipient_id", "recipient_user_id"}) {
                const auto found = by_id_.find(element[field].raw());
                if (found != by_id_.end()) return found->second;
            }
        }
        return is_only && count_ == 1 && is_anonymous(element) ? *contacts_.begin() : JsonValue();
    }

  private:
    static bool is_anonymous(const JsonValue& element) {
        return !element["from"] && !element["from_user_id"] && !element["recipient_id"] &&
               !element["recipient_user_id"];
    }

    JsonValue contacts_;
    std::size_t count_;
    std::unordered_map<std::string_view, JsonValue> by_id_;
};

// Meta's value with one element of `array` only, each part byte for byte.
std::string reduced(const JsonValue& metadata, const JsonValue& contact, std::string_view array,
                    const JsonValue& element) {
    std::string out;
    out.reserve(metadata.raw().size() + contact.raw().size() + element.raw().size() + 96);
    out += R"({"messaging_product":"whatsapp")";
    if (metadata) out.append(R"(,"metadata":)").append(metadata.raw());
    if (contact) out.append(R"(,"contacts":[)").append(contact.raw()).append("]");
    out.append(",\"").append(array).append("\":[").append(element.raw()).append("]}");
    return out;
}

void fill_message(WebhookItem& item, const JsonValue& element, const JsonValue& contact,
                  WallTime received_at) {
    item.kind = ItemKind::message;
    item.message = read_message(element, contact, received_at);
    item.timestamp = item.message->sent_at;
    item.opens_window = item.message->group_id.empty() && item.message->type != "system" &&
                        item.message->type != "request_welcome";
    item.dedup_id = item.message->id.empty() ? hashed_id("message", element.raw()) : item.message->id.str();
}

void fill_status(WebhookItem& item, const JsonValue& element, WallTime received_at) {
    item.kind = ItemKind::status;
    item.update = read_status(element, received_at);
    item.timestamp = item.update->at;
    const DeliveryUpdate& update = *item.update;
    item.dedup_id = update.wamid.empty() ? hashed_id("status", element.raw())
                                         : update.wamid.str() + "|" + update.word + "|" + update.participant;
}

void fill_error(WebhookItem& item, const JsonValue& element, WallTime received_at) {
    item.kind = ItemKind::error;
    item.timestamp = read_timestamp(element["timestamp"]).value_or(received_at);
    item.dedup_id = hashed_id("error", element.raw());
}

// The first time that a value of another field tells about itself: a redelivery then has the same one.
std::optional<WallTime> find_timestamp(const JsonValue& value, int depth) {
    if (const auto own = read_timestamp(value["timestamp"])) return own;
    if (depth == 0) return std::nullopt;
    for (const JsonValue inner : value) {
        if (!inner.is_object() && !inner.is_array()) continue;
        if (const auto found = find_timestamp(inner, depth - 1)) return found;
    }
    return std::nullopt;
}

void fill_change(WebhookItem& item, const JsonValue& change, std::optional<WallTime> entry_time,
                 WallTime received_at) {
    item.kind = ItemKind::change;
    if (!entry_time) entry_time = find_timestamp(change["value"], 4);
    item.timestamp = entry_time.value_or(received_at);
    item.dedup_id = hashed_id("change", change.raw());
    item.person = read_changed_person(item.field, change["value"]);
    item.opens_window = is_user_call(item.field, change["value"]);
}

PhoneNumberId channel_of(const JsonValue& value) {
    for (const std::string_view place : {"metadata", "recipient", "phone_number_settings"}) {
        std::string id = value[place]["phone_number_id"].text();
        if (!id.empty()) return PhoneNumberId(std::move(id));
    }
    return {};
}

// Walks one body and collects its items.
class Envelope {
  public:
    Envelope(std::size_t body_bytes, WallTime received_at)
        : item_limit_(free_items + body_bytes / bytes_per_item),
          byte_limit_(free_bytes + body_bytes * copy_factor),
          received_at_(received_at) {}

    void read_entry(const JsonValue& entry) {
        waba_id_ = entry["id"].text();
        entry_time_ = read_timestamp(entry["time"]);
        const JsonValue changes = entry["changes"];
        if (!changes.is_array()) return keep_change(entry, {});
        for (const JsonValue change : changes) {
            if (!is_bloated()) read_change(change);
        }
    }

    bool is_bloated() const { return batch_.items.size() > item_limit_ || bytes_ > byte_limit_; }
    WebhookBatch take() { return std::move(batch_); }

  private:
    void read_change(const JsonValue& change) {
        const JsonValue value = change["value"];
        const std::string field = change["field"].text();
        // Partner events come with misplaced keys, so a missing field is judged by what the value holds.
        const bool is_messages = field == "messages" || field.empty();
        const std::size_t before = batch_.items.size();
        if (is_messages) {
            const Contacts contacts(value["contacts"]);
            for (const char* array : {"messages", "statuses", "errors"}) read_array(value, array, contacts);
        }
        if (batch_.items.size() == before) keep_change(change, field);
    }

    void read_array(const JsonValue& value, std::string_view array, const Contacts& contacts) {
        const JsonValue elements = value[array];
        if (!elements.is_array()) return;
        const PhoneNumberId channel = channel_of(value);
        const JsonValue metadata = value["metadata"];
        const bool is_only = elements.size() == 1;
        for (const JsonValue element : elements) {
            if (is_bloated()) return;
            WebhookItem& item = add("messages");
            item.channel = channel;
            const JsonValue contact = array == "errors" ? JsonValue() : contacts.of(element, is_only);
            item.raw_json = reduced(metadata, contact, array, element);
            bytes_ += item.raw_json.size();
            const WallTime otherwise = entry_time_.value_or(received_at_);
            if (!element.is_object())
                fill_change(item, element, entry_time_, received_at_);
            else if (array == "messages")
                fill_message(item, element, contact, otherwise);
            else if (array == "statuses")
                fill_status(item, element, otherwise);
            else
                fill_error(item, element, otherwise);
        }
    }

    void keep_change(const JsonValue& change, const std::string& field) {
        WebhookItem& item = add(field);
        item.channel = channel_of(change["value"]);
        item.raw_json = change.raw();
        fill_change(item, change, entry_time_, received_at_);
    }

    WebhookItem& add(std::string_view field) {
        WebhookItem& item = batch_.items.emplace_back();
        item.waba_id = waba_id_;
        item.field = field;
        return item;
    }

    std::size_t item_limit_;
    std::size_t byte_limit_;
    std::size_t bytes_ = 0;
    WallTime received_at_;
    std::string waba_id_;
    std::optional<WallTime> entry_time_;
    WebhookBatch batch_;
};

}  // namespace

Result<WebhookBatch> parse_webhook(std::string_view body, WallTime received_at) {
    const auto root = document_of_thread().parse(body);
    if (!root) return root.error();
    if (!root->is_object()) return Error(Errc::invalid_input, "not a webhook: the body is no JSON object");
    const JsonValue object = (*root)["object"];
    if (object && object.plain_text() != "whatsapp_business_account") {
        return Error(Errc::invalid_input, "not a webhook: \"object\" is not whatsapp_business_account");
    }
    const JsonValue entries = (*root)["entry"];
    if (!entries.is_array()) return Error(Errc::invalid_input, "not a webhook: there is no array \"entry\"");
    Envelope envelope(body.size(), received_at);
    for (const JsonValue entry : entries) {
        if (!envelope.is_bloated()) envelope.read_entry(entry);
    }
    if (envelope.is_bloated())
        return Error(Errc::invalid_input, "not a webhook: more items than such a body can hold");
    return envelope.take();
}

Result<WebhookItem> read_stored(std::string_view raw_json, std::string waba_id, WallTime received_at) {
    const auto root = document_of_thread().parse(raw_json);
    if (!root) return Error(Errc::corrupt, "a stored webhook item is " + root.error().message());
    const JsonValue value = *root;
    WebhookItem item;
    item.waba_id = std::move(waba_id);
    item.raw_json = raw_json;
    item.field = "messages";
    item.channel = channel_of(value);
    const bool is_reduced = value["messaging_product"] && !value["value"];
    const auto only = [&](std::string_view array) {
        const JsonValue elements = is_reduced ? value[array] : JsonValue();
        return elements.is_array() && elements.size() == 1 ? *elements.begin() : JsonValue();
    };
    if (const auto message = only("messages"); message.is_object()) {
        fill_message(item, message, only("contacts"), received_at);
    } else if (const auto status = only("statuses"); status.is_object()) {
        fill_status(item, status, received_at);
    } else if (const auto error = only("errors"); error.is_object()) {
        fill_error(item, error, received_at);
    } else {
        if (!is_reduced) {
            item.field = value["field"].text();
            item.channel = channel_of(value["value"]);
        }
        fill_change(item, value, std::nullopt, received_at);
    }
    return item;
}

}  // namespace parley
