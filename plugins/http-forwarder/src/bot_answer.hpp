// What the bot wants to be said, read from the body of its answer.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace forwarder {

// The answer is not what README.md describes. Says what is wrong with it and quotes nothing.
struct UnreadableAnswer : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Native WhatsApp message objects as JSON, in the order of sending; none when the bot has nothing to say.
// Throws UnreadableAnswer.
std::vector<std::string> read_replies(std::string_view body);

}  // namespace forwarder
