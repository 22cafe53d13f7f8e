// Paths in an agent's configuration are written relative to the configuration file; the agent gets them
// absolute.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace parley {

// Returns `config_json` with every relative string made absolute against `base_dir` whose schema says
// "format": "path", in `properties` at any depth and in `items`. Everything else stays as it is. An empty
// schema changes nothing. invalid_input when either text is not a JSON object.
Result<std::string> resolve_paths(std::string_view schema_json, std::string_view config_json,
                                  const std::filesystem::path& base_dir);

// JSON pointers to the strings of that kind whose files would lie outside of `folder`, links followed; all of them when
// `folder` is empty.
Result<std::vector<std::string>> find_paths_outside(std::string_view schema_json,
                                                    std::string_view config_json,
                                                    const std::filesystem::path& folder);

}  // namespace parley
