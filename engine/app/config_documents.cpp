#include "app/config_documents.hpp"

#include <algorithm>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/config_table.hpp"

namespace parley {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t width = 110;

std::vector<std::string> parts_of(std::string_view path) {
    std::vector<std::string> parts;
    while (!path.empty()) {
        const auto dot = path.find('.');
        parts.emplace_back(path.substr(0, dot));
        path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
    }
    return parts;
}

std::string type_text(const Key& key) {
    switch (key.type) {
        case KeyType::text:
            return "text";
        case KeyType::digits:
            return "digits";
        case KeyType::name:
            return "name";
        case KeyType::flag:
            return "true or false";
        case KeyType::count:
            return "number";
        case KeyType::threads:
            return "number or auto";
        case KeyType::size:
            return "size (B, KiB, MiB, GiB)";
        case KeyType::duration:
            return "duration (ms, s, m, h, d)";
        case KeyType::rate:
            return "rate (80/s, 1/6s, 100/minute) or off";
        case KeyType::ratio:
            return "number from 0 to 1";
        case KeyType::choice: {
            std::string text;
            for (const std::string_view one : split_choices(key.choices))
                text += (text.empty() ? "" : ", ") + std::string(one);
            return text;
        }
        case KeyType::host_port:
            return "address:port";
        case KeyType::url:
            return "URL";
        case KeyType::store_url:
            return "sqlite:path";
        case KeyType::api_version:
            return "version";
        case KeyType::path:
            return "path";
        case KeyType::agent:
            return "id or path";
        case KeyType::hosts:
            return "list of hosts";
        case KeyType::networks:
            return "list of networks";
        case KeyType::paths:
            return "list of paths";
        case KeyType::choices: {
            std::string text = "list of";
            for (const std::string_view one : split_choices(key.choices)) text.append(" ").append(one);
            return text;
        }
        case KeyType::secret:
            return "secret";
        case KeyType::secrets:
            return "secret, or a list";
        case KeyType::named_secrets:
            return "block of secrets";
        case KeyType::agent_config:
            return "block";
        case KeyType::later:
            return "not supported yet";
    }
    return {};
}

void append_wrapped(std::string& out, const std::string& indent, std::string_view text) {
    std::string line = indent + "#";
    while (!text.empty()) {
        const auto space = std::min(text.find(' '), text.size());
        if (line.size() + 1 + space > width && line.size() > indent.size() + 1) {
            out += line + "\n";
            line = indent + "#";
        }
        line += " " + std::string(text.substr(0, space));
        text.remove_prefix(std::min(space + 1, text.size()));
    }
    out += line + "\n";
}

// One key with its sentence; what has no default stands there as a comment with an example.
void append_key(std::string& out, const Key& key, const std::string& indent) {
    std::string help(key.help);
    if (key.type == KeyType::later) help = "(not supported yet) " + help;
    append_wrapped(out, indent, help);
    std::string value = default_text(key);
    const bool shows_example = key.is_required || key.in_reference;
    const bool is_unset = value.empty() && !shows_example;
    if (value.empty()) value = key.example;
    out += indent + (is_unset ? "# " : "") + std::string(last_part(key.path)) + ": " + value + "\n";
}

// Named blocks: apps and keys as comments, since a file without them has none; a deployment in full.
std::string block_name(const std::string& part, std::size_t depth, const std::vector<std::string>& parts) {
    if (part != "*") return part;
    const std::string above = depth > 0 ? parts[depth - 1] : "";
    return above == "apps" ? "support" : above == "keys" ? "dashboard" : "example";
}

Json schema_of_value(const Key& key) {
    const Json variable = {{"type", "string"}, {"pattern", R"(\$\{)"}};
    const auto text = [](const char* pattern) { return Json{{"type", "string"}, {"pattern", pattern}}; };
    switch (key.type) {
        case KeyType::flag:
            return {{"anyOf", {Json{{"type", "boolean"}}, variable}}};
        case KeyType::count:
            return {{"anyOf",
                     {Json{{"type", "integer"}, {"minimum", key.least}, {"maximum", key.most}}, variable}}};
        case KeyType::threads:
            return {{"anyOf",
                     {Json{{"type", "integer"}, {"minimum", key.least}, {"maximum", key.most}},
                      Json{{"const", "auto"}}, variable}}};
        case KeyType::size:
            return text(R"(^[0-9]+(B|KiB|MiB|GiB)$|\$\{)");
        case KeyType::duration:
            return text(R"(^[0-9]+(ms|s|m|h|d)$|\$\{)");
        case KeyType::rate:
            return text(R"(^[0-9]+/([0-9]*(ms|s|m|h|d)|second|minute|hour|day)$|^off$|\$\{)");
        case KeyType::ratio:
            return {{"anyOf", {Json{{"type", "number"}, {"minimum", 0}, {"maximum", 1}}, variable}}};
        case KeyType::digits:
            return {{"anyOf", {Json{{"type", "integer"}, {"minimum", 0}}, text(R"(^[0-9]{1,20}$|\$\{)")}}};
        case KeyType::choice: {
            Json names = Json::array();
            for (const std::string_view one : split_choices(key.choices)) names.push_back(one);
            return {{"anyOf", {Json{{"enum", names}}, variable}}};
        }
        case KeyType::hosts:
        case KeyType::networks:
        case KeyType::paths:
            return {{"type", "array"}, {"items", {{"type", "string"}}}};
        case KeyType::choices: {
            Json names = Json::array();
            for (const std::string_view one : split_choices(key.choices)) names.push_back(one);
            return {{"type", "array"}, {"minItems", 1}, {"items", {{"enum", names}}}};
        }
        case KeyType::secrets:
            return {{"anyOf",
                     {Json{{"type", "string"}}, Json{{"type", "array"}, {"items", {{"type", "string"}}}}}}};
        case KeyType::named_secrets:
            return {{"type", "object"}, {"additionalProperties", {{"type", "string"}}}};
        case KeyType::agent_config:
            return {{"type", {"object", "null"}}};
        case KeyType::later:
            return Json::object();
        default:
            return {{"type", "string"}};
    }
}

Json schema_of(const Key& key) {
    Json schema = schema_of_value(key);
    const std::string prefix = key.type == KeyType::later ? "Not supported by this version yet. " : "";
    schema["description"] = prefix + std::string(key.help);
    if (const std::string value = default_text(key); !value.empty() && key.type != KeyType::later) {
        schema["default"] = value == "true" ? Json(true) : value == "false" ? Json(false) : Json(value);
        if (key.type == KeyType::count) schema["default"] = std::stoll(value);
        if (key.type == KeyType::ratio) schema["default"] = std::stod(value);
        if (value.front() == '[') schema["default"] = Json::array();
        if (value.front() == '{') schema["default"] = Json::object();
    }
    return schema;
}

Json& child_of(Json& parent, const std::string& part) {
    if (part == "*") {
        parent["propertyNames"] = {
            {"pattern", "^[a-z0-9][a-z0-9-]{0,62}$"}};  // first: adding moves what is there
        Json& child = parent["additionalProperties"];
        if (child.is_boolean()) child = Json::object();
        return child;
    }
    return parent["properties"][part];
}

}  // namespace

