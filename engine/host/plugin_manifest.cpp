#include "host/plugin_manifest.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>

#include <nlohmann/json.hpp>

#include <parley/ext/followup.h>
#include <parley/ext/handover.h>
#include <parley/ext/health.h>
#include <parley/ext/http.h>
#include <parley/ext/kv.h>
#include <parley/ext/media.h>
#include <parley/ext/metrics.h>
#include <parley/ext/postpone.h>
#include <parley/ext/secrets.h>
#include <parley/ext/state-migrate.h>
#include <parley/ext/thread-check.h>
#include <parley/ext/timer.h>
#include <parley/plugin.h>

#include "host/elf_file.hpp"

namespace parley {
namespace {

constexpr std::size_t max_library_bytes = 256U << 20;
constexpr std::string_view entry_symbol = "parley_plugin_v1";
constexpr std::array<std::string_view, 12> known_extensions{
    PARLEY_EXT_HTTP,          PARLEY_EXT_TIMER,    PARLEY_EXT_MEDIA,   PARLEY_EXT_POSTPONE,
    PARLEY_EXT_FOLLOWUP,      PARLEY_EXT_SECRETS,  PARLEY_EXT_METRICS, PARLEY_EXT_THREAD_CHECK,
    PARLEY_EXT_STATE_MIGRATE, PARLEY_EXT_HANDOVER, PARLEY_EXT_HEALTH,  PARLEY_EXT_KV};
constexpr std::array<std::string_view, 15> known_events{
    "reaction",    "system",        "edit",          "revoke",         "request_welcome",
    "unsupported", "errors",        "status",        "status.sent",    "status.delivered",
    "status.read", "status.played", "status.failed", "status.warning", "status.deleted"};
constexpr std::string_view field_event = "field.";  // and Meta's name of a webhook field, whatever it is

using Json = nlohmann::json;

Error refusal(std::string sentence) {
    return {Errc::invalid_input, std::move(sentence)};
}

bool is_known_event(std::string_view event) {
    if (event.starts_with(field_event)) return event.size() > field_event.size();
    return std::find(known_events.begin(), known_events.end(), event) != known_events.end();
}

bool is_id(std::string_view text) {
    const auto allowed = [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
    };
    return !text.empty() && text.size() <= 128 && text.front() != '.' &&
           std::all_of(text.begin(), text.end(), allowed);
}

bool is_version(std::string_view text) {
    const auto printable = [](unsigned char c) { return c > 0x20 && c < 0x7f; };
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), printable);
}

Result<std::string> text_member(const Json& json, const char* name) {
    const auto found = json.find(name);
    if (found == json.end()) return std::string{};
    if (!found->is_string()) return refusal(std::string("manifest: ") + name + " must be a string");
    return found->get<std::string>();
}

Result<std::vector<std::string>> list_member(const Json& json, const char* name) {
    std::vector<std::string> list;
    const auto found = json.find(name);
    if (found == json.end()) return list;
    const Error wrong = refusal(std::string("manifest: ") + name + " must be a list of at most 64 strings");
    if (!found->is_array() || found->size() > 64) return wrong;
    for (const Json& entry : *found) {
        if (!entry.is_string()) return wrong;
        list.push_back(entry.get<std::string>());
    }
    return list;
}

Result<> read_texts(const Json& json, PluginManifest& out) {
    const std::array<std::pair<const char*, std::string*>, 7> members{{{"id", &out.id},
                                                                       {"version", &out.version},
                                                                       {"summary", &out.summary},
                                                                       {"license", &out.license},
                                                                       {"sdk", &out.sdk},
                                                                       {"compiler", &out.compiler},
                                                                       {"build_id", &out.build_id}}};
    for (const auto& [name, target] : members) {
        auto text = text_member(json, name);
        if (!text) return text.error();
        *target = std::move(*text);
    }
    if (!is_id(out.id))
        return refusal(
            "manifest: id must be 1 to 128 letters, digits, '.', '_' or '-', for example com.example.hello");
    if (!is_version(out.version)) return refusal("manifest: version must be a text such as \"1.0.0\"");
    return {};
}

