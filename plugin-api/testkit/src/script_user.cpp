// What people send in a script, and what HTTP answers.
#include "script_user.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "yaml_json.hpp"

namespace parley::testing {

namespace {

using Json = nlohmann::json;

const std::vector<std::string> media{"image", "video", "audio", "document", "sticker"};

std::string readable(const Json& object, std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (object.is_object() && object.contains(name) && object[name].is_string()) return object[name];
    return "";
}

// What a person would read of a native message, as the engine's `text`.
std::string text_of(const Json& native, const std::string& type) {
    const Json content = native.value(type, Json::object());
    if (type == "interactive") {
        const std::string kind = readable(content, {"type"});
        return readable(content.value(kind, Json::object()), {"title"});
    }
    if (type == "location") {
        const std::string name = readable(content, {"name"}), address = readable(content, {"address"});
        return name.empty() || address.empty() ? name + address : name + ", " + address;
    }
    return readable(content, {"body", "caption", "text"});
}

UserMessage from_native(const Json& given, const YAML::Node& node) {
    if (!given.is_object() || !given.contains("type") || !given["type"].is_string())
        mistake(node, "message: expected WhatsApp's own message object, with a \"type\"");
    Json native = given;
    UserMessage user;
    user.message.type = native["type"];
    user.message.text = text_of(native, user.message.type);
    if (!native.contains("from")) native["from"] = user.message.sender;
    if (!native.contains("id")) native["id"] = "wamid.script";
    if (!native.contains("timestamp")) native["timestamp"] = "1790000000";
    user.message.native_json = native.dump();
    return user;
}

UserMessage tapped(const Json& choice, const char* kind, const YAML::Node& node) {
    if (!choice.is_object() || !choice.contains("id"))
        mistake(node, std::string("expected {id: …, title: …} of the ") + kind + " that is tapped");
    Json reply{{"id", choice["id"]}, {"title", choice.value("title", choice["id"].get<std::string>())}};
    if (choice.contains("description")) reply["description"] = choice["description"];
    return from_native({{"type", "interactive"}, {"interactive", {{"type", kind}, {kind, reply}}}}, node);
}

parley_status status_of(const YAML::Node& node) {
    static const std::array<std::pair<const char*, parley_status>, 5> names{
        {{"no connection", PARLEY_INTERNAL},
         {"timeout", PARLEY_TIMEOUT},
         {"too large", PARLEY_LIMIT},
         {"denied", PARLEY_DENIED},
         {"cancelled", PARLEY_CANCELLED}}};
    for (const auto& [name, status] : names)
        if (node.Scalar() == name) return status;
    mistake(node,
            "fail: expected no connection, timeout, too large, denied or cancelled, found " + node.Scalar());
}

std::string body_of(const YAML::Node& node) {
    return node.IsScalar() ? node.Scalar() : to_json(node).dump();
}

void read_answers(const YAML::Node& node, std::vector<HttpResponse>& answers) {
    HttpResponse answer{.http_status = 200};
    if (node.IsSequence()) {
        for (const YAML::Node& one : node) read_answers(one, answers);
        return;
    }
    const YAML::Node status = node.IsMap() ? node["status"] : node;
    if (status) {
        int number = 0;
        const std::string& text = status.Scalar();
        if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc() ||
            number < 100 || number > 599)
            mistake(status, "expected an HTTP status, or {status, body, headers, after, fail, hang, then}");
        answer.http_status = number;
    }
    if (!node.IsMap()) {
        answers.push_back(std::move(answer));
        return;
    }
    require_keys(node, {"status", "body", "headers", "after", "fail", "refuse", "hang", "then"},
                 "an HTTP answer");
    if (node["body"]) answer.body = body_of(node["body"]);
    if (node["headers"]) answer.headers_json = to_json(node["headers"]).dump();
    if (node["after"]) answer.delay = read_duration(node["after"]);
    if (node["hang"]) answer.delay = std::nullopt;
    if (node["fail"]) {
        answer.status = status_of(node["fail"]);
        answer.body = node["fail"].Scalar();
    }
    if (node["refuse"]) answer.accepted = status_of(node["refuse"]);
    answers.push_back(std::move(answer));
    if (node["then"]) read_answers(node["then"], answers);
}

}  // namespace

