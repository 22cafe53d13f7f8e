// A reply with up to three buttons.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <parley/sdk/reply_parts.hpp>

namespace parley {

// turn.reply(parley::ButtonsReply("Apply now?").button("apply", "Apply").button("later", "Later").footer("T&C
// apply"))
class ButtonsReply {
  public:
    explicit ButtonsReply(std::string body) : parts_(std::move(body), 1024) {}

    // 1 to 3; ids up to 256 characters, titles up to 20, both unique.
    ButtonsReply& button(std::string id, std::string title) {
        detail::check_text("button id", id, 256);
        detail::check_line("button title", title, 20);
        if (buttons_.size() == 3) throw ReplyError("buttons: WhatsApp takes 3");
        for (const auto& [other_id, other_title] : buttons_) {
            if (other_id == id) throw ReplyError("button id: \"" + id + "\" is there already");
            if (other_title == title) throw ReplyError("button title: \"" + title + "\" is there already");
        }
        buttons_.emplace_back(std::move(id), std::move(title));
        return *this;
    }
    ButtonsReply& header(std::string text) { return parts_.set_header(std::move(text)), *this; }
    ButtonsReply& footer(std::string text) { return parts_.set_footer(std::move(text)), *this; }
    ButtonsReply& quote(std::string wamid) { return parts_.set_quoted(std::move(wamid)), *this; }

    std::string json() const {
        if (buttons_.empty()) throw ReplyError("buttons: at least one is needed");
        std::string action;
        for (const auto& [id, title] : buttons_) {
            action +=
                action.empty() ? R"("buttons":[{"type":"reply","reply":{)" : R"(,{"type":"reply","reply":{)";
            detail::append_member(action, "id", id);
            detail::append_member(action, "title", title);
            action += "}}";
        }
        return parts_.json("button", action + ']');
    }

  private:
    detail::InteractiveParts parts_;
    std::vector<std::pair<std::string, std::string>> buttons_;
};

}  // namespace parley