std::string reference_yaml() {
    std::string out =
        "# Every key of a configuration, its default, and what it does. Made by `parley check --reference`.\n"
        "# Keys that stand behind a # have no default; what follows them is an example.\n";
    std::vector<std::string> open;
    for (const Key& key : config_keys()) {
        std::vector<std::string> blocks = parts_of(key.path);
        blocks.pop_back();
        std::size_t same = 0;
        while (same < std::min(open.size(), blocks.size()) && open[same] == blocks[same]) ++same;
        const bool is_comment = key.path.starts_with("whatsapp.apps.") || key.path.starts_with("admin.keys.");
        for (std::size_t depth = same; depth < blocks.size(); ++depth) {
            if (depth == 0) out += "\n";
            const std::string indent(depth * 2, ' ');
            const std::string comment = is_comment && depth > 0 ? "# " : "";
            out += indent + comment + block_name(blocks[depth], depth, blocks) + ":\n";
        }
        open = blocks;
        if (blocks.empty()) out += "\n";
        const std::string indent(blocks.size() * 2, ' ');
        if (!is_comment) {
            append_key(out, key, indent);
            continue;
        }
        append_wrapped(out, indent, key.help);
        out += indent + "# " + std::string(last_part(key.path)) + ": " + std::string(key.example) + "\n";
    }
    return out;
}

std::string json_schema() {
    Json root = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                 {"title", "Configuration of parley"},
                 {"type", "object"},
                 {"additionalProperties", false}};
    for (const Key& key : config_keys()) {
        std::vector<std::string> blocks = parts_of(key.path);
        const std::string leaf = blocks.back();
        blocks.pop_back();
        Json* at = &root;
        for (const std::string& block : blocks) {
            at = &child_of(*at, block);
            if (!at->contains("type")) *at = {{"type", {"object", "null"}}, {"additionalProperties", false}};
        }
        (*at)["properties"][leaf] = schema_of(key);
        if (key.is_required) (*at)["required"].push_back(leaf);
    }
    Json& deployment = root["properties"]["deployments"]["additionalProperties"]["properties"];
    for (const auto& [block, word] : {std::pair{"pace", "off"}, std::pair{"outside_window", "fail"}})
        deployment[block] = {{"anyOf", {Json{{"const", word}}, deployment[block]}}};
    deployment["record"] = {{"anyOf", {Json{{"type", "boolean"}}, deployment["record"]}}};
    return root.dump(2) + "\n";
}

std::string keys_markdown() {
    std::string out = "| key | value | default | what it does | on reload |\n|---|---|---|---|---|\n";
    for (const Key& key : config_keys()) {
        std::string path(key.path);
        if (const auto star = path.find('*'); star != std::string::npos) path.replace(star, 1, "NAME");
        const std::string value = default_text(key);
        const std::string shown = key.is_required ? "required" : value.empty() ? "" : "`" + value + "`";
        out += "| `" + path + "` | " + type_text(key) + " | " + shown + " | " + std::string(key.help) +
               " | " + (key.is_live ? "at once" : "") + " |\n";
    }
    return out;
}

}  // namespace parley
