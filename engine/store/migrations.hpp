// The schema's versions: brings a database to the newest one.
#pragma once

#include "base/result.hpp"
#include "store/sqlite.hpp"

namespace parley {

// The version this program writes, kept in `PRAGMA user_version`.
int newest_schema() noexcept;

// Applies the missing steps, each in a transaction of its own. conflict: a newer program has written the
// database.
Result<> migrate(sqlite::Database& db);

}  // namespace parley
