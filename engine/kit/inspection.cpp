#include "kit/inspection.hpp"

#include <nlohmann/json.hpp>

#include "base/crypto/hmac.hpp"
#include "host/elf_file.hpp"

namespace parley::kit {
namespace {

using Json = nlohmann::ordered_json;

std::string joined(const std::vector<std::string>& all, const char* none) {
    std::string text;
    for (const std::string& one : all) text += (text.empty() ? "" : ", ") + one;
    return text.empty() ? none : text;
}

std::string row(std::string name, const std::string& value) {
    name.resize(14, ' ');
    return value.empty() ? "" : "  " + name + value + "\n";
}

// One line a setting: name, type, and what it is for.
std::string settings_of(const std::string& schema_json) {
    const Json schema = Json::parse(schema_json, nullptr, false);
    if (!schema.is_object() || !schema.contains("properties") || !schema["properties"].is_object()) return "";
    std::string text;
    for (const auto& [name, member] : schema["properties"].items()) {
        if (!member.is_object()) continue;
        std::string line = name;
        line.resize(std::max<std::size_t>(line.size() + 1, 18), ' ');
        const Json type = member.value("type", Json());
        line += type.is_string() ? type.get<std::string>() : "any";
        const Json required = schema.value("required", Json::array());
        if (std::find(required.begin(), required.end(), name) != required.end()) line += ", required";
        if (member.contains("description") && member["description"].is_string())
            line += ": " + member["description"].get<std::string>();
        text += "    " + line + "\n";
    }
    return text.empty() ? "  settings      none\n" : "  settings\n" + text;
}

std::string behaviour_of(const PluginManifest& manifest) {
    std::string text = manifest.conversation_parallel ? "conversations in parallel" : "one call at a time";
    if (manifest.is_blocking) text += ", may block";
    if (manifest.keep_loaded) text += ", stays loaded";
    return text;
}

}  // namespace

Result<Inspection> inspect_library(const std::filesystem::path& file) {
    const auto bytes = read_library(file);
    if (!bytes) return bytes.error();
    Inspection found;
    found.file = file;
    found.size = bytes->size();
    found.sha256 = to_hex(sha256(*bytes));
    const auto object = read_shared_object(*bytes);
    if (object) {
        found.exports = object->exports;
        found.dynamic = read_dynamic_facts(*bytes);
        found.build_id = found.dynamic.build_id;
        found.manifest_json = object->manifest;
        if (auto manifest = parse_manifest(object->manifest)) found.manifest = std::move(*manifest);
    }
    const auto info = inspect_plugin_bytes("", *bytes);
    if (info) {
        found.warnings = info->warnings;
    } else {
        const Error error = info.error();
        const std::string& sentence = error.message();
        found.problems.push_back(sentence.starts_with(": ") ? sentence.substr(2) : sentence);
    }
    return found;
}

std::string to_text(const Inspection& one) {
    const PluginManifest& manifest = one.manifest;
    std::string text = one.file.string() + "\n";
    if (!manifest.id.empty()) {
        text += row("agent", manifest.id + " " + manifest.version);
        text += row("summary", manifest.summary);
        text +=
            row("contract", std::to_string(manifest.abi_major) + "." + std::to_string(manifest.abi_minor));
        text += row("requires", joined(manifest.required_extensions, "nothing"));
        text += row("uses if there", joined(manifest.optional_extensions, ""));
        text += row("features", joined(manifest.features, ""));
        text += row("events", joined(manifest.events, ""));
        for (const ConditionalEvents& rule : manifest.events_when)
            text += row("events", joined(rule.events, "") + " with " + rule.config_json);
        text += row("calls", behaviour_of(manifest));
        text += row("state schema", manifest.state_schema == 0 ? "" : std::to_string(manifest.state_schema));
        text += row("licence", manifest.license);
        text += row("built with", joined({manifest.compiler, manifest.sdk}, ""));
        text += settings_of(manifest.config_schema);
    }
    text += row("exports", joined(one.exports, "nothing"));
    text += row("libraries", joined(one.dynamic.needed, "none"));
    text += row("build id", manifest.build_id.empty() ? one.build_id : manifest.build_id);
    text += row("sha256", one.sha256);
    text += row("size", std::to_string((one.size + 1023) / 1024) + " KiB");
    for (const std::string& warning : one.warnings) text += "  warning: " + warning + "\n";
    for (const std::string& problem : one.problems) text += "  cannot run here: " + problem + "\n";
    return text;
}

std::string to_json(const std::vector<Inspection>& inspections) {
    Json list = Json::array();
    for (const Inspection& one : inspections) {
        const Json manifest = Json::parse(one.manifest_json, nullptr, false);
        list.push_back({{"file", one.file.string()},
                        {"runs_here", one.problems.empty()},
                        {"problems", one.problems},
                        {"warnings", one.warnings},
                        {"manifest", manifest.is_discarded() ? Json() : manifest},
                        {"exports", one.exports},
                        {"libraries", one.dynamic.needed},
                        {"build_id", one.build_id},
                        {"sha256", one.sha256},
                        {"size", one.size}});
    }
    return list.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace parley::kit
