#include "kit/readable_reply.hpp"

#include <nlohmann/json.hpp>

namespace parley::kit {
namespace {

using Json = nlohmann::json;

std::string member(const Json& object, const char* name) {
    if (!object.is_object()) return {};
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

const Json& child(const Json& object, const char* name) {
    static const Json nothing;
    if (!object.is_object()) return nothing;
    const auto found = object.find(name);
    return found == object.end() ? nothing : *found;
}

void add_line(std::string& text, const std::string& line) {
    if (!line.empty()) text += (text.empty() ? "" : "\n") + line;
}

std::string choice(const Json& one) {
    std::string line = "[" + member(one, "title") + "]";
    if (const std::string more = member(one, "description"); !more.empty()) line += " " + more;
    return line + "  " + member(one, "id");
}

std::string readable_interactive(const Json& interactive) {
    std::string text;
    for (const char* part : {"header", "body", "footer"}) {
        const Json& block = child(interactive, part);
        const std::string words = member(block, "text");
        add_line(text, words.empty() && block.is_object() ? "(" + member(block, "type") + ")" : words);
    }
    const Json& action = child(interactive, "action");
    add_line(text, member(action, "button").empty() ? "" : "[" + member(action, "button") + "]");
    for (const Json& button : child(action, "buttons")) add_line(text, choice(child(button, "reply")));
    for (const Json& section : child(action, "sections")) {
        add_line(text, member(section, "title"));
        for (const Json& row : child(section, "rows")) add_line(text, choice(row));
    }
    const Json& parameters = child(action, "parameters");
    const std::string label = member(parameters, "display_text"), url = member(parameters, "url");
    add_line(text, label.empty() && url.empty() ? "" : "[" + label + "]  " + url);
    return text;
}

}  // namespace

std::string readable_reply(const std::string& native_json) {
    const Json json = Json::parse(native_json, nullptr, false);
    if (!json.is_object()) return native_json;
    const std::string type = member(json, "type");
    std::string text;
    if (type == "text") text = member(child(json, "text"), "body");
    if (type == "interactive") text = readable_interactive(child(json, "interactive"));
    return text.empty() ? json.dump(2, ' ', false, Json::error_handler_t::replace) : text;
}

}  // namespace parley::kit
