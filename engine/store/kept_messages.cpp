#include "store/kept_messages.hpp"

#include "store/item_flags.hpp"

namespace parley {
namespace {

constexpr std::size_t most_known = 4096;

// One number's; the statements belong to the caller's transaction.
struct Delivery {
    sqlite::Statement first, open, mark, drop;

    std::int64_t run(sqlite::Database& db, const ServedNumber& number, WallTime oldest) {
        first.start(number.channel.str(), number.app.str());
        const std::int64_t from = first.next() ? first.integer(0) : 0;
        first.reset();
        if (from == 0) return 0;
        open.run(item_routed, from, number.channel.str(), number.app.str(), ItemKind::message,
                 item_answerable, unix_ms(oldest));
        const std::int64_t opened = db.changes();
        mark.run(from - 1);
        drop.run(number.channel.str(), number.app.str());
        return opened;
    }
};

}  // namespace

Result<> KeptMessages::open(sqlite::Database& db) {
    if (!db.prepare(insert_, "INSERT OR IGNORE INTO kept VALUES (?1,?2,?3)")) return db.error();
    return {};
}

void KeptMessages::add(const PhoneNumberId& channel, const AppId& app, ItemSeq seq) {
    if (channel.empty() || app.empty()) return;
    if (known_.size() >= most_known) known_.clear();
    if (known_.emplace(channel, app).second) insert_.run(channel.str(), app.str(), seq);
}

Result<std::int64_t> KeptMessages::deliver(sqlite::Database& db, const std::vector<ServedNumber>& numbers,
                                           WallTime oldest) {
    Delivery delivery;
    if (!db.prepare(delivery.first, "SELECT first FROM kept WHERE channel=?1 AND app=?2") ||
        !db.prepare(delivery.open,
                    "UPDATE item SET flags=flags|?1 WHERE seq>=?2 AND channel=?3 AND app=?4 AND kind=?5 AND"
                    " (flags & 3)=?6 AND at>=?7") ||
        // The index is built from what stands after the mark.
        !db.prepare(delivery.mark, "UPDATE mark SET items_through=min(items_through, ?1)") ||
        !db.prepare(delivery.drop, "DELETE FROM kept WHERE channel=?1 AND app=?2"))
        return db.error();
    std::int64_t opened = 0;
    if (!db.begin()) return db.error();
    for (const ServedNumber& number : numbers) opened += delivery.run(db, number, oldest);
    if (!db.failed() && db.commit()) return opened;
    const Error why = db.error();
    db.rollback();
    return why;
}

}  // namespace parley
