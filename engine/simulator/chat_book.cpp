// What the phone page shows.
#include "simulator/chat_book.hpp"

#include <algorithm>

namespace parley::sim {
namespace {

std::string chat_key(const std::string& phone_number_id, const std::string& user) {
    return phone_number_id + '/' + user;
}

Json message_json(const ChatMessage& message) {
    return {{"id", message.id},
            {"phone_number_id", message.phone_number_id},
            {"user", message.user},
            {"user_name", message.user_name},
            {"from_user", message.from_user},
            {"at_unix_ms", unix_ms(message.at)},
            {"content", message.content},
            {"state", message.state},
            {"delivery", message.delivery},
            {"error", message.error},
            {"webhook", message.webhook},
            {"request", message.request},
            {"response", message.response},
            {"order", message.order}};
}

}  // namespace

ChatMessage& ChatBook::add(ChatMessage message) {
    if (messages_.size() >= max_messages) {
        const std::string oldest = by_order_.begin()->second;
        const ChatMessage& gone = messages_.at(oldest);
        const auto chat = chats_.find(chat_key(gone.phone_number_id, gone.user));
        chat->second.pop_front();
        if (chat->second.empty()) chats_.erase(chat);
        by_revision_.erase(gone.revision);
        by_order_.erase(by_order_.begin());
        messages_.erase(oldest);
    }
    message.order = ++order_;
    message.revision = ++revision_;
    chats_[chat_key(message.phone_number_id, message.user)].push_back(message.id);
    by_order_[message.order] = message.id;
    by_revision_[message.revision] = message.id;
    const std::string id = message.id;
    return messages_.insert_or_assign(id, std::move(message)).first->second;
}

ChatMessage* ChatBook::find(const std::string& id) {
    const auto found = messages_.find(id);
    return found == messages_.end() ? nullptr : &found->second;
}

void ChatBook::touch(ChatMessage& message) {
    by_revision_.erase(message.revision);
    message.revision = ++revision_;
    by_revision_[message.revision] = message.id;
}

Json ChatBook::changes_after(std::uint64_t revision) const {
    Json list = Json::array();
    std::uint64_t next = revision_;
    for (auto it = by_revision_.upper_bound(revision); it != by_revision_.end(); ++it) {
        if (list.size() == page_size) break;
        list.push_back(message_json(messages_.at(it->second)));
        next = it->first;
    }
    if (list.size() < page_size) next = revision_;
    return {{"next", next}, {"messages", std::move(list)}};
}

std::vector<ChatMessage*> ChatBook::chat(const std::string& phone_number_id, const std::string& user,
                                         bool from_user) {
    std::vector<ChatMessage*> list;
    const auto found = chats_.find(chat_key(phone_number_id, user));
    if (found == chats_.end()) return list;
    for (auto id = found->second.rbegin(); id != found->second.rend(); ++id) {
        ChatMessage& message = messages_.at(*id);
        if (message.from_user == from_user) list.push_back(&message);
    }
    return list;
}

void ChatBook::clear() {
    const std::uint64_t revision = revision_;
    *this = ChatBook{};
    revision_ = revision + 1;
}

}  // namespace parley::sim
