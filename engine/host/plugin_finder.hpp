// Finds agents in folders, by looking at their files only.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "host/plugin_manifest.hpp"

namespace parley {

using PluginPath = std::vector<std::filesystem::path>;  // folders of *.so, first wins

// Every *.so of the folders, inspected but not loaded, sorted by name within a folder. A refused one is
// listed with its `problem`. not_found when a path is no folder.
Result<std::vector<PluginInfo>> discover_plugins(const PluginPath& path);

// By manifest id, by file name without .so where no id fits, or, with a '/' or a trailing ".so", by path.
// not_found lists what there is; invalid_input when it cannot run here.
Result<PluginInfo> find_plugin(const PluginPath& path, const std::string& id_or_file);

}  // namespace parley
