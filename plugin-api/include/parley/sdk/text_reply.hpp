// A text reply with more than its text.
#pragma once

#include <string>
#include <utility>

#include <parley/sdk/reply_parts.hpp>

namespace parley {

// A text that quotes a message or shows a link's preview; plain ones go with turn.reply("…").
class TextReply {
  public:
    explicit TextReply(std::string body) : body_(std::move(body)) { detail::check_text("body", body_, 4096); }

    TextReply& quote(std::string wamid) {
        quoted_ = std::move(wamid);
        return *this;
    }
    TextReply& preview_url(bool on = true) {
        preview_url_ = on;
        return *this;
    }

    std::string json() const {
        std::string content = R"({"body":)" + json_string(body_);
        if (preview_url_) content += R"(,"preview_url":true)";
        return detail::native("text", content + '}', quoted_);
    }

  private:
    std::string body_, quoted_;
    bool preview_url_ = false;
};

}  // namespace parley
