#include "meta_envelope.hpp"

#include <array>
#include <stdexcept>

#include <nlohmann/json.hpp>

namespace forwarder {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Json object_of(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_object() ? *found : Json::object();
}

std::string without_plus(std::string number) {
    return number.starts_with('+') ? number.substr(1) : number;
}

// As the bot knows it, and not as the engine sent it.
Json shown_status(const Json& canonical, Json status) {
    if (const std::string id = text_of(canonical, "provisional_id"); !id.empty()) status["id"] = id;
    status.erase("biz_opaque_callback_data");
    if (const std::string callback = text_of(canonical, "callback"); !callback.empty())
        status["biz_opaque_callback_data"] = callback;
    return status;
}

// None of these stands outside of strings in JSON, so the text may be taken as it is.
std::string with_metas_escapes(const std::string& ascii_json) {
    constexpr std::string_view special = "/@%<>&";
    constexpr std::array<const char*, 6> escapes{"\\/",     "\\u0040", "\\u0025",
                                                 "\\u003c", "\\u003e", "\\u0026"};
    std::string text;
    text.reserve(ascii_json.size() + 32);
    for (const char c : ascii_json) {
        const std::size_t at = special.find(c);
        if (at == std::string_view::npos)
            text += c;
        else
            text += escapes[at];
    }
    return text;
}

}  // namespace

std::string to_meta_envelope(std::string_view message_json) {
    const Json canonical = Json::parse(message_json, nullptr, false);
    if (!canonical.is_object()) throw std::runtime_error("the host's canonical message is no JSON object");
    const Json origin = object_of(canonical, "origin");
    Json value;
    value["messaging_product"] = "whatsapp";
    value["metadata"]["display_phone_number"] =
        without_plus(text_of(object_of(canonical, "business_info"), "phone"));
    value["metadata"]["phone_number_id"] = text_of(origin, "phone_number_id");
    if (const auto contacts = origin.find("contacts"); contacts != origin.end())
        value["contacts"] = *contacts;
    Json native = object_of(canonical, "message");
    if (text_of(canonical, "event") == "status")
        value["statuses"] = Json::array({shown_status(canonical, std::move(native))});
    else
        value["messages"] = Json::array({std::move(native)});

    Json change;
    change["value"] = std::move(value);
    change["field"] = "messages";
    Json entry;
    entry["id"] = text_of(origin, "waba_id");
    entry["changes"] = Json::array({std::move(change)});
    Json envelope;
    envelope["object"] = "whatsapp_business_account";
    envelope["entry"] = Json::array({std::move(entry)});
    return with_metas_escapes(envelope.dump(-1, ' ', true, Json::error_handler_t::replace));
}

}  // namespace forwarder
