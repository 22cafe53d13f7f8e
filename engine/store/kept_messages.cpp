#include "store/kept_messages.hpp"

#include <algorithm>

#include "store/item_flags.hpp"

namespace parley {
namespace {

constexpr std::size_t most_known = 4096;
constexpr std::int64_t items_looked_at = 4096;
constexpr const char* first_sql = "SELECT first FROM kept WHERE channel=?1 AND app=?2";
// The index is built from what stands after the mark.
constexpr const char* mark_sql = "UPDATE mark SET items_through=min(items_through, ?1)";
constexpr const char* drop_sql = "DELETE FROM kept WHERE channel=?1 AND app=?2";

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
    if (!db.prepare(insert_, "INSERT OR IGNORE INTO kept VALUES (?1,?2,?3)") ||
        !db.prepare(first_, first_sql) || !db.prepare(newest_, "SELECT coalesce(max(seq), 0) FROM item") ||
        !db.prepare(candidates_,
                    "SELECT seq FROM item WHERE seq>=?1 AND seq<?2 AND channel=?3 AND app=?4 AND kind=?5 AND"
                    " (flags & 3)=?6 AND at>=?7") ||
        !db.prepare(open_, "UPDATE item SET flags=flags|?1 WHERE seq=?2") || !db.prepare(mark_, mark_sql) ||
        !db.prepare(advance_, "UPDATE kept SET first=?3 WHERE channel=?1 AND app=?2") ||
        !db.prepare(drop_, drop_sql))
        return db.error();
    return {};
}

KeptMessages::Page KeptMessages::open_next(const KeptCall& call) {
    Page page;
    first_.start(call.channel.str(), call.app.str());
    const std::int64_t from = first_.next() ? first_.integer(0) : 0;
    first_.reset();
    newest_.start();
    const std::int64_t newest = newest_.next() ? newest_.integer(0) : 0;
    newest_.reset();
    const std::int64_t end = std::min(newest + 1, from + items_looked_at);
    page.is_last = from == 0 || end > newest;
    if (from == 0) return page;
    candidates_.start(from, end, call.channel.str(), call.app.str(), ItemKind::message, item_answerable,
                      unix_ms(call.oldest));
    while (candidates_.next()) page.opened.push_back(ItemSeq{candidates_.integer(0)});
    for (const ItemSeq seq : page.opened) open_.run(item_routed, seq);
    if (!page.opened.empty()) mark_.run(to_int(page.opened.front()) - 1);
    if (page.is_last) {
        drop_.run(call.channel.str(), call.app.str());
        known_.erase({call.channel, call.app});
    } else {
        advance_.run(call.channel.str(), call.app.str(), end);
    }
    return page;
}

void KeptMessages::add(const PhoneNumberId& channel, const AppId& app, ItemSeq seq) {
    if (channel.empty() || app.empty()) return;
    if (known_.size() >= most_known) known_.clear();
    if (known_.emplace(channel, app).second) insert_.run(channel.str(), app.str(), seq);
}

Result<std::int64_t> KeptMessages::deliver(sqlite::Database& db, const std::vector<ServedNumber>& numbers,
                                           WallTime oldest) {
    Delivery delivery;
    if (!db.prepare(delivery.first, first_sql) ||
        !db.prepare(delivery.open,
                    "UPDATE item SET flags=flags|?1 WHERE seq>=?2 AND channel=?3 AND app=?4 AND kind=?5 AND"
                    " (flags & 3)=?6 AND at>=?7") ||
        !db.prepare(delivery.mark, mark_sql) || !db.prepare(delivery.drop, drop_sql))
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
