#include "store/store_backup.hpp"

#include <system_error>

#include "store/file_lock.hpp"
#include "store/migrations.hpp"
#include "store/sqlite.hpp"

namespace parley {
namespace {

namespace fs = std::filesystem;
using sqlite::Database;

Error failed(const fs::path& path, const std::error_code& why) {
    return Error(Errc::unavailable, path.string() + ": " + why.message());
}

Result<> copy_pages(Database& from, Database& to) {
    sqlite3_backup* copying = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
    if (copying == nullptr)
        return Error(Errc::unavailable, std::string("cannot copy: ") + sqlite3_errmsg(to.handle()));
    // In one step the source is one moment; in several, every commit of the engine would begin it anew.
    const int code = sqlite3_backup_step(copying, -1);
    sqlite3_backup_finish(copying);
    if (code == SQLITE_DONE) return {};
    const bool is_damaged = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
    return Error(is_damaged ? Errc::corrupt : Errc::unavailable,
                 std::string("cannot copy: ") + sqlite3_errstr(code));
}

// Of a database that Parley wrote and that is whole.
Result<StoreCopy> judge(const fs::path& path) {
    auto db = Database::open(path.string(), Database::Mode::read);
    if (!db) return db.error();
    const auto schema = db->query_integer("PRAGMA user_version");
    const auto tables = db->query_integer(
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('item', 'turn', 'outbound')");
    if (schema && *schema != 0 && !tables && tables.error().code() == Errc::corrupt)
        return Error(Errc::corrupt, path.string() + ": is damaged");
    if (!schema || !tables || *schema == 0 || *tables != 3)
        return Error(Errc::invalid_input, path.string() + ": is no database of Parley");
    if (*schema > newest_schema())
        return Error(Errc::conflict, path.string() + ": was written by a newer parley (schema version " +
                                         std::to_string(*schema) + ")");
    const auto faults =
        db->query_integer("SELECT count(*) FROM pragma_quick_check WHERE quick_check <> 'ok'");
    if (!faults) return faults.error();
    if (*faults != 0) return Error(Errc::corrupt, path.string() + ": is damaged");
    const auto messages = db->query_integer("SELECT count(*) FROM item WHERE kind = 0");
    if (!messages) return messages.error();
    std::error_code ignored;
    return StoreCopy{fs::file_size(path, ignored), static_cast<std::uint64_t>(*messages), *schema};
}

// `to` is there whole or not at all.
Result<StoreCopy> copy_whole(const fs::path& from, const fs::path& to) {
    const fs::path partial = to.string() + ".partial";
    std::error_code failure;
    fs::remove(partial, failure);
    auto source = Database::open(from.string(), Database::Mode::read);
    if (!source) return source.error();
    {
        auto target = Database::open(partial.string(), Database::Mode::write);
        if (!target) return target.error();
        if (auto done = target->execute("PRAGMA synchronous=FULL"); !done) return done.error();
        if (auto done = copy_pages(*source, *target); !done) return done.error();
        // The source's journal would be two more files beside the copy.
        if (auto done = target->execute("PRAGMA journal_mode=DELETE"); !done) return done.error();
    }
    auto facts = judge(partial);
    if (!facts) {
        fs::remove(partial, failure);
        return facts.error();
    }
    fs::rename(partial, to, failure);
    if (failure) return failed(to, failure);
    return facts;
}

Result<> set_aside(const fs::path& path, const std::string& suffix) {
    std::error_code failure;
    if (!fs::exists(path, failure)) return {};
    fs::rename(path, path.string() + ".before-" + suffix, failure);
    if (failure) return failed(path, failure);
    return {};
}

}  // namespace

Result<StoreCopy> back_up_store(const fs::path& database, const fs::path& target) {
    std::error_code failure;
    if (!fs::exists(database, failure))
        return Error(Errc::not_found, "there is no database " + database.string());
    if (fs::exists(target, failure)) return Error(Errc::conflict, target.string() + ": exists already");
    return copy_whole(database, target);
}

Result<StoreCopy> restore_store(const fs::path& copy, const fs::path& database, const fs::path& state_folder,
                                const std::string& suffix) {
    std::error_code failure;
    if (!fs::exists(copy, failure)) return Error(Errc::not_found, "there is no file " + copy.string());
    if (const auto facts = judge(copy); !facts) return facts.error();
    fs::create_directories(database.parent_path(), failure);
    if (failure) return failed(database.parent_path(), failure);
    const auto lock = FileLock::take(database.string() + ".lock");
    if (!lock) return lock.error();
    const fs::path fresh = database.string() + ".restored";
    auto facts = copy_whole(copy, fresh);
    if (!facts) return facts;
    for (const char* ending : {"-wal", "-shm", ""})
        if (auto done = set_aside(database.string() + ending, suffix); !done) return done.error();
    // What they say is about the other database.
    const std::string notes = (state_folder / database.filename()).string();
    for (const char* ending : {".inflight", ".crashes", ".reserve"})
        if (auto done = set_aside(notes + ending, suffix); !done) return done.error();
    fs::rename(fresh, database, failure);
    if (failure) return failed(database, failure);
    return facts;
}

}  // namespace parley
