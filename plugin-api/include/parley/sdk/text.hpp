// Text at the boundary: parley_str and std::string_view, and writing JSON strings without a JSON library.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <parley/plugin.h>

namespace parley {

inline std::string_view view(parley_str text) noexcept {
    return text.size == 0 ? std::string_view{} : std::string_view{text.data, text.size};
}

inline parley_str str(std::string_view text) noexcept {
    return {text.data(), text.size()};
}

// Bytes of the UTF-8 character that `text` begins with; 0 when it does not begin with a valid one.
inline std::size_t utf8_length(std::string_view text) noexcept {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    if (text.empty()) return 0;
    const unsigned lead = byte(0);
    if (lead < 0x80) return 1;
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return 0;
    }
    const unsigned second = byte(1);
    const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
    const bool surrogate = lead == 0xED && second > 0x9F;
    const bool too_large = lead == 0xF4 && second > 0x8F;
    return overlong || surrogate || too_large ? 0 : length;
}

// Characters as the engine counts them for WhatsApp's limits: UTF-16 units, the strictest way, so most emoji are two. An
// invalid byte counts as one.
inline std::size_t characters(std::string_view text) noexcept {
    std::size_t count = 0;
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        text.remove_prefix(length == 0 ? 1 : length);
        count += length == 4 ? 2 : 1;
    }
    return count;
}

// Appends `text` as a JSON string with its quotes. Always valid JSON: bytes that are not UTF-8 become U+FFFD.
inline void append_json_string(std::string& out, std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    out += '"';
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        const char c = text.front();
        if (length == 0) {
            out += "\xEF\xBF\xBD";
        } else if (length > 1) {
            out.append(text.substr(0, length));
        } else if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += "\\u00";
            out += hex[static_cast<unsigned char>(c) >> 4U];
            out += hex[static_cast<unsigned char>(c) & 0xFU];
        } else {
            out += c;
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
    out += '"';
}

inline std::string json_string(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 2);
    append_json_string(out, text);
    return out;
}

}  // namespace parley
