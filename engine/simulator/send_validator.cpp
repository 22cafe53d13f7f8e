// Validation of a send, but for interactive content.
#include "simulator/send_validator.hpp"

#include <cctype>
#include <cstdlib>

#include "base/utf16.hpp"

namespace parley::sim {
namespace {

constexpr std::size_t max_text = 4096;
constexpr std::size_t max_caption = 1024;
constexpr std::size_t max_callback_data = 512;
constexpr std::size_t max_contacts = 257;

Complaint check_text_type(const Json& body) {
    if (auto wrong = check_object(body, "", "text")) return wrong;
    const Json& text = body["text"];
    if (auto wrong = check_keys(text, "text", {"body", "preview_url"})) return wrong;
    if (!member(text, "body")) return parameter_error("The parameter text['body'] is required.");
    if (!text["body"].is_string()) return parameter_error("Param text['body'] must be a string.");
    const std::size_t length = utf16_units(text["body"].get_ref<const std::string&>());
    if (length < 1) return parameter_error("The parameter text['body'] is required.");
    if (length > max_text) return parameter_error("Param text['body'] must be at most 4096 characters long.");
    const Json* preview = member(text, "preview_url");
    if (preview && !preview->is_boolean())
        return parameter_error("Param text['preview_url'] must be a boolean.");
    return {};
}

Complaint check_media(const Json& body, const std::string& type) {
    if (auto wrong = check_object(body, "", type)) return wrong;
    const Json& media = body[type];
    if (auto wrong = check_keys(media, type, {"id", "link", "caption", "filename", "voice"})) return wrong;
    const bool by_id = member(media, "id") != nullptr;
    if (by_id == (member(media, "link") != nullptr)) {
        return by_id ? bad_value(type, "Give either 'id' or 'link', not both")
                     : missing(inside(type, "id") + " or link");
    }
    if (auto wrong = by_id ? check_text(media, type, "id", 256) : check_web_address(media, type, "link"))
        return wrong;
    if (member(media, "caption") && (type == "audio" || type == "sticker")) {
        return parameter_error("Unexpected key \"caption\" on param \"" + type + "\".");
    }
    if (member(media, "filename") && type != "document") {
        return parameter_error("Unexpected key \"filename\" on param \"" + type + "\".");
    }
    if (auto wrong = check_optional_text(media, type, "filename", 256)) return wrong;
    return check_optional_text(media, type, "caption", max_caption);
}

Complaint check_coordinate(const Json& location, const char* key, double limit) {
    const std::string path = inside("location", key);
    const Json* value = member(location, key);
    if (!value) return missing(path);
    double number = 0;
    if (value->is_number()) {
        number = value->get<double>();
    } else if (value->is_string()) {
        const std::string text = value->get<std::string>();
        char* end = nullptr;
        number = std::strtod(text.c_str(), &end);
        if (text.empty() || *end != '\0') return bad_value(path, "Must be a number");
    } else {
        return parameter_error("Param " + path + " must be a number.");
    }
    if (!(number >= -limit && number <= limit)) return bad_value(path, "Out of range");
    return {};
}

Complaint check_location(const Json& body) {
    if (auto wrong = check_object(body, "", "location")) return wrong;
    const Json& location = body["location"];
    if (auto wrong = check_keys(location, "location", {"latitude", "longitude", "name", "address"}))
        return wrong;
    if (auto wrong = check_coordinate(location, "latitude", 90)) return wrong;
    if (auto wrong = check_coordinate(location, "longitude", 180)) return wrong;
    if (auto wrong = check_optional_text(location, "location", "name", 1000)) return wrong;
    return check_optional_text(location, "location", "address", 1000);
}

Complaint check_reaction(const Json& body) {
    if (auto wrong = check_object(body, "", "reaction")) return wrong;
    const Json& reaction = body["reaction"];
    if (auto wrong = check_keys(reaction, "reaction", {"message_id", "emoji"})) return wrong;
    if (auto wrong = check_text(reaction, "reaction", "message_id", 512)) return wrong;
    const Json* emoji = member(reaction, "emoji");
    if (!emoji) return missing("reaction['emoji']");
    if (!emoji->is_string()) return parameter_error("Param reaction['emoji'] must be a string.");
    if (utf16_units(emoji->get<std::string>()) > 16)
        return bad_value("reaction['emoji']", "Must be one emoji");
    return {};
}

Complaint check_contacts(const Json& body) {
    if (auto wrong = check_array(body, "", "contacts", 1, max_contacts)) return wrong;
    for (std::size_t i = 0; i < body["contacts"].size(); ++i) {
        const Json& contact = body["contacts"][i];
        const std::string path = inside("contacts", i);
        if (auto wrong = check_object(contact, path, "name")) return wrong;
        const std::string name = inside(path, "name");
        if (auto wrong = check_text(contact["name"], name, "formatted_name", 1000)) return wrong;
        if (contact["name"].size() < 2) return missing(inside(name, "first_name"));
    }
    return {};
}

Complaint check_template(const Json& body) {
    if (auto wrong = check_object(body, "", "template")) return wrong;
    const Json& content = body["template"];
    if (auto wrong = check_keys(content, "template", {"name", "language", "components", "namespace"}))
        return wrong;
    if (auto wrong = check_text(content, "template", "name", 512)) return wrong;
    if (auto wrong = check_object(content, "template", "language")) return wrong;
    if (auto wrong = check_text(content["language"], "template['language']", "code", 32)) return wrong;
    if (!member(content, "components")) return {};
    if (auto wrong = check_array(content, "template", "components", 0, 64)) return wrong;
    for (std::size_t i = 0; i < content["components"].size(); ++i) {
        const std::string path = inside("template['components']", i);
        if (auto wrong = check_text(content["components"][i], path, "type", 64)) return wrong;
    }
    return {};
}

Complaint check_context(const Json& body) {
    if (!member(body, "context")) return {};
    if (auto wrong = check_object(body, "", "context")) return wrong;
    if (auto wrong = check_keys(body["context"], "context", {"message_id"})) return wrong;
    return check_text(body["context"], "context", "message_id", 512);
}

Complaint check_recipient(const Json& body) {
    const Json* to = member(body, "to");
    const Json* recipient = member(body, "recipient");
    if (!to && !recipient) return parameter_error("The parameter to is required.");
    if (to && !to->is_string()) return parameter_error("Param to must be a string.");
    if (!to && !recipient->is_string()) return parameter_error("Param recipient must be a string.");
    const std::string who = recipient_of(body);
    if (who.empty() || who.size() > 131) return bad_value(to ? "to" : "recipient", "Not a valid recipient");
    if (!to) return {};
    for (const char c : who) {
        if (!std::isdigit(static_cast<unsigned char>(c))) return bad_value("to", "Not a valid phone number");
    }
    return who.size() < 5 || who.size() > 15 ? bad_value("to", "Not a valid phone number") : Complaint{};
}

Complaint check_frame(const Json& body) {
    if (auto wrong = check_keys(body, "",
                                {"messaging_product",
                                 "recipient_type",
                                 "to",
                                 "recipient",
                                 "type",
                                 "text",
                                 "image",
                                 "video",
                                 "audio",
                                 "document",
                                 "sticker",
                                 "location",
                                 "contacts",
                                 "reaction",
                                 "interactive",
                                 "template",
                                 "context",
                                 "biz_opaque_callback_data",
                                 "recipient_identity_key_hash",
                                 "messaging_account_id"})) {
        return wrong;
    }
    if (!member(body, "messaging_product"))
        return parameter_error("The parameter messaging_product is required.");
    if (text_of(body, "messaging_product") != "whatsapp") {
        return parameter_error("Param messaging_product must be one of {WHATSAPP}.");
    }
    if (member(body, "recipient_type") && text_of(body, "recipient_type") != "individual") {
        return parameter_error("Param recipient_type must be one of {INDIVIDUAL}; groups are not simulated.");
    }
    if (auto wrong = check_recipient(body)) return wrong;
    const Json* callback = member(body, "biz_opaque_callback_data");
    if (callback && !callback->is_string())
        return parameter_error("Param biz_opaque_callback_data must be a string.");
    if (auto wrong = check_optional_text(body, "", "biz_opaque_callback_data", max_callback_data))
        return wrong;
    return check_context(body);
}

}  // namespace

std::string recipient_of(const Json& body) {
    const Json* to = member(body, "to");
    if (!to) return text_of(body, "recipient");
    std::string digits;
    for (const char c : text_of(body, "to")) {
        if (c != '+' && c != '-' && c != ' ' && c != '(' && c != ')') digits += c;
    }
    return digits;
}

Complaint check_send(const Json& body) {
    if (auto wrong = check_frame(body)) return wrong;
    const std::string type = text_of(body, "type", "text");
    if (type == "text") return check_text_type(body);
    if (type == "interactive") return check_interactive(body);
    if (type == "template") return check_template(body);
    if (type == "location") return check_location(body);
    if (type == "reaction") return check_reaction(body);
    if (type == "contacts") return check_contacts(body);
    for (const char* media : {"image", "video", "audio", "document", "sticker"}) {
        if (type == media) return check_media(body, type);
    }
    return parameter_error(
        "Param type must be one of {AUDIO, CONTACTS, DOCUMENT, IMAGE, INTERACTIVE, LOCATION, REACTION, "
        "STICKER, "
        "TEMPLATE, TEXT, VIDEO} - got \"" +
        type + "\".");
}

Complaint check_read_receipt(const Json& body) {
    if (auto wrong = check_keys(body, "", {"messaging_product", "status", "message_id", "typing_indicator"}))
        return wrong;
    if (text_of(body, "messaging_product") != "whatsapp") {
        return parameter_error("The parameter messaging_product is required.");
    }
    if (text_of(body, "status") != "read") return parameter_error("Param status must be one of {READ}.");
    if (auto wrong = check_text(body, "", "message_id", 512)) return wrong;
    if (!text_of(body, "message_id").starts_with("wamid."))
        return bad_value("message_id", "Not a message id");
    if (!member(body, "typing_indicator")) return {};
    if (auto wrong = check_object(body, "", "typing_indicator")) return wrong;
    if (text_of(body["typing_indicator"], "type") == "text") return {};
    return parameter_error("Param typing_indicator['type'] must be one of {TEXT}.");
}

}  // namespace parley::sim
