#include "store/sqlite.hpp"

namespace parley::sqlite {
namespace {

Failure failure_of(int extended_code) noexcept {
    switch (extended_code & 0xff) {
        case SQLITE_OK:
        case SQLITE_ROW:
        case SQLITE_DONE:
            return Failure::none;
        case SQLITE_FULL:
        case SQLITE_IOERR:
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_NOMEM:
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
        case SQLITE_PROTOCOL:
        case SQLITE_INTERRUPT:
            return Failure::refused;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return Failure::corrupt;
        default:
            return Failure::mistake;
    }
}

Errc errc_of(Failure failure) noexcept {
    switch (failure) {
        case Failure::refused:
            return Errc::unavailable;
        case Failure::corrupt:
            return Errc::corrupt;
        default:
            return Errc::fault;
    }
}

}  // namespace

void Health::note(sqlite3* db) {
    if (failure != Failure::none) return;
    code = sqlite3_extended_errcode(db);
    failure = failure_of(code);
    if (failure == Failure::none) failure = Failure::mistake;
    message = sqlite3_errmsg(db);
}

bool Statement::next() {
    if (health_->failure != Failure::none) {
        reset();
        return false;
    }
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) health_->note(sqlite3_db_handle(statement_.get()));
    reset();
    return false;
}

std::string_view Statement::text(int column) const noexcept {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
    const int size = sqlite3_column_bytes(statement_.get(), column);
    return bytes == nullptr ? std::string_view{} : std::string_view(bytes, static_cast<std::size_t>(size));
}

void Statement::bind(int index, std::string_view text) {
    // A null pointer would bind NULL, where the schema wants the empty text.
    const char* bytes = text.data() == nullptr ? "" : text.data();
    if (sqlite3_bind_text64(statement_.get(), index, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8) !=
        SQLITE_OK)
        health_->note(sqlite3_db_handle(statement_.get()));
}

void Statement::bind(int index, Blob blob) {
    const char* bytes = blob.bytes.data() == nullptr ? "" : blob.bytes.data();
    if (sqlite3_bind_blob64(statement_.get(), index, bytes, blob.bytes.size(), SQLITE_STATIC) != SQLITE_OK)
        health_->note(sqlite3_db_handle(statement_.get()));
}

Result<Database> Database::open(const std::string& path, Mode mode) {
    const int access =
        mode == Mode::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &raw, access | SQLITE_OPEN_NOMUTEX, nullptr);
    Database db;
    db.db_.reset(raw);
    if (code != SQLITE_OK) {
        const std::string why = raw != nullptr ? sqlite3_errmsg(raw) : "out of memory";
        return Error(Errc::unavailable, "cannot open the database " + path + ": " + why);
    }
    sqlite3_extended_result_codes(raw, 1);
    sqlite3_busy_timeout(raw, 2000);
    if (!db.prepare(db.begin_, mode == Mode::write ? "BEGIN IMMEDIATE" : "BEGIN") ||
        !db.prepare(db.commit_, "COMMIT") || !db.prepare(db.rollback_, "ROLLBACK"))
        return db.error();
    return db;
}

Result<Statement> Database::prepare(std::string_view sql) {
    Statement statement;
    if (!prepare(statement, sql)) {
        Error failed = error();
        clear_failure();
        return failed;
    }
    return statement;
}

bool Database::prepare(Statement& statement, std::string_view sql) {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v3(db_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    statement = Statement(raw, health_.get());
    if (code == SQLITE_OK) return true;
    health_->note(db_.get());
    return false;
}

Result<> Database::execute(const std::string& sql) {
    if (sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return {};
    Health now;
    now.note(db_.get());
    return Error(errc_of(now.failure), "database: " + now.message);
}

Result<std::int64_t> Database::query_integer(const std::string& sql) {
    auto statement = prepare(sql);
    if (!statement) return statement.error();
    statement->start();
    const std::int64_t value = statement->next() ? statement->integer(0) : 0;
    statement->reset();
    if (!failed()) return value;
    Error why = error();
    clear_failure();
    return why;
}

Error Database::error() const {
    return {errc_of(health_->failure), "database: " + health_->message};
}

bool Database::begin() {
    return begin_.run();
}
bool Database::commit() {
    return commit_.run();
}

void Database::rollback() {
    clear_failure();
    if (sqlite3_get_autocommit(db_.get()) == 0) rollback_.run();
    clear_failure();
}

}  // namespace parley::sqlite
