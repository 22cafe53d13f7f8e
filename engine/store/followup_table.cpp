#include "store/followup_table.hpp"

#include <algorithm>

#include "base/json_text.hpp"

namespace parley {
namespace {

constexpr std::int64_t flag_unless_written = 1, flag_in_window = 2;  // stored

}  // namespace

Result<> FollowupTable::open(sqlite::Database& db) {
    db_ = &db;
    if (!db.prepare(put_,
                    "INSERT INTO followup VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10) ON CONFLICT DO UPDATE SET"
                    " channel=?3, due=?4, scheduled_at=?5, flags=?6, wa_id=?7, user_id=?8, name=?9,"
                    " payload=?10") ||
        !db.prepare(cancel_, "DELETE FROM followup WHERE conversation=?1 AND key=?2") ||
        !db.prepare(written_, "DELETE FROM followup WHERE conversation=?1 AND (flags & 1)<>0") ||
        !db.prepare(clash_,
                    "DELETE FROM followup WHERE conversation IN (?1, ?2) AND EXISTS (SELECT 1 FROM followup o"
                    " WHERE o.conversation IN (?1, ?2) AND o.conversation<>followup.conversation"
                    " AND o.key=followup.key AND (o.scheduled_at>followup.scheduled_at OR"
                    " (o.scheduled_at=followup.scheduled_at AND o.conversation<followup.conversation)))") ||
        !db.prepare(move_, "UPDATE followup SET conversation=?1 WHERE conversation=?2") ||
        !db.prepare(keys_, "SELECT key FROM followup WHERE conversation=?1") ||
        !db.prepare(due_,
                    "SELECT conversation, key, due, scheduled_at, flags, wa_id, user_id, name, payload"
                    " FROM followup WHERE channel=?1 AND due<=?2 ORDER BY due LIMIT ?3") ||
        !db.prepare(next_, "SELECT min(due) FROM followup WHERE channel=?1") ||
        !db.prepare(any_, "SELECT EXISTS (SELECT 1 FROM followup)"))
        return db.error();
    const auto any = db.query_integer("SELECT EXISTS (SELECT 1 FROM followup)");
    if (!any) return any.error();
    has_any_ = *any != 0;
    return {};
}

std::vector<std::string> FollowupTable::keys(ConversationId conversation) {
    std::vector<std::string> keys;
    keys_.start(conversation);
    while (keys_.next()) keys.emplace_back(keys_.text(0));
    return keys;
}

void FollowupTable::apply(Batch& batch, ConversationId conversation, const TurnCommit& turn) {
    for (const FollowupOrder& order : turn.followups) {
        const bool is_late = order.unless_written && turn.has_written_again;
        if (order.is_cancelled || is_late) {
            cancel_.run(conversation, order.key);
            batch.followups.cancelled += order.is_cancelled ? static_cast<std::uint64_t>(db_->changes()) : 0;
            batch.followups.written += is_late && !order.is_cancelled;
            continue;
        }
        put_.run(conversation, order.key, turn.channel.str(), unix_ms(order.due), unix_ms(turn.at),
                 (order.unless_written ? flag_unless_written : 0) | (order.in_window ? flag_in_window : 0),
                 turn.person.wa_id, turn.person.user_id, turn.person.name, order.payload_json);
        ++batch.followups.scheduled;
        has_any_ = true;
    }
}

void FollowupTable::person_wrote(Batch& batch, ConversationId conversation) {
    written_.run(conversation);
    batch.followups.written += static_cast<std::uint64_t>(db_->changes());
}

void FollowupTable::merge(ConversationId keep, ConversationId gone) {
    if (!has_any_) return;
    clash_.run(keep, gone);
    move_.run(keep, gone);
}

FollowupTable::Due FollowupTable::read_due() {
    Due due;
    due.conversation = ConversationId{due_.integer(0)};
    due.key = due_.text(1);
    due.at = from_unix_ms(due_.integer(2));
    due.in_window = (due_.integer(4) & flag_in_window) != 0;
    std::string& json = due.item_json;
    json = R"({"followup":{"key":)";
    append_json_string(json, due.key);
    json.append(R"(,"payload":)").append(due_.text(8).empty() ? std::string_view("{}") : due_.text(8));
    json.append(R"(},"scheduled_at":)").append(std::to_string(due_.integer(3)));
    json.append(R"(,"due":)").append(std::to_string(due_.integer(2)));
    int column = 5;
    for (const char* name : {R"(,"wa_id":)", R"(,"user_id":)", R"(,"name":)"}) {
        json += name;
        append_json_string(json, due_.text(column++));
    }
    json += '}';
    return due;
}

std::vector<FollowupTable::Due> FollowupTable::take_due(const FollowupCall& call) {
    std::vector<Due> all;
    if (!has_any_) return all;
    for (const PhoneNumberId& channel : call.channels) {
        due_.start(channel.str(), unix_ms(call.now), call.limit);
        while (due_.next()) {
            all.push_back(read_due());
            all.back().channel = channel;
        }
    }
    std::stable_sort(all.begin(), all.end(), [](const Due& a, const Due& b) { return a.at < b.at; });
    if (all.size() > call.limit) all.resize(call.limit);
    for (const Due& due : all) cancel_.run(due.conversation, due.key);
    any_.start();
    has_any_ = any_.next() && any_.integer(0) != 0;
    any_.reset();
    return all;
}

WallTime FollowupTable::next(const std::vector<PhoneNumberId>& channels) {
    WallTime first = WallTime::max();
    if (!has_any_) return first;
    for (const PhoneNumberId& channel : channels) {
        next_.start(channel.str());
        if (next_.next() && !next_.is_null(0)) first = std::min(first, from_unix_ms(next_.integer(0)));
        next_.reset();
    }
    return first;
}

}  // namespace parley
