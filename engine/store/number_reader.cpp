#include "store/number_reader.hpp"

#include <algorithm>

#include "store/merged_conversation.hpp"

namespace parley {
namespace {

constexpr std::int64_t items_looked_at = 100'000;  // some 100 MB of pages at most
constexpr std::size_t page = 512;
constexpr int by_number = 0, by_user_id = 1;  // alias.kind

}  // namespace

Result<> NumberReader::open() {
    if (!db_.prepare(outbound_,
                     "SELECT o.id, o.conversation, o.created_at, o.channel, o.wa_id, o.user_id, o.payload,"
                     " s.tries, s.state, s.wamid, s.error_code, s.error_text FROM outbound_callback c"
                     " JOIN outbound o ON o.id=c.id LEFT JOIN outbound_state s ON s.id=o.id"
                     " WHERE c.callback=?1") ||
        !db_.prepare(alias_, "SELECT conversation FROM alias WHERE channel=?1 AND kind=?2 AND value=?3") ||
        !db_.prepare(merged_, merged_into_sql) ||
        !db_.prepare(
            in_, "SELECT count(*) FROM item WHERE seq>?1 AND channel=?2 AND kind=0 AND received_at>=?3") ||
        !db_.prepare(last_,
                     "SELECT received_at FROM item WHERE seq>?1 AND channel=?2 ORDER BY seq DESC LIMIT 1") ||
        !db_.prepare(out_,
                     "SELECT count(*), coalesce(sum(s.state IN (4,8)), 0) FROM outbound o LEFT JOIN"
                     " outbound_state s ON s.id=o.id WHERE o.id>?1 AND o.channel=?2 AND o.created_at>=?3") ||
        !db_.prepare(
            newest_,
            "SELECT coalesce(max(seq), 0), (SELECT coalesce(max(id), 0) FROM outbound),"
            " (SELECT received_at FROM item WHERE seq=?1), (SELECT created_at FROM outbound WHERE id=?2)"
            " FROM item") ||
        !db_.prepare(item_, "SELECT conversation FROM item WHERE seq=?1 AND channel=?2") ||
        !db_.prepare(unsent_, "SELECT conversation FROM outbound WHERE id=?1 AND channel=?2"))
        return db_.error();
    return {};
}

template <class Value>
Result<Value> NumberReader::checked(Value value) {
    if (!db_.failed()) return value;
    const Error why = db_.error();
    db_.clear_failure();
    return why;
}

Result<std::optional<OutboundRecord>> NumberReader::find_outbound(const std::string& callback) {
    const std::lock_guard lock(mutex_);
    std::optional<OutboundRecord> found;
    outbound_.start(callback);
    if (outbound_.next()) {
        OutboundRecord& row = found.emplace();
        row.message.id = OutboundId{outbound_.integer(0)};
        row.message.conversation = ConversationId{outbound_.integer(1)};
        row.message.created_at = from_unix_ms(outbound_.integer(2));
        row.message.channel = PhoneNumberId(std::string(outbound_.text(3)));
        row.message.to = {std::string(outbound_.text(4)), std::string(outbound_.text(5))};
        row.message.callback = callback;
        row.message.payload_json = outbound_.text(6);
        row.message.tries = static_cast<std::uint32_t>(outbound_.integer(7));
        row.state = static_cast<OutboundState>(outbound_.integer(8));
        row.wamid = MessageId(std::string(outbound_.text(9)));
        row.error_code = static_cast<std::int32_t>(outbound_.integer(10));
        row.error_text = outbound_.text(11);
    }
    outbound_.reset();
    return checked(std::move(found));
}

std::int64_t NumberReader::conversation_of(const PhoneNumberId& channel, int kind, const std::string& value) {
    alias_.start(channel.str(), kind, value);
    std::int64_t id = alias_.next() ? alias_.integer(0) : 0;
    alias_.reset();
    return to_int(current_conversation(merged_, ConversationId{id}));
}

Result<ConversationId> NumberReader::find_conversation(const PhoneNumberId& channel, const Recipient& with) {
    const std::lock_guard lock(mutex_);
    std::int64_t id = 0;
    if (!with.user_id.empty()) id = conversation_of(channel, by_user_id, with.user_id);
    if (id == 0 && !with.wa_id.empty()) id = conversation_of(channel, by_number, with.wa_id);
    return checked(ConversationId{id});
}

// Numbers rise with time, so the newest are at the end, and no index is needed for what is asked rarely.
Result<NumberTraffic> NumberReader::traffic(const PhoneNumberId& channel, WallTime since) {
    const std::lock_guard lock(mutex_);
    NumberTraffic traffic;
    newest_.start(0, 0);
    const std::int64_t last_item = newest_.next() ? newest_.integer(0) : 0;
    const std::int64_t last_outbound = newest_.integer(1);
    newest_.reset();
    const std::int64_t items_from = std::max<std::int64_t>(0, last_item - items_looked_at);
    const std::int64_t outbound_from = std::max<std::int64_t>(0, last_outbound - items_looked_at);
    newest_.start(items_from, outbound_from);
    if (newest_.next())
        traffic.is_partial = (items_from > 0 && newest_.integer(2) >= unix_ms(since)) ||
                             (outbound_from > 0 && newest_.integer(3) >= unix_ms(since));
    newest_.reset();
    in_.start(items_from, channel.str(), unix_ms(since));
    if (in_.next()) traffic.in = static_cast<std::uint64_t>(in_.integer(0));
    in_.reset();
    last_.start(items_from, channel.str());
    if (last_.next()) traffic.last_webhook = from_unix_ms(last_.integer(0));
    last_.reset();
    out_.start(outbound_from, channel.str(), unix_ms(since));
    if (out_.next()) {
        traffic.out = static_cast<std::uint64_t>(out_.integer(0));
        traffic.failed = static_cast<std::uint64_t>(out_.integer(1));
    }
    out_.reset();
    return checked(traffic);
}

Result<NumberBacklog> NumberReader::backlog(const PhoneNumberId& channel) {
    const std::lock_guard lock(mutex_);
    NumberBacklog backlog;
    std::int64_t last = 0;
    for (auto ids = index_.open_after(ItemSeq{0}, page); !ids.empty() && !db_.failed();
         ids = index_.open_after(ItemSeq{last}, page))
        for (const std::int64_t id : ids) {
            last = id;
            item_.start(id, channel.str());
            if (item_.next()) backlog.open.push_back({ItemSeq{id}, ConversationId{item_.integer(0)}});
            item_.reset();
        }
    last = 0;
    for (auto ids = index_.unsent_after(OutboundId{0}, page); !ids.empty() && !db_.failed();
         ids = index_.unsent_after(OutboundId{last}, page))
        for (const std::int64_t id : ids) {
            last = id;
            unsent_.start(id, channel.str());
            if (unsent_.next())
                backlog.unsent.push_back({OutboundId{id}, ConversationId{unsent_.integer(0)}});
            unsent_.reset();
        }
    return checked(std::move(backlog));
}

}  // namespace parley
