// What is sent: a text, and quick replies where they help.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace edge {

struct Button {
    std::string id;     // "ask:" and the name of an intent; comes back when it is tapped
    std::string title;  // at most 20 characters
};

struct Reply {
    std::string text;  // empty: nothing is sent
    std::vector<Button> buttons;
};

// The native WhatsApp message: "interactive" with buttons, "text" without. Buttons are dropped when the text
// is longer than the 1024 characters that an interactive body may have.
std::string native_message(const Reply& reply);

// A profile name fit to be greeted with: one line, no formatting marks, at most 40 characters; empty when it
// is made of digits or of nothing.
std::string greeting_name(std::string_view profile_name);

}  // namespace edge
