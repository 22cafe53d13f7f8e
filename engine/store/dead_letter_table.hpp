// DeadLetterTable: what no agent and no send could finish, for a person to look at.
#pragma once

#include "core/message_store.hpp"
#include "store/batch.hpp"
#include "store/sqlite.hpp"

namespace parley {

// Threads: the writer, inside its transaction.
class DeadLetterTable {
  public:
    Result<> open(sqlite::Database& db) {
        if (!db.prepare(
                insert_,
                "INSERT INTO dead_letter (inbound, message, at, reason, detail) VALUES (?1,?2,?3,?4,?5)"))
            return db.error();
        return {};
    }
    // `message`: an ItemSeq when `inbound`, else an OutboundId.
    void add(Batch& batch, bool inbound, std::int64_t message, WallTime at, const DeadLetter& letter) {
        insert_.run(inbound, message, unix_ms(at), letter.reason, letter.detail);
        ++batch.changes.dead_letters;
    }

  private:
    sqlite::Statement insert_;
};

}  // namespace parley