Result<> read_lists(const Json& json, PluginManifest& out) {
    const std::array<std::pair<const char*, std::vector<std::string>*>, 4> members{
        {{"requires", &out.required_extensions},
         {"optional", &out.optional_extensions},
         {"features", &out.features},
         {"events", &out.events}}};
    for (const auto& [name, target] : members) {
        auto list = list_member(json, name);
        if (!list) return list.error();
        *target = std::move(*list);
    }
    out.is_blocking = std::find(out.features.begin(), out.features.end(), "blocking") != out.features.end();
    return {};
}

Result<> read_conditions(const Json& json, PluginManifest& out) {
    const auto found = json.find("events_when");
    if (found == json.end()) return {};
    const Error wrong =
        refusal("manifest: events_when must be a list of {\"config\": {…}, \"events\": […]}, at most 16");
    if (!found->is_array() || found->size() > 16) return wrong;
    for (const Json& rule : *found) {
        if (!rule.is_object() || !rule.contains("config") || !rule["config"].is_object()) return wrong;
        auto events = list_member(rule, "events");
        if (!events) return events.error();
        out.events_when.push_back({rule["config"].dump(), std::move(*events)});
    }
    return {};
}

Result<> read_abi(const Json& json, PluginManifest& out) {
    const auto abi = json.find("abi");
    const auto is_number = [](const Json& n) {
        return n.is_number_unsigned() && n.get<std::uint64_t>() <= 0xffff;
    };
    if (abi == json.end() || !abi->is_array() || abi->size() != 2 || !is_number((*abi)[0]) ||
        !is_number((*abi)[1]))
        return refusal("manifest: abi must be [major, minor], for example [1, 0]");
    out.abi_major = (*abi)[0].get<std::uint16_t>();
    out.abi_minor = (*abi)[1].get<std::uint16_t>();
    return {};
}

Result<> read_settings(const Json& json, PluginManifest& out) {
    if (const auto it = json.find("state_schema"); it != json.end()) {
        if (!it->is_number_unsigned() || it->get<std::uint64_t>() > 0xffffffffU)
            return refusal("manifest: state_schema must be a whole number from 0");
        out.state_schema = it->get<std::uint32_t>();
    }
    if (const auto it = json.find("keep_loaded"); it != json.end()) {
        if (!it->is_boolean()) return refusal("manifest: keep_loaded must be true or false");
        out.keep_loaded = it->get<bool>();
    }
    if (const auto it = json.find("concurrency"); it != json.end()) {
        if (*it != "instance" && *it != "conversation")
            return refusal("manifest: concurrency must be \"instance\" or \"conversation\"");
        out.conversation_parallel = *it == "conversation";
    }
    if (const auto it = json.find("config_schema"); it != json.end() && !it->is_null()) {
        if (!it->is_object()) return refusal("manifest: config_schema must be a JSON Schema object");
        out.config_schema = it->dump();
    }
    return {};
}

std::string joined(const std::vector<std::string>& names, std::size_t most) {
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < most; ++i) text += (i == 0 ? "" : ", ") + names[i];
    if (names.size() > most) text += " …";
    return text;
}

Result<> check_exports(const SharedObject& object, PluginInfo& info) {
    std::vector<std::string> others;
    bool has_entry = false;
    for (const std::string& name : object.exports) {
        if (name == entry_symbol)
            has_entry = true;
        else
            others.push_back(name);
    }
    if (!has_entry)
        return refusal(
            "does not export parley_plugin_v1: write PARLEY_PLUGIN in C++, or define "
            "`const parley_plugin parley_plugin_v1` in C");
    if (!object.unique.empty())
        info.warnings.push_back(
            "has STB_GNU_UNIQUE symbols, which keep it in memory and shared between versions: " +
            joined(object.unique, 3) + "; build it with add_agent_plugin(), or with -fno-gnu-unique");
    if (!others.empty())
        return refusal(
            "exports more than parley_plugin_v1: " + joined(others, 3) +
            "; build it with add_agent_plugin(), or with -fvisibility=hidden and a version script");
    return {};
}

}  // namespace

Result<PluginManifest> parse_manifest(std::string_view json) {
    PluginManifest manifest;
    const Json document = Json::parse(json, nullptr, false);
    if (document.is_discarded()) return refusal("manifest: is not JSON");
    if (!document.is_object()) return refusal("manifest: must be a JSON object");
    for (const auto read : {read_texts, read_abi, read_lists, read_conditions, read_settings})
        if (const auto done = read(document, manifest); !done) return done.error();
    return manifest;
}

