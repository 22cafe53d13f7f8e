// "format": "path" in a config schema: relative paths become absolute, as the engine makes them.
#pragma once

#include <filesystem>
#include <string>

namespace parley::testing {

std::string with_absolute_paths(const std::string& schema_json, const std::string& config_json,
                                const std::filesystem::path& folder);

}  // namespace parley::testing
