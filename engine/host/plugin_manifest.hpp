// What an agent's library says of itself in its ELF section .parley, read and judged without loading it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace parley {

// Events that an agent asks for only where the deployment's `config` has these values.
struct ConditionalEvents {
    std::string config_json;  // an object
    std::vector<std::string> events;
};

struct PluginManifest {
    std::string id;       // letters, digits, '.', '_', '-'; at most 128
    std::string version;  // at most 64 printable characters
    std::string summary;
    std::string license;
    std::string sdk;
    std::string compiler;
    std::string build_id;
    std::uint16_t abi_major = 0;
    std::uint16_t abi_minor = 0;
    std::uint32_t state_schema = 0;
    std::vector<std::string> required_extensions;  // the manifest's `requires`
    std::vector<std::string> optional_extensions;  // `optional`
    std::vector<std::string> features;
    std::vector<std::string> events;  // what it asks for that expects no answer
    std::vector<ConditionalEvents> events_when;
    bool is_blocking = false;  // features name "blocking": runs on the pool for agents that may wait
    bool conversation_parallel = false;  // concurrency: conversation
    bool keep_loaded = false;            // must never be unloaded
    std::string config_schema;           // JSON text of an object; empty: none

    bool names_extension(std::string_view extension) const;  // required or optional
};

// A library on disk as an operator sees it.
struct PluginInfo {
    std::filesystem::path path;
    PluginManifest manifest;            // of a refused library: what could be read
    std::vector<std::string> warnings;  // it runs, but somebody should know
    std::string problem;                // why it cannot run; empty: it can
};

// invalid_input names the member that is wrong. Unknown members are allowed: manifests grow.
Result<PluginManifest> parse_manifest(std::string_view json);

// What it asks for with this configuration, a JSON object.
std::vector<std::string> events_for(const PluginManifest& manifest, std::string_view config_json);

// invalid_input when this host cannot run it: another major, or extensions that this host does not have.
Result<> check_compatible(const PluginManifest& manifest);

// Judges a library by its bytes: ELF, manifest, compatibility, exports. `path` is for messages only; errors
// begin with it.
Result<PluginInfo> inspect_plugin_bytes(const std::filesystem::path& path, std::string_view bytes);

// The same for a file; not_found or unavailable when it cannot be read.
Result<PluginInfo> inspect_plugin(const std::filesystem::path& path);

// All bytes of a library; at most 256 MiB.
Result<std::string> read_library(const std::filesystem::path& path);

}  // namespace parley
