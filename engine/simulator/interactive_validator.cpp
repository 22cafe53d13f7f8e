// Validation of interactive content.
#include <set>

#include "simulator/send_validator.hpp"

namespace parley::sim {
namespace {

const std::string root = "interactive";

constexpr std::size_t max_body = 1024;
constexpr std::size_t max_list_body = 4096;
constexpr std::size_t max_footer = 60;
constexpr std::size_t max_header_text = 60;

Complaint check_body(const Json& content, std::size_t most) {
    if (auto wrong = check_object(content, root, "body")) return wrong;
    return check_text(content["body"], inside(root, "body"), "text", most);
}

Complaint check_footer(const Json& content) {
    if (!member(content, "footer")) return {};
    if (auto wrong = check_object(content, root, "footer")) return wrong;
    return check_text(content["footer"], inside(root, "footer"), "text", max_footer);
}

Complaint check_header(const Json& content, bool media_allowed) {
    if (!member(content, "header")) return {};
    if (auto wrong = check_object(content, root, "header")) return wrong;
    const Json& header = content["header"];
    const std::string path = inside(root, "header");
    const std::string type = text_of(header, "type");
    if (type == "text") return check_one_line(header, path, "text", max_header_text);
    const bool media = type == "image" || type == "video" || type == "document";
    if (!media || !media_allowed)
        return bad_value(inside(path, "type"), "Header type \"" + type + "\" is not allowed");
    if (auto wrong = check_object(header, path, type)) return wrong;
    if (member(header[type], "id") || member(header[type], "link")) return {};
    return missing(inside(inside(path, type), "id") + " or link");
}

class Distinct {
  public:
    Complaint add(const std::string& path, const std::string& value) {
        if (seen_.insert(value).second) return {};
        return bad_value(path, "Duplicated value \"" + value + "\"");
    }

  private:
    std::set<std::string> seen_;
};

Complaint check_buttons(const Json& content) {
    const std::string action = inside(root, "action");
    if (auto wrong = check_array(content["action"], action, "buttons", 1, 3)) return wrong;
    Distinct titles, ids;
    const Json& buttons = content["action"]["buttons"];
    for (std::size_t i = 0; i < buttons.size(); ++i) {
        const std::string path = inside(inside(action, "buttons"), i);
        if (text_of(buttons[i], "type") != "reply") return bad_value(inside(path, "type"), "Must be reply");
        if (auto wrong = check_object(buttons[i], path, "reply")) return wrong;
        const Json& reply = buttons[i]["reply"];
        const std::string at = inside(path, "reply");
        if (auto wrong = check_text(reply, at, "id", 256)) return wrong;
        if (auto wrong = check_one_line(reply, at, "title", 20)) return wrong;
        if (auto wrong = titles.add(inside(at, "title"), text_of(reply, "title"))) return wrong;
        if (auto wrong = ids.add(inside(at, "id"), text_of(reply, "id"))) return wrong;
    }
    return {};
}

Complaint check_row(const Json& row, const std::string& path, Distinct& ids) {
    if (auto wrong = check_keys(row, path, {"id", "title", "description"})) return wrong;
    if (auto wrong = check_text(row, path, "id", 200)) return wrong;
    if (auto wrong = check_one_line(row, path, "title", 24)) return wrong;
    if (auto wrong = check_optional_text(row, path, "description", 72)) return wrong;
    return ids.add(inside(path, "id"), text_of(row, "id"));
}

Complaint check_list(const Json& content) {
    const std::string action = inside(root, "action");
    if (auto wrong = check_one_line(content["action"], action, "button", 20)) return wrong;
    if (auto wrong = check_array(content["action"], action, "sections", 1, 10)) return wrong;
    Distinct ids;
    std::size_t rows = 0;
    const Json& sections = content["action"]["sections"];
    for (std::size_t i = 0; i < sections.size(); ++i) {
        const std::string path = inside(inside(action, "sections"), i);
        if (sections.size() > 1) {
            if (auto wrong = check_one_line(sections[i], path, "title", 24)) return wrong;
        }
        if (auto wrong = check_optional_text(sections[i], path, "title", 24)) return wrong;
        if (auto wrong = check_array(sections[i], path, "rows", 1, 10)) return wrong;
        for (std::size_t k = 0; k < sections[i]["rows"].size(); ++k) {
            if (auto wrong = check_row(sections[i]["rows"][k], inside(inside(path, "rows"), k), ids))
                return wrong;
        }
        rows += sections[i]["rows"].size();
    }
    if (rows > 10)
        return bad_value(inside(action, "sections"), "Total row count exceeds max allowed count: 10");
    return {};
}

Complaint check_link_button(const Json& content) {
    const std::string action = inside(root, "action");
    if (text_of(content["action"], "name") != "cta_url")
        return bad_value(inside(action, "name"), "Must be cta_url");
    if (auto wrong = check_object(content["action"], action, "parameters")) return wrong;
    const Json& parameters = content["action"]["parameters"];
    const std::string path = inside(action, "parameters");
    if (auto wrong = check_one_line(parameters, path, "display_text", 20)) return wrong;
    return check_web_address(parameters, path, "url");
}

Complaint check_named_action(const Json& content, const std::string& type) {
    const std::string name = type == "location_request_message" ? "send_location" : type;
    if (text_of(content["action"], "name") == name) return {};
    return bad_value(inside(inside(root, "action"), "name"), "Must be " + name);
}

// Product and carousel content depends on catalogues, which are not simulated; their frame is checked.
bool is_catalogue_type(const std::string& type) {
    return type == "product" || type == "product_list" || type == "carousel";
}

bool is_named_type(const std::string& type) {
    for (const char* known : {"location_request_message", "flow", "catalog_message", "address_message",
                              "call_permission_request", "request_contact_info", "voice_call"}) {
        if (type == known) return true;
    }
    return false;
}

}  // namespace

Complaint check_interactive(const Json& body) {
    if (auto wrong = check_object(body, "", root)) return wrong;
    const Json& content = body[root];
    if (auto wrong = check_keys(content, root, {"type", "header", "body", "footer", "action"})) return wrong;
    if (auto wrong = check_text(content, root, "type", 64)) return wrong;
    if (auto wrong = check_object(content, root, "action")) return wrong;
    const std::string type = text_of(content, "type");
    const bool list = type == "list";
    if (type != "product") {
        if (auto wrong = check_body(content, list ? max_list_body : max_body)) return wrong;
    }
    if (auto wrong = check_footer(content)) return wrong;
    if (auto wrong = check_header(content, !list)) return wrong;
    if (list) return check_list(content);
    if (type == "button") return check_buttons(content);
    if (type == "cta_url") return check_link_button(content);
    if (is_named_type(type)) return check_named_action(content, type);
    if (is_catalogue_type(type)) return {};
    return bad_value(inside(root, "type"), "Unknown interactive type \"" + type + "\"");
}

}  // namespace parley::sim