Place place_of(const YAML::Node& node) {
    const YAML::Mark mark = node.Mark();
    return {mark.line + 1, mark.column + 1};
}

void mistake(const YAML::Node& node, std::string what) {
    throw ScriptMistake{place_of(node), std::move(what)};
}

void require_keys(const YAML::Node& node, const std::vector<std::string>& known, const char* what) {
    if (!node.IsMap()) mistake(node, std::string(what) + ": expected a mapping");
    std::vector<std::string> seen;
    for (const auto& entry : node) {
        const std::string key = entry.first.Scalar();
        if (std::find(seen.begin(), seen.end(), key) != seen.end())
            mistake(entry.first, "the key " + key + " stands here a second time");
        seen.push_back(key);
        if (std::find(known.begin(), known.end(), key) != known.end()) continue;
        std::string list;
        for (const std::string& one : known) list += (list.empty() ? "" : ", ") + one;
        mistake(entry.first, key + ": is no key of " + what + "; there are " + list);
    }
}

std::chrono::milliseconds read_duration(const YAML::Node& node) {
    static const std::array<std::pair<const char*, std::int64_t>, 5> units{
        {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
    constexpr std::int64_t most = 366LL * 86'400'000;
    const std::string text = node.IsScalar() ? node.Scalar() : "";
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string unit(end, text.data() + text.size());
    for (const auto& [name, factor] : units)
        if (error == std::errc() && unit == name && number >= 0 && number <= most / factor)
            return std::chrono::milliseconds(number * factor);
    mistake(node, "expected a duration such as 200ms, 20s, 5m, 23h or 2d, found " + text);
}

std::string read_text(const YAML::Node& node, const char* what) {
    if (!node.IsScalar()) mistake(node, std::string(what) + ": expected a text");
    return node.Scalar();
}

UserMessage read_user(const YAML::Node& node) {
    UserMessage user;
    if (node.IsScalar()) {
        user.message.text = node.Scalar();
        return user;
    }
    std::vector<std::string> known{"text",    "type",     "button", "list", "tap",
                                   "message", "location", "from",   "name"};
    known.insert(known.end(), media.begin(), media.end());
    require_keys(node, known, "user");
    if (node["text"]) user.message.text = read_text(node["text"], "text");
    if (node["tap"]) user.tap = read_text(node["tap"], "tap");
    if (node["button"]) user = tapped(to_json(node["button"]), "button_reply", node["button"]);
    if (node["list"]) user = tapped(to_json(node["list"]), "list_reply", node["list"]);
    if (node["message"]) user = from_native(to_json(node["message"]), node["message"]);
    std::vector<std::string> contents = media;
    contents.push_back("location");
    for (const std::string& type : contents)
        if (node[type]) user = from_native({{"type", type}, {type, to_json(node[type])}}, node[type]);
    const bool has_content = node["text"] || node["tap"] || !user.message.native_json.empty();
    if (!has_content)
        mistake(node, "user: expected a text, or one of text, tap, button, list, image, …, message");
    if (node["type"] && node["type"].Scalar() != user.message.type)
        mistake(node["type"], "type: this message is of type " + user.message.type);
    if (node["from"]) user.message.sender = read_text(node["from"], "from");
    if (node["name"]) user.message.name = read_text(node["name"], "name");
    return user;
}

std::vector<HttpScript> read_http(const YAML::Node& node) {
    std::vector<HttpScript> rules;
    if (!node) return rules;
    if (!node.IsMap())
        mistake(node, "http: expected a mapping such as {\"POST https://crm.test/lead\": 200}");
    for (const auto& entry : node) {
        const std::string key = entry.first.Scalar();
        const auto blank = key.find(' ');
        HttpScript rule;
        rule.method = blank == std::string::npos ? "*" : key.substr(0, blank);
        rule.url_prefix = blank == std::string::npos ? key : key.substr(blank + 1);
        if (rule.url_prefix == "*") rule.url_prefix.clear();
        read_answers(entry.second, rule.answers);
        rules.push_back(std::move(rule));
    }
    return rules;
}

}  // namespace parley::testing
