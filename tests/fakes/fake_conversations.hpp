// Who is who, on plain maps: the rules of the ConversationTable for FakeMessageTables. Not thread-safe.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "core/message.hpp"

namespace parley::fakes {

class FakeConversations {
  public:
    ConversationId resolve(const PhoneNumberId& channel, const Party& party) {
        ConversationId id =
            merge(alias(channel, 'b', party.user_id), alias(channel, 'p', party.parent_user_id));
        const bool anonymous = party.user_id.empty() && party.parent_user_id.empty() && party.wa_id.empty();
        const std::string number = anonymous ? "-" : party.wa_id;
        const ConversationId by_number = alias(channel, 'w', number);
        const bool taken = by_number != id && has_user_id_.contains(by_number) && !party.user_id.empty();
        if (!taken) id = merge(id, by_number);
        if (id == ConversationId{}) id = ConversationId{++last_conversation_};
        if (!party.user_id.empty()) has_user_id_.insert(id);
        if (!party.user_id.empty()) aliases_[{channel.str(), 'b', party.user_id}] = id;
        if (!party.parent_user_id.empty()) aliases_[{channel.str(), 'p', party.parent_user_id}] = id;
        if (!number.empty()) aliases_[{channel.str(), 'w', number}] = id;
        return id;
    }

    ConversationId rename(const PhoneNumberId& channel, ConversationId id, const Party& names) {
        id = merge(id, alias(channel, 'b', names.user_id));
        id = merge(id, alias(channel, 'p', names.parent_user_id));
        const ConversationId by_number = alias(channel, 'w', names.wa_id);
        if (by_number != ConversationId{} && !has_user_id_.contains(by_number)) id = merge(id, by_number);
        if (!names.user_id.empty()) has_user_id_.insert(id);
        if (!names.user_id.empty()) aliases_[{channel.str(), 'b', names.user_id}] = id;
        if (!names.parent_user_id.empty()) aliases_[{channel.str(), 'p', names.parent_user_id}] = id;
        if (!names.wa_id.empty()) aliases_[{channel.str(), 'w', names.wa_id}] = id;
        return id;
    }

    ConversationId current(ConversationId id) const {
        for (auto next = merged_.find(id); next != merged_.end(); next = merged_.find(id)) id = next->second;
        return id;
    }

  private:
    using AliasKey = std::tuple<std::string, char, std::string>;

    ConversationId alias(const PhoneNumberId& channel, char kind, const std::string& value) const {
        if (value.empty()) return {};
        const auto found = aliases_.find({channel.str(), kind, value});
        return found == aliases_.end() ? ConversationId{} : found->second;
    }
    ConversationId merge(ConversationId a, ConversationId b) {
        if (a == b || a == ConversationId{} || b == ConversationId{}) return std::max(a, b);
        const auto [keep, gone] = std::minmax({a, b});
        if (has_user_id_.contains(gone)) has_user_id_.insert(keep);
        for (auto& [key, id] : aliases_)
            if (id == gone) id = keep;
        merged_[gone] = keep;
        return keep;
    }
    std::int64_t last_conversation_ = 0;
    std::map<AliasKey, ConversationId> aliases_;
    std::map<ConversationId, ConversationId> merged_;
    std::set<ConversationId> has_user_id_;
};

}  // namespace parley::fakes
