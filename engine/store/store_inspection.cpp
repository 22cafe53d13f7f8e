#include "store/store_inspection.hpp"

#include <memory>
#include <string>

#include <sqlite3.h>

#include "store/file_lock.hpp"
#include "store/migrations.hpp"

namespace parley {
namespace {

namespace fs = std::filesystem;

constexpr int steps_between_looks = 10'000;  // of SQLite's machine: about a millisecond
constexpr int patience_ms = 2000;            // with an engine that holds a lock

struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Connection = std::unique_ptr<sqlite3, Close>;

Error error_of(sqlite3* db, int code) {
    const int kind = code & 0xff;
    const bool is_damaged = kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB;
    return Error(is_damaged ? Errc::corrupt : Errc::unavailable,
                 db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code));
}

std::string as_uri(const fs::path& file, bool is_still) {
    std::string uri = "file:";
    for (const char c : file.string()) {
        if (c == '%') uri += "%25";
        if (c == '?') uri += "%3f";
        if (c == '#') uri += "%23";
        if (c != '%' && c != '?' && c != '#') uri += c;
    }
    return uri + (is_still ? "?immutable=1" : "");
}

std::uint64_t size_of(const fs::path& file) {
    std::error_code failed;
    const auto size = fs::file_size(file, failed);
    return failed ? 0 : size;
}

// A reader of a database that nobody uses would leave SQLite's journal files behind; a still one is read without them.
Result<Connection> open_to_read(const fs::path& database) {
    const bool is_still = store_holder(database) == 0 && size_of(database.string() + "-wal") == 0;
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(as_uri(database, is_still).c_str(), &raw,
                                     SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, nullptr);
    Connection db(raw);
    if (code != SQLITE_OK) return error_of(raw, code);
    sqlite3_busy_timeout(raw, patience_ms);
    return db;
}

Result<std::int64_t> ask_integer(sqlite3* db, const char* sql) {
    sqlite3_stmt* raw = nullptr;
    if (const int code = sqlite3_prepare_v2(db, sql, -1, &raw, nullptr); code != SQLITE_OK)
        return error_of(db, code);
    const std::unique_ptr<sqlite3_stmt, Close> statement(raw);
    if (const int code = sqlite3_step(raw); code != SQLITE_ROW) return error_of(db, code);
    return sqlite3_column_int64(raw, 0);
}

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

Result<bool> look_at_pages(sqlite3* db, Millis most, const Clock& clock) {
    TimeLimit limit{clock, clock.mono() + most};
    sqlite3_progress_handler(db, steps_between_looks, stop_when_over, &limit);
    const auto faults =
        ask_integer(db, "SELECT count(*) FROM pragma_quick_check(1) WHERE quick_check <> 'ok'");
    if (limit.is_over) return false;
    if (!faults) return faults.error();
    if (*faults != 0) return Error(Errc::corrupt, "it is damaged");
    return true;
}

}  // namespace

int store_holder(const fs::path& database) {
    return FileLock::holder(database.string() + ".lock");
}

Result<StoreFacts> inspect_store(const fs::path& database, Millis limit, const Clock& clock) {
    std::error_code failed;
    if (!fs::exists(database, failed)) return Error(Errc::not_found, "there is no database yet");
    const auto db = open_to_read(database);
    if (!db) return db.error();
    const auto schema = ask_integer(db->get(), "PRAGMA user_version");
    if (!schema) return schema.error();
    const auto was_checked = look_at_pages(db->get(), limit, clock);
    if (!was_checked) return was_checked.error();
    return StoreFacts{size_of(database) + size_of(database.string() + "-wal"), *schema, newest_schema(),
                      *was_checked};
}

}  // namespace parley
