#include "store/tail_table.hpp"

#include <algorithm>

#include "core/message.hpp"
#include "core/service_window.hpp"
#include "store/item_flags.hpp"

namespace parley {
namespace {

constexpr std::chrono::seconds run_every{5};

}  // namespace

ConversationTail read_tail(sqlite::Statement& find, ConversationId conversation) {
    ConversationTail tail;
    find.start(conversation);
    if (find.next())
        tail = {std::string(find.text(0)), ItemSeq{find.integer(1)}, OutboundId{find.integer(2)},
                from_unix_ms(find.integer(3)), from_unix_ms(find.integer(4))};
    find.reset();
    return tail;
}

Result<> TailTable::open(sqlite::Database& db) {
    if (!db.prepare(find_, find_tail_sql) ||
        !db.prepare(put_, "INSERT OR REPLACE INTO conversation_tail VALUES (?1,?2,?3,?4,?5,?6)") ||
        !db.prepare(erase_, "DELETE FROM conversation_tail WHERE conversation=?1"))
        return db.error();
    const auto items = db.query_integer("SELECT tails_through FROM mark");
    const auto outbound = db.query_integer("SELECT outbound_tails_through FROM mark");
    if (!items || !outbound) return !items ? items.error() : outbound.error();
    through_ = through_before_ = {*items, *outbound};
    if (auto done = read_unmoved(db); !done) return done;
    committed();
    return {};
}

Result<> TailTable::read_unmoved(sqlite::Database& db) {
    auto items = db.prepare(
        "SELECT i.seq, i.conversation, i.channel, i.kind, i.received_at, i.at, i.flags,"
        " coalesce(nullif(c.merged_into, 0), i.conversation) FROM item i"
        " JOIN conversation c ON c.id=i.conversation WHERE i.seq>?1 ORDER BY i.seq");
    auto outbound =
        db.prepare("SELECT id, conversation, channel, created_at FROM outbound WHERE id>?1 ORDER BY id");
    if (!items || !outbound) return !items ? items.error() : outbound.error();
    items->start(through_.item);
    while (items->next()) {
        const PhoneNumberId channel{std::string(items->text(2))};
        const WallTime received_at = from_unix_ms(items->integer(4));
        const bool is_status = static_cast<ItemKind>(items->integer(3)) == ItemKind::status;
        append(ConversationId{items->integer(1)}, channel, ItemSeq{items->integer(0)},
               is_status ? WallTime{} : received_at);
        if ((items->integer(6) & item_opens_window) != 0)
            opened_window(ConversationId{items->integer(7)}, channel,
                          window_start(from_unix_ms(items->integer(5)), received_at));
    }
    outbound->start(through_.outbound);
    while (outbound->next())
        append(ConversationId{outbound->integer(1)}, PhoneNumberId{std::string(outbound->text(2))},
               OutboundId{outbound->integer(0)}, from_unix_ms(outbound->integer(3)));
    if (db.failed()) return db.error();
    return {};
}

ConversationTail TailTable::load(ConversationId conversation) {
    if (const auto moving = moving_.find(conversation); moving != moving_.end()) return moving->second;
    if (const Slot& known = slot(conversation); known.id == conversation) return known.tail;
    return read_tail(find_, conversation);
}

ConversationTail& TailTable::touch(ConversationId conversation, const std::string& channel) {
    const auto [found, is_new] = fresh_.try_emplace(conversation);
    if (is_new) found->second = load(conversation);
    changes_.push_back({conversation, !is_new, found->second});
    if (found->second.channel.empty()) found->second.channel = channel;
    return found->second;
}

ItemSeq TailTable::append(ConversationId conversation, const PhoneNumberId& channel, ItemSeq seq,
                          WallTime active_at) {
    ConversationTail& tail = touch(conversation, channel.str());
    tail.active_at = std::max(tail.active_at, active_at);
    return std::exchange(tail.item, seq);
}

OutboundId TailTable::append(ConversationId conversation, const PhoneNumberId& channel, OutboundId id,
                             WallTime active_at) {
    ConversationTail& tail = touch(conversation, channel.str());
    tail.active_at = std::max(tail.active_at, active_at);
    return std::exchange(tail.outbound, id);
}

void TailTable::opened_window(ConversationId conversation, const PhoneNumberId& channel, WallTime at) {
    if (at == WallTime{}) return;
    ConversationTail& tail = touch(conversation, channel.str());
    tail.window_at = std::max(tail.window_at, at);
}

WallTime TailTable::window(ConversationId conversation) {
    return tail(conversation).window_at;
}

void TailTable::merge(ConversationId keep, ConversationId gone) {
    const ConversationTail other = tail(gone);
    ConversationTail& tail = touch(keep, other.channel);
    tail.window_at = std::max(tail.window_at, other.window_at);
    tail.active_at = std::max(tail.active_at, other.active_at);
}

ConversationTail TailTable::tail(ConversationId conversation) {
    const auto fresh = fresh_.find(conversation);
    return fresh != fresh_.end() ? fresh->second : load(conversation);
}

void TailTable::cut(ConversationId conversation, const ConversationTail& tail) {
    touch(conversation, tail.channel) = tail;
    put(conversation, tail);
}

void TailTable::put(ConversationId id, const ConversationTail& tail) {
    if (tail.channel.empty())
        erase_.run(id);
    else
        put_.run(id, tail.channel, tail.item, tail.outbound, unix_ms(tail.active_at),
                 unix_ms(tail.window_at));
}

void TailTable::erase(ConversationId conversation) {
    touch(conversation, {}) = {};
    erase_.run(conversation);
}

void TailTable::start_run(MonoTime now, Through last) {
    moving_.swap(fresh_);
    fresh_.clear();
    run_.clear();
    for (const auto& [id, tail] : moving_) run_.push_back(id);
    std::sort(run_.begin(), run_.end());
    next_ = next_before_ = 0;
    run_through_ = last;
    run_started_ = now;
}

void TailTable::move_some(MonoTime now, std::size_t limit, ItemSeq last_item, OutboundId last_outbound) {
    if (run_.empty() && !fresh_.empty() && now - run_started_ >= run_every)
        start_run(now, {to_int(last_item), to_int(last_outbound)});
    limit = std::max(limit, run_.size() / 128);
    for (; next_ < run_.size() && limit > 0; ++next_, --limit) put(run_[next_], moving_.at(run_[next_]));
    if (!run_.empty() && next_ == run_.size()) through_ = run_through_;
}

void TailTable::committed() {
    publish();
    changes_.clear();
    if (next_ == run_.size() && !run_.empty()) {
        const std::lock_guard lock(mutex_);
        for (auto& [id, tail] : moving_) {
            if (!fresh_.contains(id)) published_.erase(id);
            slot(id) = {id, std::move(tail)};
        }
        run_.clear();
        moving_.clear();
        next_ = 0;
    }
    next_before_ = next_;
    through_before_ = through_;
}

void TailTable::publish() {
    if (changes_.empty()) return;
    const std::lock_guard lock(mutex_);
    for (const Change& change : changes_) published_[change.id] = fresh_.at(change.id);
}

void TailTable::rollback() {
    undo_to(0);
    next_ = next_before_;
    through_ = through_before_;
}

void TailTable::undo_to(std::size_t point) {
    while (changes_.size() > point) {
        Change& change = changes_.back();
        if (change.was_fresh)
            fresh_.at(change.id) = std::move(change.before);
        else
            fresh_.erase(change.id);
        changes_.pop_back();
    }
}

std::vector<std::pair<ConversationId, ConversationTail>> TailTable::unmoved() const {
    const std::lock_guard lock(mutex_);
    return {published_.begin(), published_.end()};
}

}  // namespace parley
