// The webhook's envelope.
#include "simulator/webhook_body.hpp"

#include <algorithm>

namespace parley::sim {
namespace {

Json& entry_of(Json& entries, const std::string& waba_id) {
    for (Json& entry : entries) {
        if (entry["id"] == waba_id) return entry;
    }
    entries.push_back({{"id", waba_id}, {"changes", Json::array()}});
    return entries.back();
}

Json& value_of(Json& changes, const SimulatorNumber& number, const char* list, bool with_contacts) {
    for (Json& change : changes) {
        Json& value = change["value"];
        if (value["metadata"]["phone_number_id"] == number.phone_number_id && value.contains(list))
            return value;
    }
    Json value{{"messaging_product", "whatsapp"},
               {"metadata",
                {{"display_phone_number", digits_of(number)}, {"phone_number_id", number.phone_number_id}}}};
    if (with_contacts) value["contacts"] = Json::array();
    value[list] = Json::array();
    changes.push_back({{"value", std::move(value)}, {"field", "messages"}});
    return changes.back()["value"];
}

void add_contact(Json& value, const Json& contact) {
    if (contact.is_null()) return;
    if (!value.contains("contacts")) value["contacts"] = Json::array();
    Json& contacts = value["contacts"];
    if (std::find(contacts.begin(), contacts.end(), contact) == contacts.end()) contacts.push_back(contact);
}

}  // namespace

Json webhook_body(const std::vector<WebhookItem>& items, const NumberLookup& number) {
    Json entries = Json::array();
    for (const WebhookItem& item : items) {
        const SimulatorNumber from = number(item.phone_number_id);
        const char* list = item.kind == WebhookItem::Kind::message ? "messages" : "statuses";
        Json& value =
            value_of(entry_of(entries, from.waba_id)["changes"], from, list, !item.contact.is_null());
        add_contact(value, item.contact);
        value[list].push_back(item.element);
    }
    return {{"object", "whatsapp_business_account"}, {"entry", std::move(entries)}};
}

}  // namespace parley::sim
