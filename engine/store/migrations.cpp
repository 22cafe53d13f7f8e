#include "store/migrations.hpp"

#include <span>

#include "base/embedded_file.hpp"

namespace parley {

std::span<const EmbeddedFile> migration_files();  // generated; in the order of their numbers

namespace {

Result<> apply(sqlite::Database& db, const std::string& script, int version) {
    if (!db.begin()) return db.error();
    const auto done = db.execute(script + ";\nPRAGMA user_version = " + std::to_string(version));
    if (!done || !db.commit()) {
        const Error why = done ? db.error() : done.error();
        db.rollback();
        return why.within("migration " + std::to_string(version));
    }
    return {};
}

}  // namespace

int newest_schema() noexcept {
    return static_cast<int>(migration_files().size());
}

Result<> migrate(sqlite::Database& db) {
    const auto version = db.query_integer("PRAGMA user_version");
    if (!version) return version.error();
    if (*version > newest_schema())
        return Error(Errc::conflict,
                     "the database has schema version " + std::to_string(*version) +
                         ", this program knows only up to " + std::to_string(newest_schema()) +
                         ": run the newer parley that wrote it, or restore a copy made before");
    for (int next = static_cast<int>(*version) + 1; next <= newest_schema(); ++next) {
        const EmbeddedFile& file = migration_files()[static_cast<std::size_t>(next - 1)];
        if (auto done = apply(db, std::string(file.bytes), next); !done) return done;
    }
    return {};
}

}  // namespace parley
