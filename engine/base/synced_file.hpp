// Files that are there whole or not at all, whatever happens meanwhile.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.hpp"

namespace parley {

// Writes a new file into the folder of `path`, syncs it, renames it to `path` and syncs the folder. `mode` as of chmod.
// unavailable, with the path and the system's reason. Blocks.
Result<> write_synced(const std::filesystem::path& path, std::string_view bytes, unsigned mode);

}  // namespace parley
