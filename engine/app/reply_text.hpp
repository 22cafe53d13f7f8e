// A native WhatsApp message as lines for a terminal, with what can be tapped in it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace parley {

struct Choice {
    std::string kind;  // button_reply or list_reply
    std::string id;
    std::string title;
};

struct ReplyText {
    std::string text;             // may have several lines
    std::vector<Choice> choices;  // in the order shown
};

// Never fails: what it does not know is shown as its JSON.
ReplyText to_reply_text(std::string_view native_json);

}  // namespace parley
