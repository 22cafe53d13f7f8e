#include "whatsapp/changed_person.hpp"

#include "whatsapp/webhook_item.hpp"

namespace parley {
namespace {

JsonValue only_element(const JsonValue& array) {
    return array.is_array() && array.size() == 1 ? *array.begin() : JsonValue();
}

// The members in which an element of this field names its person, by number or by user id.
struct Naming {
    std::string_view array, number, user_id;
};
Naming naming_of(std::string_view field, const JsonValue& value) {
    if (field == "calls") {
        const bool by_us = only_element(value["calls"])["direction"].plain_text() == "BUSINESS_INITIATED";
        return {"calls", by_us ? "to" : "from", by_us ? "to_user_id" : "from_user_id"};
    }
    if (field == "user_preferences") return {field, "wa_id", "user_id"};
    if (field == "smb_message_echoes" || field == "message_echoes")
        return {"message_echoes", "to", "to_user_id"};
    return {};
}

}  // namespace

Party read_changed_person(std::string_view field, const JsonValue& value) {
    Party person;
    const Naming naming = naming_of(field, value);
    if (const JsonValue element = only_element(value[naming.array])) {
        take_id(person, element[naming.number].text());
        take_id(person, element[naming.user_id].text());
    } else if (field == "messaging_handovers") {
        take_id(person, value["sender"]["phone_number"].text());
        take_id(person, value["sender"]["user_id"].text());
    }
    const JsonValue contact = only_element(value["contacts"]);
    if (!contact) return person;
    take_id(person, contact["wa_id"].text());
    take_id(person, contact["user_id"].text());
    person.name = contact["profile"]["name"].text();
    return person;
}

bool is_user_call(std::string_view field, const JsonValue& value) {
    const JsonValue call = only_element(value["calls"]);
    return field == "calls" && call["event"].plain_text() == "connect" &&
           call["direction"].plain_text() == "USER_INITIATED";
}

}  // namespace parley
