// How rows of the history are read out of a statement.
#pragma once

#include "core/message_history.hpp"
#include "store/sqlite.hpp"

namespace parley {

inline constexpr const char* item_columns =
    "i.seq, i.kind, i.conversation, i.channel, i.waba_id, i.field, i.raw, i.at, i.post, i.received_at, "
    "i.bytes, i.app,"
    " i.peer, i.flags, t.state, t.began_at, t.at, t.attempt, v.name, t.annotations, t.first_reply, t.replies,"
    " i.hash"
    " FROM item i LEFT JOIN turn t ON t.seq=i.seq LEFT JOIN agent_version v ON v.id=t.agent ";

inline constexpr const char* outbound_columns =
    "o.id, o.conversation, o.created_at, o.channel, o.wa_id, o.user_id, o.callback, o.user_callback, "
    "o.payload, o.turn,"
    " s.state, s.at, s.tries, s.wamid, s.error_code, s.error_text, s.sent_at, a.hash"
    " FROM outbound o LEFT JOIN outbound_state s ON s.id=o.id LEFT JOIN item a ON a.seq=o.turn ";

// The statement stands on a row of these columns.
ItemRow to_item_row(const sqlite::Statement& row);
OutboundRow to_outbound_row(const sqlite::Statement& row);

// Written by InboxTable as pairs of texts.
Annotations to_annotations(std::string_view text);

}  // namespace parley
