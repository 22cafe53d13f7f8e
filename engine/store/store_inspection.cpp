#include "store/store_inspection.hpp"

#include "store/file_lock.hpp"
#include "store/migrations.hpp"
#include "store/sqlite.hpp"

namespace parley {
namespace {

namespace fs = std::filesystem;
using sqlite::Database;

constexpr int steps_between_looks = 10'000;  // of SQLite's machine: about a millisecond

struct TimeLimit {
    const Clock& clock;
    MonoTime end;
    bool is_over = false;
};

int stop_when_over(void* given) {
    auto& limit = *static_cast<TimeLimit*>(given);
    limit.is_over = limit.clock.mono() >= limit.end;
    return limit.is_over ? 1 : 0;
}

Result<bool> look_at_pages(Database& db, Millis most, const Clock& clock) {
    TimeLimit limit{clock, clock.mono() + most};
    sqlite3_progress_handler(db.handle(), steps_between_looks, stop_when_over, &limit);
    const auto faults =
        db.query_integer("SELECT count(*) FROM pragma_quick_check(1) WHERE quick_check <> 'ok'");
    sqlite3_progress_handler(db.handle(), 0, nullptr, nullptr);
    if (limit.is_over) return false;
    if (!faults) return faults.error();
    if (*faults != 0) return Error(Errc::corrupt, "it is damaged");
    return true;
}

std::uint64_t size_of(const fs::path& file) {
    std::error_code failed;
    const auto size = fs::file_size(file, failed);
    return failed ? 0 : size;
}

}  // namespace

int store_holder(const fs::path& database) {
    return FileLock::holder(database.string() + ".lock");
}

Result<StoreFacts> inspect_store(const fs::path& database, Millis limit, const Clock& clock) {
    std::error_code failed;
    if (!fs::exists(database, failed)) return Error(Errc::not_found, "there is no database yet");
    auto db = Database::open(database.string(), Database::Mode::read);
    if (!db) return db.error();
    const auto schema = db->query_integer("PRAGMA user_version");
    if (!schema) return schema.error();
    const auto was_checked = look_at_pages(*db, limit, clock);
    if (!was_checked) return was_checked.error();
    return StoreFacts{size_of(database) + size_of(database.string() + "-wal"), *schema, newest_schema(),
                      *was_checked};
}

}  // namespace parley
