// Looking into JSON that came from outside without surprises.
#include "simulator/json.hpp"

namespace parley::sim {

std::optional<Json> parse_object(std::string_view text) {
    Json document = Json::parse(text, nullptr, false);
    if (!document.is_object()) return std::nullopt;
    return document;
}

const Json* member(const Json& object, std::string_view key) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
}

std::string text_of(const Json& object, std::string_view key, std::string otherwise) {
    const Json* value = member(object, key);
    return value && value->is_string() ? value->get<std::string>() : otherwise;
}

std::int64_t number_of(const Json& object, std::string_view key, std::int64_t otherwise) {
    const Json* value = member(object, key);
    return value && value->is_number_integer() ? value->get<std::int64_t>() : otherwise;
}

bool flag_of(const Json& object, std::string_view key, bool otherwise) {
    const Json* value = member(object, key);
    return value && value->is_boolean() ? value->get<bool>() : otherwise;
}

std::string to_text(const Json& document) {
    return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace parley::sim
