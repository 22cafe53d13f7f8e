// A private copy of a library from which it is loaded, so that overwriting the original never touches running
// code, and every version has a path of its own (the loader knows libraries by path).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace parley {

// Writes `bytes` to <state_dir>/plugins/<sha256>/<id>.so, mode 0555, synced, and returns that path
// (absolute). A copy with the same content is used again; a damaged one is replaced. unavailable when the
// disk refuses. Blocks.
Result<std::filesystem::path> stage_library(const std::filesystem::path& state_dir, const std::string& id,
                                            std::string_view bytes);

}  // namespace parley
