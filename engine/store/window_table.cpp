#include "store/window_table.hpp"

#include <algorithm>

#include "core/service_window.hpp"
#include "store/item_flags.hpp"

namespace parley {
namespace {

constexpr std::chrono::seconds run_every{5};

}  // namespace

Result<> WindowTable::open(sqlite::Database& db) {
    sqlite::Statement unmoved;
    if (!db.prepare(find_, "SELECT at FROM service_window WHERE conversation=?1") ||
        !db.prepare(put_,
                    "INSERT INTO service_window VALUES (?1,?2) ON CONFLICT DO UPDATE SET at=max(at, ?2)") ||
        !db.prepare(
            unmoved,
            "SELECT i.at, i.received_at, coalesce(nullif(c.merged_into, 0), i.conversation) FROM item i"
            " JOIN conversation c ON c.id=i.conversation WHERE i.seq>?1 AND (i.flags & ?2)<>0"))
        return db.error();
    const auto through = db.query_integer("SELECT windows_through FROM mark");
    if (!through) return through.error();
    moved_through_ = moved_through_before_ = *through;
    unmoved.start(*through, item_opens_window);
    while (unmoved.next())
        note(ConversationId{unmoved.integer(2)},
             window_start(from_unix_ms(unmoved.integer(0)), from_unix_ms(unmoved.integer(1))));
    if (db.failed()) return db.error();
    return {};
}

void WindowTable::note(ConversationId conversation, WallTime at) {
    if (at == WallTime{}) return;
    WallTime& known = fresh_[conversation];
    known = std::max(known, at);
}

WallTime WindowTable::last(ConversationId conversation) {
    WallTime known{};
    for (const auto* times : {&fresh_, &moving_})
        if (const auto found = times->find(conversation); found != times->end())
            known = std::max(known, found->second);
    find_.start(conversation);
    if (find_.next()) known = std::max(known, from_unix_ms(find_.integer(0)));
    find_.reset();
    return known;
}

void WindowTable::start_run(MonoTime now, ItemSeq last_item) {
    moving_.swap(fresh_);
    fresh_.clear();
    run_.assign(moving_.begin(), moving_.end());
    std::sort(run_.begin(), run_.end());
    next_ = next_before_ = 0;
    run_through_ = to_int(last_item);
    run_started_ = now;
}

void WindowTable::move_some(MonoTime now, std::size_t limit, ItemSeq last_item) {
    if (run_.empty() && !fresh_.empty() && now - run_started_ >= run_every) start_run(now, last_item);
    limit = std::max(limit, run_.size() / 128);
    for (; next_ < run_.size() && limit > 0; ++next_, --limit)
        put_.run(run_[next_].first, unix_ms(run_[next_].second));
    if (!run_.empty() && next_ == run_.size()) moved_through_ = run_through_;
}

void WindowTable::committed() {
    if (next_ == run_.size()) {
        run_.clear();
        moving_.clear();
        next_ = 0;
    }
    next_before_ = next_;
    moved_through_before_ = moved_through_;
}

void WindowTable::rollback() {
    next_ = next_before_;
    moved_through_ = moved_through_before_;
}

}  // namespace parley
