// Looking at a database from outside: what it is, whether it is whole, who has it.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace parley {

struct StoreFacts {
    std::uint64_t bytes = 0;  // with its journal
    std::int64_t schema = 0;  // 0: no table was made yet
    std::int64_t newest_schema = 0;
    bool was_checked = false;  // every page was looked at; else the time did not suffice
};

// The process id of the engine that has the database; 0: none. -1: one that is not named.
int store_holder(const std::filesystem::path& database);

// Changes nothing; an engine may run. Looking at the pages takes `limit` at most. not_found: there is no database;
// corrupt: it is damaged or none of SQLite's; unavailable: it cannot be read now. Blocks.
Result<StoreFacts> inspect_store(const std::filesystem::path& database, Millis limit, const Clock& clock);

}  // namespace parley
