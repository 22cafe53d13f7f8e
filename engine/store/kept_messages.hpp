// Messages for numbers that nobody had: where the first of each number stands, so that they are found when a deployment
// gets the number.
//
// Threads   The writer, inside its transaction; deliver() at start, before the index is loaded.
#pragma once

#include <set>
#include <utility>

#include "core/number_records.hpp"
#include "store/sqlite.hpp"
#include "store/sqlite_store.hpp"

namespace parley {

class KeptMessages {
  public:
    Result<> open(sqlite::Database& db);

    // A message an agent would have got was stored for a number without a deployment.
    void add(const PhoneNumberId& channel, const AppId& app, ItemSeq seq);
    void forget() { known_.clear(); }  // after a rollback

    // The next of those that were kept for a number, marked as its own from now on; looks at so many items that a commit
    // is not held up. They count only when the number's own app signed them.
    struct Page {
        std::vector<ItemSeq> opened;
        bool is_last = false;
    };
    Page open_next(const KeptCall& call);

    // Opens, in a transaction of its own, the kept messages of these numbers for their turn. Only those count that the
    // number's own app signed, and that are no older than `oldest`. Returns how many.
    static Result<std::int64_t> deliver(sqlite::Database& db, const std::vector<ServedNumber>& numbers,
                                        WallTime oldest);

  private:
    sqlite::Statement insert_, first_, newest_, candidates_, open_, mark_, advance_, drop_;
    std::set<std::pair<PhoneNumberId, AppId>> known_;  // that have a row
};

}  // namespace parley
