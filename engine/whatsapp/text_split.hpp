// Makes one long text reply into several that WhatsApp takes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace parley {

// Of text.body, in UTF-16 units: the strictest way to count.
inline constexpr std::size_t longest_text = 4096;

// The native message itself, or several when it is a text whose body is too long. All keep its other members;
// only the first quotes (`context`). What is no JSON comes back as it is.
std::vector<std::string> split_text_reply(const std::string& native_json);

// Cuts UTF-8 text at the ends of paragraphs, lines, sentences or words, in this order and as late as
// possible; inside of a word only when it is longer than `limit`, and then not between a letter and its
// marks. Blanks at the cuts go.
std::vector<std::string> split_text(std::string_view text, std::size_t limit);

}  // namespace parley
