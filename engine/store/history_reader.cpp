#include "store/history_reader.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "store/history_cursor.hpp"
#include "store/history_rows.hpp"
#include "store/merged_conversation.hpp"

namespace parley {
Result<> HistoryReader::open() {
    const auto item = std::string("SELECT ") + item_columns;
    const auto outbound = std::string("SELECT ") + outbound_columns;
    if (!db_.prepare(item_head_, "SELECT prev, received_at, kind FROM item WHERE seq=?1") ||
        !db_.prepare(outbound_head_, "SELECT prev, created_at FROM outbound WHERE id=?1") ||
        !db_.prepare(item_, item + "WHERE i.seq=?1") || !db_.prepare(outbound_, outbound + "WHERE o.id=?1") ||
        !db_.prepare(tail_, find_tail_sql) ||
        !db_.prepare(
            tails_,
            "SELECT conversation, channel, item, outbound, active_at, window_at FROM conversation_tail"
            " WHERE (?1='' OR channel=?1) AND (active_at, conversation)<(?2, ?3)"
            " ORDER BY active_at DESC, conversation DESC LIMIT ?4") ||
        !db_.prepare(alias_, "SELECT conversation FROM alias WHERE channel=?1 AND kind=?2 AND value=?3") ||
        !db_.prepare(aliases_, "SELECT kind, value FROM alias WHERE conversation=?1 AND kind<2") ||
        !db_.prepare(next_channel_, "SELECT min(channel) FROM alias WHERE channel>?1") ||
        !db_.prepare(merged_, merged_into_sql) ||
        !db_.prepare(merged_rows_,
                     "SELECT id, merged_into FROM conversation WHERE merged_into>0 ORDER BY id") ||
        !db_.prepare(
            attempts_,
            "SELECT at, tries, state, error_code, error_text, decided_by FROM attempt WHERE outbound=?1") ||
        !db_.prepare(latest_items_,
                     "SELECT seq, kind, channel, received_at FROM item WHERE seq<?1 ORDER BY seq DESC") ||
        !db_.prepare(latest_outbound_,
                     "SELECT id, channel, created_at FROM outbound WHERE id<?1 ORDER BY id DESC") ||
        !db_.prepare(posts_,
                     "SELECT post, received_at, bytes, app, peer, channel, kind FROM item WHERE seq<?1"
                     " ORDER BY seq DESC") ||
        !db_.prepare(items_of_, item + "WHERE i.seq>=?1 AND i.seq<?1+10000 AND i.post=?1 ORDER BY i.seq") ||
        !db_.prepare(callback_, "SELECT id FROM outbound_callback WHERE callback=?1") ||
        !db_.prepare(by_wamid_, "SELECT id FROM outbound_state WHERE wamid=?1") ||
        !db_.prepare(unmoved_keys_,
                     "SELECT seq, hash FROM item WHERE seq>(SELECT dedup_through FROM mark) AND kind=0") ||
        !db_.prepare(
            keys_,
            "SELECT seq FROM dedup WHERE hash IN (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16)") ||
        !db_.prepare(
            letters_,
            "SELECT id, at, reason, detail FROM dead_letter WHERE inbound=?1 AND message=?2 ORDER BY id"))
        return db_.error();
    return {};
}

std::optional<HistoryReader::Head> HistoryReader::head_of(const Chain& chain) {
    sqlite::Statement& rows = chain.is_outbound ? outbound_head_ : item_head_;
    rows.start(chain.head);
    if (!rows.next()) return std::nullopt;
    Head head{rows.integer(0), from_unix_ms(rows.integer(1)), true};
    if (!chain.is_outbound) head.is_shown = static_cast<ItemKind>(rows.integer(2)) != ItemKind::status;
    rows.reset();
    return head;
}

// The one that lives first, then those that were merged into it.
std::vector<ConversationId> HistoryReader::members_of(ConversationId conversation) {
    std::vector<ConversationId> members{conversation};
    std::vector<std::pair<std::int64_t, std::int64_t>> merged;
    merged_rows_.start();
    while (merged_rows_.next()) merged.emplace_back(merged_rows_.integer(0), merged_rows_.integer(1));
    for (std::size_t i = 0; i < members.size(); ++i)
        for (const auto& [gone, into] : merged)
            if (into == to_int(members[i])) members.push_back(ConversationId{gone});
    return members;
}

ConversationTail HistoryReader::tail_of(ConversationId conversation) {
    if (const auto found = fresh_.find(conversation); found != fresh_.end()) return found->second;
    return read_tail(tail_, conversation);
}

std::vector<HistoryReader::Chain> HistoryReader::chains_of(ConversationId conversation) {
    std::vector<Chain> chains;
    for (const ConversationId member : members_of(conversation)) {
        const ConversationTail tail = tail_of(member);
        chains.push_back({false, to_int(tail.item)});
        chains.push_back({true, to_int(tail.outbound)});
    }
    return chains;
}

std::optional<ItemRow> HistoryReader::load_item(std::int64_t seq) {
    item_.start(seq);
    if (!item_.next()) return std::nullopt;
    ItemRow row = to_item_row(item_);
    item_.reset();
    row.conversation = current_conversation(merged_, row.conversation);
    return row;
}

std::optional<OutboundRow> HistoryReader::load_outbound(std::int64_t id) {
    outbound_.start(id);
    if (!outbound_.next()) return std::nullopt;
    OutboundRow row = to_outbound_row(outbound_);
    outbound_.reset();
    row.message.conversation = current_conversation(merged_, row.message.conversation);
    return row;
}

std::optional<HistoryRow> HistoryReader::load(const Chain& chain) {
    if (chain.is_outbound) {
        if (auto row = load_outbound(chain.head)) return HistoryRow(std::move(*row));
        return std::nullopt;
    }
    if (auto row = load_item(chain.head)) return HistoryRow(std::move(*row));
    return std::nullopt;
}

void HistoryReader::walk(std::vector<Chain>& chains, std::size_t limit, std::vector<HistoryRow>& rows) {
    std::vector<std::optional<Head>> heads;
    for (const Chain& chain : chains) heads.push_back(head_of(chain));
    for (std::size_t steps = 0; rows.size() < limit && steps < most_steps; ++steps) {
        std::size_t newest = chains.size();
        for (std::size_t i = 0; i < chains.size(); ++i) {
            if (!heads[i]) chains[i].head = 0;
            if (heads[i] && (newest == chains.size() || heads[i]->at > heads[newest]->at)) newest = i;
        }
        if (newest == chains.size()) return;
        if (heads[newest]->is_shown)
            if (auto row = load(chains[newest])) rows.push_back(std::move(*row));
        chains[newest].head = heads[newest]->prev;
        heads[newest] = head_of(chains[newest]);
    }
}

Result<HistoryPage<HistoryRow>> HistoryReader::messages_of(ConversationId conversation,
                                                           const HistoryQuery& query) {
    return read<HistoryPage<HistoryRow>>([&]() -> Result<HistoryPage<HistoryRow>> {
        std::vector<Chain> chains = chains_of(current_conversation(merged_, conversation));
        if (!query.after.empty()) {
            const auto heads = read_cursor(query.after, chains.size());
            if (!heads) return heads.error();
            for (std::size_t i = 0; i < chains.size(); ++i) chains[i].head = (*heads)[i];
        }
        HistoryPage<HistoryRow> page;
        walk(chains, query.limit, page.rows);
        std::vector<std::int64_t> heads;
        for (const Chain& chain : chains) heads.push_back(chain.head);
        const bool is_end =
            std::all_of(heads.begin(), heads.end(), [](std::int64_t head) { return head == 0; });
        if (!is_end) page.next = to_cursor(heads);
        return page;
    });
}

Recipient HistoryReader::person_of(ConversationId conversation) {
    Recipient person;
    aliases_.start(conversation);
    while (aliases_.next()) (aliases_.integer(0) == 0 ? person.wa_id : person.user_id) = aliases_.text(1);
    return person;
}

std::optional<ConversationRow> HistoryReader::summary(ConversationId id, const ConversationTail& tail) {
    ConversationRow row{id, PhoneNumberId{tail.channel}, person_of(id), tail.active_at, tail.window_at, {},
                        {}};
    if (row.person.wa_id.empty() && row.person.user_id.empty()) return std::nullopt;
    std::vector<Chain> chains{{false, to_int(tail.item)}, {true, to_int(tail.outbound)}};
    walk(chains, 1, row.last);
    if (!row.last.empty() && std::holds_alternative<ItemRow>(row.last.front())) {
        row.last_in = std::get<ItemRow>(row.last.front());
        return row;
    }
    std::vector<HistoryRow> inbound;
    chains = {{false, to_int(tail.item)}};
    walk(chains, 1, inbound);
    if (!inbound.empty()) row.last_in = std::get<ItemRow>(std::move(inbound.front()));
    return row;
}

Result<HistoryPage<ConversationRow>> HistoryReader::conversations(const HistoryQuery& query) {
    using Key = std::pair<std::int64_t, std::int64_t>;  // active_at, id
    return read<HistoryPage<ConversationRow>>([&]() -> Result<HistoryPage<ConversationRow>> {
        Key before{INT64_MAX, INT64_MAX};
        if (!query.after.empty()) {
            const auto cursor = read_cursor(query.after, 2);
            if (!cursor) return cursor.error();
            before = {(*cursor)[0], (*cursor)[1]};
        }
        std::vector<std::pair<Key, ConversationTail>> found;
        const auto add = [&](ConversationId id, ConversationTail tail) {
            const Key key{unix_ms(tail.active_at), to_int(id)};
            const bool is_meant = query.channel.empty() || query.channel.str() == tail.channel;
            if (is_meant && key < before && key.first > 0) found.emplace_back(key, std::move(tail));
        };
        const std::size_t wanted = query.limit + fresh_.size();
        std::size_t stored = 0;
        tails_.start(query.channel.str(), before.first, before.second, wanted);
        for (; tails_.next(); ++stored) {
            const ConversationId id{tails_.integer(0)};
            if (fresh_.contains(id)) continue;
            add(id, {std::string(tails_.text(1)), ItemSeq{tails_.integer(2)}, OutboundId{tails_.integer(3)},
                     from_unix_ms(tails_.integer(4)), from_unix_ms(tails_.integer(5))});
        }
        for (const auto& [id, tail] : fresh_) add(id, tail);
        std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
        const bool is_end = stored < wanted && found.size() <= query.limit;
        if (found.size() > query.limit) found.resize(query.limit);
        HistoryPage<ConversationRow> page;
        for (const auto& [key, tail] : found)
            if (auto row = summary(ConversationId{key.second}, tail)) page.rows.push_back(std::move(*row));
        if (!is_end && !found.empty())
            page.next = to_cursor({found.back().first.first, found.back().first.second});
        return page;
    });
}

std::vector<PhoneNumberId> HistoryReader::known_channels() {
    std::vector<PhoneNumberId> channels;
    std::string last;
    for (bool more = true; more;) {
        next_channel_.start(last);
        more = next_channel_.next() && !next_channel_.is_null(0);
        if (more) channels.emplace_back(last = std::string(next_channel_.text(0)));
        next_channel_.reset();
    }
    return channels;
}

Result<std::vector<ConversationRow>> HistoryReader::find_person(const PhoneNumberId& channel,
                                                                const std::string& user) {
    return read<std::vector<ConversationRow>>([&]() -> Result<std::vector<ConversationRow>> {
        std::vector<ConversationId> found;
        for (const PhoneNumberId& one : channel.empty() ? known_channels() : std::vector{channel})
            for (int kind = 0; kind < 3; ++kind) {
                alias_.start(one.str(), kind, user);
                if (alias_.next())
                    found.push_back(current_conversation(merged_, ConversationId{alias_.integer(0)}));
                alias_.reset();
            }
        std::sort(found.begin(), found.end());
        found.erase(std::unique(found.begin(), found.end()), found.end());
        std::vector<ConversationRow> rows;
        for (const ConversationId id : found)
            if (auto row = summary(id, tail_of(id))) rows.push_back(std::move(*row));
        std::sort(rows.begin(), rows.end(),
                  [](const auto& a, const auto& b) { return a.last_at > b.last_at; });
        return rows;
    });
}

Result<std::optional<ItemRow>> HistoryReader::item(ItemSeq seq) {
    return read<std::optional<ItemRow>>(
        [&] { return Result<std::optional<ItemRow>>(load_item(to_int(seq))); });
}

Result<std::optional<OutboundRow>> HistoryReader::outbound(OutboundId id) {
    return read<std::optional<OutboundRow>>(
        [&] { return Result<std::optional<OutboundRow>>(load_outbound(to_int(id))); });
}

// Their keys stand in the order of their times, so the table is read; once for as many numbers as it takes.
std::int64_t HistoryReader::find_key(const std::vector<std::string>& hashes) {
    std::array<sqlite::Blob, keys_at_once> wanted;
    for (std::size_t first = 0; first < hashes.size(); first += wanted.size()) {
        for (std::size_t i = 0; i < wanted.size(); ++i)
            wanted[i].bytes = hashes[std::min(first + i, hashes.size() - 1)];
        std::apply([&](const auto&... hash) { keys_.start(hash...); }, wanted);
        const std::int64_t seq = keys_.next() ? keys_.integer(0) : 0;
        keys_.reset();
        if (seq > 0) return seq;
    }
    return 0;
}

Result<std::optional<HistoryRow>> HistoryReader::find_wamid(const std::string& wamid) {
    return read<std::optional<HistoryRow>>([&]() -> Result<std::optional<HistoryRow>> {
        for (sqlite::Statement* rows : {&callback_, &by_wamid_}) {
            rows->start(wamid);
            const std::int64_t id = rows->next() ? rows->integer(0) : 0;
            rows->reset();
            if (id > 0) return load({true, id});
        }
        std::vector<std::string> hashes;
        for (const PhoneNumberId& channel : known_channels())
            hashes.emplace_back(hasher_.key(ItemKind::message, channel, {}, wamid, {}).bytes());
        std::int64_t seq = 0;
        unmoved_keys_.start();
        while (seq == 0 && unmoved_keys_.next())
            if (std::find(hashes.begin(), hashes.end(), unmoved_keys_.text(1)) != hashes.end())
                seq = unmoved_keys_.integer(0);
        unmoved_keys_.reset();
        if (seq == 0) seq = find_key(hashes);
        if (seq == 0) return std::optional<HistoryRow>();
        return load({false, seq});
    });
}

Result<std::vector<AttemptRow>> HistoryReader::attempts(OutboundId id) {
    return read<std::vector<AttemptRow>>([&]() -> Result<std::vector<AttemptRow>> {
        std::vector<AttemptRow> rows;
        attempts_.start(id);
        while (attempts_.next())
            rows.push_back({from_unix_ms(attempts_.integer(0)),
                            static_cast<std::uint32_t>(attempts_.integer(1)),
                            static_cast<OutboundState>(attempts_.integer(2)),
                            static_cast<std::int32_t>(attempts_.integer(3)), std::string(attempts_.text(4)),
                            std::string(attempts_.text(5))});
        return rows;
    });
}

Result<std::vector<ItemRow>> HistoryReader::statuses(const OutboundRow& message) {
    return read<std::vector<ItemRow>>([&]() -> Result<std::vector<ItemRow>> {
        std::vector<ItemRow> rows;
        std::size_t steps = 0;
        for (Chain chain : chains_of(current_conversation(merged_, message.message.conversation))) {
            if (chain.is_outbound) continue;
            for (auto head = head_of(chain); head && steps < most_steps; head = head_of(chain), ++steps) {
                if (head->at < message.message.created_at) break;
                auto row = head->is_shown ? std::nullopt : load_item(chain.head);
                const bool is_ours =
                    row && (row->raw_json.find(message.message.callback) != std::string::npos ||
                            (!message.wamid.empty() &&
                             row->raw_json.find(message.wamid.str()) != std::string::npos));
                if (is_ours) rows.push_back(std::move(*row));
                chain.head = head->prev;
            }
        }
        std::sort(rows.begin(), rows.end(), [](const ItemRow& a, const ItemRow& b) { return a.seq < b.seq; });
        return rows;
    });
}

Result<std::vector<DeadLetterRecord>> HistoryReader::letters_about(bool inbound, std::int64_t message) {
    return read<std::vector<DeadLetterRecord>>([&]() -> Result<std::vector<DeadLetterRecord>> {
        std::vector<DeadLetterRecord> rows;
        letters_.start(inbound, message);
        while (letters_.next())
            rows.push_back({letters_.integer(0),
                            inbound,
                            message,
                            from_unix_ms(letters_.integer(1)),
                            {std::string(letters_.text(2)), std::string(letters_.text(3))}});
        return rows;
    });
}

Result<std::vector<DeadLetterRecord>> HistoryReader::letters_about(ItemSeq message) {
    return letters_about(true, to_int(message));
}

Result<std::vector<DeadLetterRecord>> HistoryReader::letters_about(OutboundId message) {
    return letters_about(false, to_int(message));
}

}  // namespace parley
