#include "app/commands/text_table.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>

namespace parley {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t narrowest = 6;

bool starts_character(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_character));
}

std::string without_controls(std::string_view text) {
    std::string shown;
    for (const char c : text) shown += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
    return shown;
}

std::string fitted(std::string_view text, std::size_t width) {
    const std::size_t had = width_of(text);
    if (had <= width) return std::string(text) + std::string(width - had, ' ');
    std::size_t end = 0;
    for (std::size_t characters = 0; end < text.size(); ++end) {
        if (starts_character(text[end]) && characters++ == width - 1) break;
    }
    return std::string(text.substr(0, end)) + "…";
}

void shrink(std::vector<std::size_t>& widths, std::size_t columns) {
    const auto total = [&] {
        return std::accumulate(widths.begin(), widths.end(), gap * (widths.size() - 1));
    };
    while (total() > columns) {
        const auto widest = std::max_element(widths.begin(), widths.end());
        if (*widest <= narrowest) return;
        --*widest;
    }
}

}  // namespace

std::string TextTable::text(unsigned columns) const {
    std::vector<std::size_t> widths;
    for (const auto& row : rows_) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
    }
    if (columns != 0 && !widths.empty()) shrink(widths, columns);
    std::string out;
    for (const auto& row : rows_) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += (i > 0 ? std::string(gap, ' ') : "") + fitted(without_controls(row[i]), widths[i]);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
    return out;
}

}  // namespace parley
