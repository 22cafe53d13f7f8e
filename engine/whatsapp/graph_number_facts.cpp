#include "whatsapp/graph_number_facts.hpp"

namespace parley {
namespace {

std::optional<std::string> maybe_text(const GraphJson& object, const char* key) {
    const GraphJson& value = member_of(object, key);
    return value.is_string() ? std::optional(value.get<std::string>()) : std::nullopt;
}

std::vector<std::string> texts_of(const GraphJson& object, const char* key) {
    std::vector<std::string> texts;
    const GraphJson& list = member_of(object, key);
    if (!list.is_array()) return texts;
    for (const GraphJson& item : list) {
        if (item.is_string()) texts.push_back(item.get<std::string>());
        if (item.is_number_integer()) texts.push_back(item.dump());
    }
    return texts;
}

std::int32_t code_of(const GraphJson& object, const char* key) {
    const GraphJson& value = member_of(object, key);
    return value.is_number_integer() ? value.get<std::int32_t>() : 0;
}

// Unix seconds; 0 stands for never.
std::optional<WallTime> maybe_time(const GraphJson& object, const char* key) {
    constexpr std::int64_t latest = 253'402'300'799;  // of the year 9999
    const GraphJson& value = member_of(object, key);
    if (!value.is_number_integer()) return std::nullopt;
    const auto seconds = value.get<std::int64_t>();
    if (seconds <= 0 || seconds > latest) return std::nullopt;
    return from_unix_ms(seconds * 1000);
}

HealthEntity read_entity(const GraphJson& item) {
    HealthEntity entity{text_of(item, "entity_type"),
                        text_of(item, "id"),
                        text_of(item, "can_send_message"),
                        {},
                        texts_of(item, "additional_info")};
    const GraphJson& errors = member_of(item, "errors");
    if (!errors.is_array()) return entity;
    for (const GraphJson& error : errors)
        entity.issues.push_back({code_of(error, "error_code"), text_of(error, "error_description"),
                                 text_of(error, "possible_solution")});
    return entity;
}

std::optional<SendingHealth> read_health(const GraphJson& status) {
    if (!status.is_object()) return std::nullopt;
    SendingHealth health{text_of(status, "can_send_message"), {}};
    const GraphJson& entities = member_of(status, "entities");
    if (entities.is_array())
        for (const GraphJson& item : entities) health.entities.push_back(read_entity(item));
    return health;
}

const GraphJson& first_of(const GraphJson& answer) {
    static const GraphJson none;
    const GraphJson& data = member_of(answer, "data");
    return data.is_array() && !data.empty() ? data.front() : none;
}

}  // namespace

NumberFacts read_number_facts(const GraphJson& node) {
    NumberFacts facts;
    facts.id = PhoneNumberId(text_of(node, "id"));
    facts.display_number = text_of(node, "display_phone_number");
    facts.verified_name = text_of(node, "verified_name");
    facts.name_status = text_of(node, "name_status");
    facts.code_verification = text_of(node, "code_verification_status");
    facts.quality = text_of(node, "quality_rating");
    facts.status = text_of(node, "status");
    facts.platform = text_of(node, "platform_type");
    facts.throughput = text_of(member_of(node, "throughput"), "level");
    facts.messaging_limit = text_of(node, "whatsapp_business_manager_messaging_limit");
    if (facts.messaging_limit.empty()) facts.messaging_limit = text_of(node, "messaging_limit_tier");
    facts.account_mode = text_of(node, "account_mode");
    if (const GraphJson& pin = member_of(node, "is_pin_enabled"); pin.is_boolean())
        facts.has_pin = pin.get<bool>();
    facts.health = read_health(member_of(node, "health_status"));
    return facts;
}

BusinessProfile read_business_profile(const GraphJson& answer) {
    const GraphJson& node = first_of(answer);
    BusinessProfile profile;
    profile.about = maybe_text(node, "about");
    profile.address = maybe_text(node, "address");
    profile.description = maybe_text(node, "description");
    profile.email = maybe_text(node, "email");
    profile.vertical = maybe_text(node, "vertical");
    if (member_of(node, "websites").is_array()) profile.websites = texts_of(node, "websites");
    profile.picture_url = text_of(node, "profile_picture_url");
    return profile;
}

GraphJson to_profile_body(const BusinessProfile& profile) {
    GraphJson body{{"messaging_product", "whatsapp"}};
    const auto put = [&](const char* key, const std::optional<std::string>& value) {
        if (value) body[key] = *value;
    };
    put("about", profile.about);
    put("address", profile.address);
    put("description", profile.description);
    put("email", profile.email);
    put("vertical", profile.vertical);
    if (profile.websites) body["websites"] = *profile.websites;
    return body;
}

std::vector<AppSubscription> read_subscriptions(const GraphJson& answer) {
    std::vector<AppSubscription> list;
    const GraphJson& data = member_of(answer, "data");
    if (!data.is_array()) return list;
    for (const GraphJson& item : data) {
        const GraphJson& app = member_of(item, "whatsapp_business_api_data");
        list.push_back({text_of(app, "id"), text_of(app, "name"), text_of(item, "override_callback_uri")});
    }
    return list;
}

TokenFacts read_token_facts(const GraphJson& answer) {
    const GraphJson& data = member_of(answer, "data");
    TokenFacts facts;
    const GraphJson& valid = member_of(data, "is_valid");
    facts.is_valid = valid.is_boolean() && valid.get<bool>();
    facts.app_id = text_of(data, "app_id");
    facts.application = text_of(data, "application");
    facts.type = text_of(data, "type");
    facts.scopes = texts_of(data, "scopes");
    if (const GraphJson& granular = member_of(data, "granular_scopes"); granular.is_array())
        for (const GraphJson& item : granular)
            facts.granular_scopes.push_back({text_of(item, "scope"), texts_of(item, "target_ids")});
    facts.issued = maybe_time(data, "issued_at");
    facts.expires = maybe_time(data, "expires_at");
    facts.data_expire = maybe_time(data, "data_access_expires_at");
    facts.problem = text_of(member_of(data, "error"), "message");
    return facts;
}

}  // namespace parley
