#include "store/history_rows.hpp"

#include <nlohmann/json.hpp>

#include "store/item_flags.hpp"

namespace parley {

Annotations to_annotations(std::string_view text) {
    Annotations annotations;
    const auto pairs = nlohmann::json::parse(text, nullptr, false);
    if (!pairs.is_array()) return annotations;
    for (const auto& pair : pairs)
        if (pair.is_array() && pair.size() == 2 && pair[0].is_string() && pair[1].is_string())
            annotations.emplace_back(pair[0].get<std::string>(), pair[1].get<std::string>());
    return annotations;
}

ItemRow to_item_row(const sqlite::Statement& row) {
    ItemRow item;
    item.seq = ItemSeq{row.integer(0)};
    item.kind = static_cast<ItemKind>(row.integer(1));
    item.conversation = ConversationId{row.integer(2)};
    item.channel = PhoneNumberId{std::string(row.text(3))};
    item.waba_id = row.text(4);
    item.field = row.text(5);
    item.raw_json = row.text(6);
    item.at = from_unix_ms(row.integer(7));
    item.post = ItemSeq{row.integer(8)};
    item.facts = {from_unix_ms(row.integer(9)), static_cast<std::uint32_t>(row.integer(10)),
                  AppId{std::string(row.text(11))}, std::string(row.text(12))};
    item.routed = (row.integer(13) & item_routed) != 0;
    item.answerable = (row.integer(13) & item_answerable) != 0;
    item.state = item.routed ? static_cast<InboundState>(row.integer(14)) : InboundState::unrouted;
    if (row.integer(15) > 0) item.began_at = from_unix_ms(row.integer(15));
    if (row.integer(14) > 0) item.ended_at = from_unix_ms(row.integer(16));
    item.attempt = static_cast<std::uint32_t>(row.integer(17));
    item.agent = row.text(18);
    item.annotations = to_annotations(row.text(19));
    item.first_reply = OutboundId{row.integer(20)};
    item.replies = static_cast<std::uint32_t>(row.integer(21));
    item.trace_id = to_trace_id(row.text(22));
    return item;
}

OutboundRow to_outbound_row(const sqlite::Statement& row) {
    OutboundRow out;
    out.message.id = OutboundId{row.integer(0)};
    out.message.conversation = ConversationId{row.integer(1)};
    out.message.created_at = from_unix_ms(row.integer(2));
    out.message.channel = PhoneNumberId{std::string(row.text(3))};
    out.message.to = {std::string(row.text(4)), std::string(row.text(5))};
    out.message.callback = row.text(6);
    out.message.user_callback = row.text(7);
    out.message.payload_json = row.text(8);
    out.turn = ItemSeq{row.integer(9)};
    out.state = static_cast<OutboundState>(row.integer(10));
    if (!row.is_null(11)) out.at = from_unix_ms(row.integer(11));
    out.message.tries = static_cast<std::uint32_t>(row.integer(12));
    out.wamid = MessageId{std::string(row.text(13))};
    out.error_code = static_cast<std::int32_t>(row.integer(14));
    out.error_text = row.text(15);
    if (row.integer(16) > 0) out.sent_at = from_unix_ms(row.integer(16));
    out.message.answered_trace = to_trace_id(row.text(17));
    return out;
}

}  // namespace parley
