// SQLite as RAII: a connection and its prepared statements, without a word of the domain.
//
// Threads   A connection and its statements belong to one thread at a time.
// Errors    The first failure sticks to the connection: until clear_failure() its statements do nothing and
//           return no rows, so a group of writes is checked once, at its end. Opening and preparing return a
//           Result at once.
// Lifetime  Bound texts are not copied: they must live until the statement has run. A column's text is valid
//           until the next step.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include <sqlite3.h>

#include "base/result.hpp"

namespace parley::sqlite {

struct Blob {
    std::string_view bytes;
};

// What went wrong, by who must act.
enum class Failure {
    none,
    refused,  // the disk: full, broken, read-only, locked; trying again later may help
    corrupt,  // the file is damaged
    mistake,  // a constraint, a type, a limit: this statement will never succeed
};

// The failure that sticks to a connection. Shared with its statements.
struct Health {
    Failure failure = Failure::none;
    int code = 0;
    std::string message;
    void note(sqlite3* db);
};

class Statement {
  public:
    Statement() = default;
    Statement(sqlite3_stmt* statement, Health* health) : statement_(statement), health_(health) {}

    // Binds the values to ?1, ?2, … and runs to the end. True when it succeeded.
    template <class... Values>
    bool run(const Values&... values) {
        start(values...);
        while (next()) {
        }
        return health_->failure == Failure::none;
    }

    // Binds and makes ready for next().
    template <class... Values>
    void start(const Values&... values) {
        reset();
        int index = 0;
        (bind(++index, values), ...);
    }
    bool next();  // true: a row is there. At the end the statement is reset.
    void reset() noexcept { sqlite3_reset(statement_.get()); }

    std::int64_t integer(int column) const noexcept { return sqlite3_column_int64(statement_.get(), column); }
    std::string_view text(int column) const noexcept;
    bool is_null(int column) const noexcept {
        return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
    }

  private:
    template <std::integral T>
    void bind(int index, T value) {
        sqlite3_bind_int64(statement_.get(), index, static_cast<sqlite3_int64>(value));
    }
    template <class T>
    requires std::is_enum_v<T>
    void bind(int index, T value) {
        sqlite3_bind_int64(statement_.get(), index, static_cast<sqlite3_int64>(value));
    }
    void bind(int index, std::string_view text);
    void bind(int index, Blob blob);
    void bind(int index, std::nullptr_t) { sqlite3_bind_null(statement_.get(), index); }

    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
    };
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
    Health* health_ = nullptr;
};

class Database {
  public:
    enum class Mode { write, read };

    // ":memory:" opens a private database in memory.
    static Result<Database> open(const std::string& path, Mode mode);

    Result<Statement> prepare(std::string_view sql);
    // Prepares into `statement`; false when the SQL is wrong, which error() then tells.
    bool prepare(Statement& statement, std::string_view sql);
    Result<> execute(const std::string& sql);  // any number of statements without results
    Result<std::int64_t> query_integer(const std::string& sql);

    bool failed() const noexcept { return health_->failure != Failure::none; }
    Failure failure() const noexcept { return health_->failure; }
    Error error() const;
    void clear_failure() noexcept { health_->failure = Failure::none; }

    bool begin();
    bool commit();
    void rollback();  // also forgets the failure

    std::int64_t changes() const noexcept { return sqlite3_changes64(db_.get()); }
    sqlite3* handle() const noexcept { return db_.get(); }

  private:
    struct Close {
        void operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
    };
    std::unique_ptr<Health> health_ = std::make_unique<Health>();
    std::unique_ptr<sqlite3, Close> db_;
    Statement begin_, commit_, rollback_;
};

}  // namespace parley::sqlite
