// Takes people's turns out of a file of records.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>

#include "base/result.hpp"
#include "core/ids.hpp"

namespace parley {

// Removes the lines of these conversations and returns how many there were. The file is written anew beside itself, synced and
// renamed, or left as it is when it has none of them; one that has nothing else is removed. Whoever has it open writes to what
// is gone. unavailable: the disk; the file is then as it was. Holds one line in memory.
Result<std::uint64_t> erase_records(const std::filesystem::path& file, const std::set<ConversationId>& of);

// What a crash left of it.
bool is_half_erased(const std::filesystem::path& file);

}  // namespace parley
