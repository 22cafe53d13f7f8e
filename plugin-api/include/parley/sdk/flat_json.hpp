// Reading the flat JSON objects in which the host answers: strings and whole numbers by name, nothing nested.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace parley::detail {

inline void append_utf8(std::string& out, std::uint32_t c) {
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0 | c >> 6);
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else {
        out += static_cast<char>(0xE0 | c >> 12);
        out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    }
}

inline std::uint32_t hex4(std::string_view digits) {
    std::uint32_t value = 0;
    for (const char c : digits.substr(0, 4)) {
        const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c - 'A' + 10;
        value = value << 4 | (static_cast<std::uint32_t>(digit) & 0xF);
    }
    return value;
}

// The string that `text` begins with, decoded; `text` goes on after it. Characters beyond U+FFFF come as they are.
inline std::string take_string(std::string_view& text) {
    std::string out;
    text.remove_prefix(1);
    while (!text.empty() && text.front() != '"') {
        const char c = text.front();
        text.remove_prefix(1);
        if (c != '\\' || text.empty()) {
            out += c;
            continue;
        }
        const char escape = text.front();
        text.remove_prefix(1);
        constexpr std::string_view names = "nrtbf";
        constexpr std::string_view means = "\n\r\t\b\f";
        if (escape == 'u' && text.size() >= 4) {
            append_utf8(out, hex4(text));
            text.remove_prefix(4);
        } else {
            const auto at = names.find(escape);
            out += at == std::string_view::npos ? escape : means[at];
        }
    }
    if (!text.empty()) text.remove_prefix(1);
    return out;
}

// The strings of the first list in `text`; `text` goes on after it.
inline std::vector<std::string> take_list(std::string_view& text) {
    std::vector<std::string> all;
    text.remove_prefix(std::min(text.find('['), text.size()));
    while (!text.empty() && text.front() != ']') {
        if (text.front() == '"')
            all.push_back(take_string(text));
        else
            text.remove_prefix(1);
    }
    return all;
}

// The member's text, a number as it is written; "" when there is none.
inline std::string flat_member(std::string_view json, std::string_view key) {
    for (auto at = json.find('"'); at != std::string_view::npos; at = json.find('"')) {
        json.remove_prefix(at);
        const std::string name = take_string(json);
        json.remove_prefix(std::min(json.find_first_not_of(": "), json.size()));
        std::string value;
        if (json.starts_with('"')) {
            value = take_string(json);
        } else {
            value = json.substr(0, json.find_first_of(",} "));
            json.remove_prefix(value.size());
        }
        if (name == key) return value;
    }
    return {};
}

}  // namespace parley::detail
