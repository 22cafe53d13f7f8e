#include "store/history_cursor.hpp"
#include "store/history_reader.hpp"
#include "store/history_rows.hpp"

namespace parley {

Result<HistoryPage<HistoryRow>> HistoryReader::latest(const HistoryQuery& query) {
    return read<HistoryPage<HistoryRow>>([&]() -> Result<HistoryPage<HistoryRow>> {
        std::vector<std::int64_t> from{INT64_MAX, INT64_MAX};
        if (!query.after.empty()) {
            auto cursor = read_cursor(query.after, 2);
            if (!cursor) return cursor.error();
            from = std::move(*cursor);
        }
        latest_items_.start(from[0]);
        latest_outbound_.start(from[1]);
        bool has_item = latest_items_.next(), has_outbound = latest_outbound_.next();
        HistoryPage<HistoryRow> page;
        for (std::size_t steps = 0;
             page.rows.size() < query.limit && (has_item || has_outbound) && steps < most_steps; ++steps) {
            const bool take_item =
                has_item && (!has_outbound || latest_items_.integer(3) > latest_outbound_.integer(2));
            sqlite::Statement& rows = take_item ? latest_items_ : latest_outbound_;
            const Chain row{!take_item, rows.integer(0)};
            from[take_item ? 0 : 1] = row.head;
            const auto kind = take_item ? static_cast<ItemKind>(rows.integer(1)) : ItemKind::message;
            const bool is_shown = kind == ItemKind::message || kind == ItemKind::followup;
            if (is_shown && (query.channel.empty() || query.channel.str() == rows.text(take_item ? 2 : 1)))
                if (auto loaded = load(row)) page.rows.push_back(std::move(*loaded));
            (take_item ? has_item : has_outbound) = rows.next();
        }
        if (has_item || has_outbound) page.next = to_cursor(from);
        latest_items_.reset();
        latest_outbound_.reset();
        return page;
    });
}

Result<HistoryPage<PostRow>> HistoryReader::posts(const HistoryQuery& query) {
    return read<HistoryPage<PostRow>>([&]() -> Result<HistoryPage<PostRow>> {
        std::int64_t before = INT64_MAX;
        if (!query.after.empty()) {
            const auto cursor = read_cursor(query.after, 1);
            if (!cursor) return cursor.error();
            before = cursor->front();
        }
        HistoryPage<PostRow> page;
        posts_.start(before);
        std::size_t steps = 0;
        bool more = posts_.next();
        for (; more && steps < most_steps; more = posts_.next(), ++steps) {
            if (static_cast<ItemKind>(posts_.integer(6)) == ItemKind::followup)
                continue;  // no POST brought it
            const ItemSeq first{posts_.integer(0)};
            const bool is_new = page.rows.empty() || page.rows.back().first != first;
            if (is_new && page.rows.size() == query.limit) break;
            if (is_new)
                page.rows.push_back(
                    {first,
                     {from_unix_ms(posts_.integer(1)), static_cast<std::uint32_t>(posts_.integer(2)),
                      AppId{std::string(posts_.text(3))}, std::string(posts_.text(4))},
                     0});
            ++page.rows.back().items;
        }
        posts_.reset();
        if (more && !page.rows.empty()) page.next = std::to_string(to_int(page.rows.back().first));
        return page;
    });
}

Result<std::vector<ItemRow>> HistoryReader::items_of(ItemSeq post) {
    return read<std::vector<ItemRow>>([&]() -> Result<std::vector<ItemRow>> {
        std::vector<ItemRow> rows;
        items_of_.start(post);
        while (items_of_.next()) rows.push_back(to_item_row(items_of_));
        return rows;
    });
}

}  // namespace parley
