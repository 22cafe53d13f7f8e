#include "kit/script_recorder.hpp"

#include <nlohmann/json.hpp>

#include "base/json_text.hpp"

namespace parley::kit {
namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string text_member(const Json& object, const char* name) {
    return object.is_object() && object.contains(name) && object[name].is_string()
               ? object[name].get<std::string>()
               : "";
}

// What a person reads of it, as the testkit sees it.
std::string readable(const Json& message, const std::string& type) {
    const Json content = message.is_object() ? message.value(type, Json::object()) : Json::object();
    if (type == "interactive")
        return text_member(content.is_object() ? content.value("body", Json::object()) : Json(), "text");
    const std::string body = text_member(content, "body");
    return body.empty() ? text_member(content, "caption") : body;
}

}  // namespace

ScriptRecorder::ScriptRecorder(const std::string& agent_id, const std::string& config_json)
    : text_("# Recorded by parley chat.\nagent: " + json_string(agent_id) + "\n") {
    text_ += config_json.empty()
                 ? "# Its configuration is not written down: give it with parley agent test --config FILE.\n"
                 : "config: " + config_json + "\n";
    text_ += "steps:\n";
}

void ScriptRecorder::said(const std::string& text) {
    text_ += "  - user: " + json_string(text) + "\n";
}

void ScriptRecorder::tapped(const std::string& kind, const std::string& id, const std::string& title) {
    text_ += std::string("  - user: {") + (kind == "list_reply" ? "list" : "button") +
             ": {id: " + json_string(id) + ", title: " + json_string(title) + "}}\n";
}

void ScriptRecorder::waited(Millis duration) {
    text_ += "  - wait: " + std::to_string(duration.count()) + "ms\n";
}

void ScriptRecorder::answered(const std::vector<std::string>& messages,
                              const std::vector<std::pair<std::string, std::string>>& annotations) {
    if (messages.empty() && annotations.empty()) {
        text_ += "    expect_none: true\n";
        return;
    }
    text_ += "    expect:\n";
    for (const std::string& native : messages) {
        const Json message = Json::parse(native, nullptr, false);
        const std::string type = text_member(message, "type");
        text_ += "      - text: " + json_string(readable(message, type)) + "\n";
        if (type != "text") text_ += "        type: " + json_string(type) + "\n";
    }
    Json noted = Json::object();
    for (const auto& [name, value] : annotations) noted[name] = value;
    if (!noted.empty()) text_ += "      - annotations: " + dumped(noted) + "\n";
}

}  // namespace parley::kit
