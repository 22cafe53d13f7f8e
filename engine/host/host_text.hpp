// Borrowed text that crosses the plugin contract.
#pragma once

#include <string>
#include <string_view>

#include <parley/plugin.h>

namespace parley {

inline parley_str to_parley_str(std::string_view text) noexcept {
    return {text.data(), text.size()};
}

// False when it is malformed: a size without data.
inline bool read_parley_str(parley_str text, std::string_view& out) noexcept {
    if (text.data == nullptr && text.size != 0) return false;
    out = text.size == 0 ? std::string_view{} : std::string_view{text.data, text.size};
    return true;
}

// At most `most` bytes of `text`, cut between characters, line ends as spaces.
std::string one_line(std::string_view text, std::size_t most);

// What a status is called in plugin.h, without its prefix.
const char* to_string_status(parley_status status) noexcept;

}  // namespace parley
