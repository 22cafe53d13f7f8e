// Which conversation speaks for one that was merged into another.
#pragma once

#include "core/ids.hpp"
#include "store/sqlite.hpp"

namespace parley {

inline constexpr const char* merged_into_sql = "SELECT merged_into FROM conversation WHERE id=?1";

// The one that `id` was merged into, or itself. `merged_into` is that statement.
inline ConversationId current_conversation(sqlite::Statement& merged_into, ConversationId id) {
    for (bool merged = true; merged;) {
        merged_into.start(id);
        merged = merged_into.next() && merged_into.integer(0) != 0;
        if (merged) id = ConversationId{merged_into.integer(0)};
        merged_into.reset();
    }
    return id;
}

}  // namespace parley
