// What can be known of a library without running any of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "host/plugin_manifest.hpp"
#include "kit/elf_dynamic.hpp"

namespace parley::kit {

struct Inspection {
    std::filesystem::path file;
    std::uintmax_t size = 0;
    std::string sha256;
    std::string build_id;       // of the linker (NT_GNU_BUILD_ID), hexadecimal; empty: none
    std::string manifest_json;  // as it stands in the file; empty: none
    PluginManifest manifest;    // what of it could be read
    std::vector<std::string> exports;
    DynamicFacts dynamic;
    std::vector<std::string> problems;  // why this host cannot run it
    std::vector<std::string> warnings;
};

// Errors: not_found, unavailable. What is wrong with the library itself is among the problems.
Result<Inspection> inspect_library(const std::filesystem::path& file);

std::string to_text(const Inspection& inspection);
std::string to_json(const std::vector<Inspection>& inspections);

}  // namespace parley::kit
