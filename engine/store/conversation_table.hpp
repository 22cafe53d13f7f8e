// ConversationTable: who is who. Assigns conversations, keeps the aliases that point to them and the agents'
// documents.
//
// A BSUID decides before a number: when a number arrives with a BSUID that its conversation does not have,
// the number has a new owner and points to another conversation from then on. Merging keeps the older
// conversation; the other stays in the table with its document, pointing to the one that lives.
//
// Threads   The writer, inside its transaction. forget() after a rollback.
#pragma once

#include <unordered_map>
#include <vector>

#include "core/message_store.hpp"
#include "store/followup_table.hpp"
#include "store/recent_map.hpp"
#include "store/sqlite.hpp"
#include "store/tail_table.hpp"

namespace parley {

class ConversationTable {
  public:
    ConversationTable(TailTable& tails, FollowupTable& followups)
        : tails_(tails), followups_(followups), aliases_(8192), states_(2048) {}
    Result<> open(sqlite::Database& db);

    // The conversation of a person on a channel; made when there is none. A party without any name gets one
    // conversation a channel.
    ConversationId resolve(const PhoneNumberId& channel, const Party& party, WallTime at);
    // From now on the person of `id` also goes by these names. Returns the conversation that lives: what was said
    // under the new names before is merged, unless it was another person's.
    ConversationId rename(const PhoneNumberId& channel, ConversationId id, const Party& names);
    // The one that `id` was merged into, or itself.
    ConversationId current(ConversationId id) const;

    ConversationState state(ConversationId id);
    void put_state(ConversationId id, const ConversationState& state);

    void forget();

  private:
    enum class Alias : char { wa_id = 0, user_id = 1, parent_user_id = 2 };  // stored
    struct CachedState {
        ConversationId id{};
        ConversationState state;
    };

    ConversationId find(const PhoneNumberId& channel, Alias kind, std::string_view value);
    void point(const PhoneNumberId& channel, Alias kind, std::string_view value, ConversationId to);
    ConversationId merge(ConversationId a, ConversationId b);
    bool has_user_id(ConversationId id);
    std::string_view cache_key(const PhoneNumberId& channel, Alias kind, std::string_view value);
    CachedState& slot(ConversationId id) {
        return states_[static_cast<std::size_t>(to_int(id)) % states_.size()];
    }
    bool load_merged();

    TailTable& tails_;
    FollowupTable& followups_;
    sqlite::Statement find_, point_, repoint_, insert_, has_user_id_, set_user_id_, merge_, merged_rows_,
        state_, put_state_;
    std::int64_t last_ = 0;
    RecentMap<ConversationId> aliases_;
    std::vector<CachedState> states_;
    std::unordered_map<ConversationId, ConversationId> merged_;
    std::string key_;
    sqlite::Database* db_ = nullptr;
};

}  // namespace parley
