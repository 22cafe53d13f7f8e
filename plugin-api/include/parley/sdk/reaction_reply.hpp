// An emoji on a message of the user's.
#pragma once

#include <string>
#include <utility>

#include <parley/sdk/reply_parts.hpp>

namespace parley {

// On a message of the last 30 days. An empty emoji takes the reaction back.
class ReactionReply {
  public:
    ReactionReply(std::string wamid, std::string emoji) : wamid_(std::move(wamid)), emoji_(std::move(emoji)) {
        detail::check_text("message id", wamid_, 512);
        detail::check_text("emoji", emoji_, 16, true);
    }

    std::string json() const {
        std::string content;
        detail::append_member(content, "message_id", wamid_);
        detail::append_member(content, "emoji", emoji_);
        return detail::native("reaction", '{' + content + '}', {});
    }

  private:
    std::string wamid_, emoji_;
};

}  // namespace parley
