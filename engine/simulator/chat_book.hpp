// What the phone page shows: the last messages of every chat, each with a revision that grows when it
// changes, so that a page asks for "everything after revision N".
//
// Memory    The last max_messages messages with their raw JSON.
// Threads   None of its own; the caller serialises.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "simulator/json.hpp"

namespace parley::sim {

struct ChatMessage {
    std::string id;  // the wamid; of a refused send an id of our own
    std::string phone_number_id;
    std::string user;       // digits or BSUID
    std::string user_name;  // of a user's message
    bool from_user = false;
    WallTime at{};
    Json content;       // the native object: type, its body, context
    std::string state;  // user: waiting, accepted, retrying, given_up, read. business: accepted … read,
                        // failed, refused
    Json delivery;      // user: {"tries","http_status","reason","retry_in_ms"} of the last try of its webhook
    Json error;         // business: why it failed or was refused
    std::string webhook;   // the webhook's raw body, or that of the last status
    std::string request;   // business: the body of the Graph call
    std::string response;  // business: its answer
    std::string callback;  // business: biz_opaque_callback_data
    bool seen = false;     // business: somebody had the chat open since it came

    std::uint64_t order = 0;     // of creation, set by the book
    std::uint64_t revision = 0;  // of the last change, set by the book
};

class ChatBook {
  public:
    static constexpr std::size_t max_messages = 5'000;
    static constexpr std::size_t page_size = 200;

    ChatMessage& add(ChatMessage message);
    ChatMessage* find(const std::string& id);  // call touch() after a change
    void touch(ChatMessage& message);
    void touch() { ++revision_; }  // something beside the messages changed

    std::uint64_t revision() const { return revision_; }

    // {"next":REVISION,"messages":[…]}: what changed after the revision, oldest change first, at most
    // page_size.
    Json changes_after(std::uint64_t revision) const;

    // The messages of one chat from one side, newest first.
    std::vector<ChatMessage*> chat(const std::string& phone_number_id, const std::string& user,
                                   bool from_user);
    void clear();

  private:
    std::unordered_map<std::string, ChatMessage> messages_;
    std::map<std::uint64_t, std::string> by_order_;
    std::map<std::uint64_t, std::string> by_revision_;
    std::unordered_map<std::string, std::deque<std::string>> chats_;  // ids, oldest first
    std::uint64_t order_ = 0;
    std::uint64_t revision_ = 0;
};

}  // namespace parley::sim
