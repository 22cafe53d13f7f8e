#include "app/diagnostic.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace parley {
namespace {

constexpr std::size_t most_shown = 60;

// The end of the longest prefix of at most `size` bytes that does not cut a UTF-8 character.
std::size_t cut(std::string_view text, std::size_t size) {
    if (text.size() <= size) return text.size();
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
    return size;
}

}  // namespace

std::string printable(std::string_view text) {
    const std::size_t end = cut(text, most_shown);
    std::string shown;
    for (const char c : text.substr(0, end)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte != 0x7F) {
            shown += c;
            continue;
        }
        std::array<char, 8> escape{};
        std::snprintf(escape.data(), escape.size(), "\\x%02X", static_cast<unsigned>(byte));
        shown += escape.data();
    }
    if (end < text.size()) shown += "…";
    return shown;
}

std::string in_quotes(std::string_view text) {
    return "\"" + printable(text) + "\"";
}

std::string to_text(const Diagnostic& diagnostic, std::string_view label) {
    std::string text = diagnostic.file;
    if (diagnostic.at.line != 0) {
        text += ":" + std::to_string(diagnostic.at.line) + ":" + std::to_string(diagnostic.at.column);
    }
    if (!text.empty()) text += ": ";
    if (!label.empty()) text += std::string(label) + ": ";
    if (!diagnostic.path.empty()) text += diagnostic.path + ": ";
    for (const char byte : diagnostic.what) {
        text += byte;
        if (byte == '\n') text += "    ";
    }
    text += "\n";
    if (!diagnostic.instead.empty()) text += "  " + diagnostic.instead + "\n";
    return text;
}

void sort_by_place(Diagnostics& diagnostics) {
    std::stable_sort(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& a, const Diagnostic& b) { return a.at < b.at; });
}

}  // namespace parley
