#include "app/reply_text.hpp"

#include <nlohmann/json.hpp>

namespace parley {
namespace {

using Json = nlohmann::json;

std::string text_at(const Json& object, const char* pointer) {
    const Json::json_pointer path(pointer);
    return object.contains(path) && object.at(path).is_string() ? object.at(path).get<std::string>()
                                                                : std::string();
}

void add_line(std::string& text, const std::string& line) {
    if (line.empty()) return;
    if (!text.empty()) text += '\n';
    text += line;
}

void add_buttons(const Json& action, ReplyText& out) {
    for (const Json& button : action.value("buttons", Json::array()))
        out.choices.push_back(
            {"button_reply", text_at(button, "/reply/id"), text_at(button, "/reply/title")});
    for (const Json& section : action.value("sections", Json::array()))
        for (const Json& row : section.value("rows", Json::array()))
            out.choices.push_back({"list_reply", text_at(row, "/id"), text_at(row, "/title")});
}

ReplyText interactive_text(const Json& message) {
    ReplyText out;
    const Json& interactive = message.at("interactive");
    add_line(out.text, text_at(interactive, "/header/text"));
    add_line(out.text, text_at(interactive, "/body/text"));
    add_line(out.text, text_at(interactive, "/footer/text"));
    if (!interactive.contains("action") || !interactive.at("action").is_object()) return out;
    const Json& action = interactive.at("action");
    add_line(out.text, text_at(action, "/parameters/url"));
    add_buttons(action, out);
    return out;
}

}  // namespace

ReplyText to_reply_text(std::string_view native_json) {
    const Json message = Json::parse(native_json, nullptr, false);
    if (!message.is_object()) return {std::string(native_json), {}};
    try {
        if (message.value("type", "") == "text") return {text_at(message, "/text/body"), {}};
        if (message.contains("interactive") && message.at("interactive").is_object())
            return interactive_text(message);
    } catch (const Json::exception&) {
        // An agent may send any shape; the JSON itself tells its author most.
    }
    return {message.dump(-1, ' ', false, Json::error_handler_t::replace), {}};
}

}  // namespace parley
