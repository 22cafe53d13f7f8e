// A database as one file that can be carried away, and back.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.hpp"

namespace parley {

struct StoreCopy {
    std::uint64_t bytes = 0;
    std::uint64_t messages = 0;  // stored, of people
    std::int64_t schema = 0;
};

// Copies what was committed when it began; the engine goes on meanwhile. The copy is checked page by page, synced,
// and appears under its name only when it is whole. not_found: there is no database; conflict: `target` exists;
// unavailable: a disk; corrupt: what was read is damaged. Blocks.
Result<StoreCopy> back_up_store(const std::filesystem::path& database, const std::filesystem::path& target);

// Puts a copy in the place of `database`, for which no engine may run (conflict). What was there, also of earlier
// engines' notes in `state_folder`, is kept under names that end in `.before-SUFFIX`. invalid_input: `copy` is no
// database of Parley; conflict: a newer program wrote it. Blocks.
Result<StoreCopy> restore_store(const std::filesystem::path& copy, const std::filesystem::path& database,
                                const std::filesystem::path& state_folder, const std::string& suffix);

}  // namespace parley