std::vector<std::string> events_for(const PluginManifest& manifest, std::string_view config_json) {
    std::vector<std::string> events = manifest.events;
    if (manifest.events_when.empty()) return events;
    const Json config = Json::parse(config_json, nullptr, false);
    for (const ConditionalEvents& rule : manifest.events_when) {
        const Json wanted = Json::parse(rule.config_json);
        const bool holds = std::all_of(wanted.items().begin(), wanted.items().end(), [&](const auto& member) {
            return config.is_object() && config.contains(member.key()) &&
                   config[member.key()] == member.value();
        });
        if (holds) events.insert(events.end(), rule.events.begin(), rule.events.end());
    }
    return events;
}

bool PluginManifest::names_extension(std::string_view extension) const {
    const auto has = [&](const std::vector<std::string>& list) {
        return std::find(list.begin(), list.end(), extension) != list.end();
    };
    return has(required_extensions) || has(optional_extensions);
}

Result<> check_compatible(const PluginManifest& manifest) {
    const std::string theirs = std::to_string(manifest.abi_major) + "." + std::to_string(manifest.abi_minor);
    const std::string ours = std::to_string(PARLEY_ABI_MAJOR) + "." + std::to_string(PARLEY_ABI_MINOR);
    if (manifest.abi_major != PARLEY_ABI_MAJOR)
        return refusal("is built for plugin contract " + theirs + ", this host speaks " + ours +
                       ": build it with this host's plugin.h");
    // A newer minor is welcome as long as everything it insists on exists here: structs only grow at their
    // end.
    for (const std::string& id : manifest.required_extensions)
        if (std::find(known_extensions.begin(), known_extensions.end(), id) == known_extensions.end())
            return refusal(
                "requires the extension " + id + ", which this host does not have (it has " +
                joined({known_extensions.begin(), known_extensions.end()}, known_extensions.size()) +
                "): use a newer host, or list it under `optional`");
    return {};
}

Result<PluginInfo> inspect_plugin_bytes(const std::filesystem::path& path, std::string_view bytes) {
    const auto about = [&](const Error& error) {
        return Error(error.code(), path.string() + ": " + error.message());
    };
    const auto object = read_shared_object(bytes);
    if (!object) return about(object.error());
    auto manifest = parse_manifest(object->manifest);
    if (!manifest) return about(manifest.error());
    PluginInfo info{path, std::move(*manifest), {}, {}};
    if (const auto fits = check_compatible(info.manifest); !fits) return about(fits.error());
    if (const auto fine = check_exports(*object, info); !fine) return about(fine.error());
    std::vector<std::string> events = info.manifest.events;
    for (const ConditionalEvents& rule : info.manifest.events_when)
        events.insert(events.end(), rule.events.begin(), rule.events.end());
    for (const std::string& event : events)
        if (!is_known_event(event))
            info.warnings.push_back(
                "asks for the event " + event + ", which this host does not have (it has " +
                joined({known_events.begin(), known_events.end()}, known_events.size()) + ", field.NAME)");
    return info;
}

Result<PluginInfo> inspect_plugin(const std::filesystem::path& path) {
    const auto bytes = read_library(path);
    if (!bytes) return bytes.error();
    return inspect_plugin_bytes(path, *bytes);
}

Result<std::string> read_library(const std::filesystem::path& path) {
    std::error_code trouble;
    const auto status = std::filesystem::status(path, trouble);
    if (!std::filesystem::exists(status))
        return Error{Errc::not_found, path.string() + ": there is no such file"};
    if (!std::filesystem::is_regular_file(status))
        return Error{Errc::invalid_input, path.string() + ": is not a file"};
    const auto size = std::filesystem::file_size(path, trouble);
    if (trouble) return Error{Errc::unavailable, path.string() + ": " + trouble.message()};
    if (size > max_library_bytes)
        return Error{Errc::invalid_input,
                     path.string() + ": is larger than 256 MiB: strip it, or link less into it"};
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return Error{Errc::unavailable,
                     path.string() + ": cannot be opened: " + std::generic_category().message(errno)};
    std::string bytes(size, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(size));
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    return bytes;
}

}  // namespace parley
