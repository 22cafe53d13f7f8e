// DeadLetterTable: what no agent and no send could finish, for a person to look at.
#pragma once

#include <optional>

#include "core/message_store.hpp"
#include "store/batch.hpp"
#include "store/sqlite.hpp"

namespace parley {

// Threads: the writer, inside its transaction.
class DeadLetterTable {
  public:
    struct About {
        bool inbound = true;
        std::int64_t message = 0;  // an ItemSeq when `inbound`, else an OutboundId
    };

    Result<> open(sqlite::Database& db) {
        if (!db.prepare(
                insert_,
                "INSERT INTO dead_letter (inbound, message, at, reason, detail) VALUES (?1,?2,?3,?4,?5)") ||
            !db.prepare(find_, "SELECT inbound, message FROM dead_letter WHERE id=?1") ||
            !db.prepare(remove_, "DELETE FROM dead_letter WHERE id=?1"))
            return db.error();
        return {};
    }
    void add(Batch& batch, bool inbound, std::int64_t message, WallTime at, const DeadLetter& letter) {
        insert_.run(inbound, message, unix_ms(at), letter.reason, letter.detail);
        ++batch.changes.dead_letters;
    }
    std::optional<About> find(std::int64_t id) {
        find_.start(id);
        if (!find_.next()) return std::nullopt;
        const About about{find_.integer(0) != 0, find_.integer(1)};
        find_.reset();
        return about;
    }
    void remove(Batch& batch, std::int64_t id) {
        remove_.run(id);
        ++batch.changes.ended_letters;
    }

  private:
    sqlite::Statement insert_, find_, remove_;
};

}  // namespace parley
