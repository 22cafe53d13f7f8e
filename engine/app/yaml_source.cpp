#include "app/yaml_source.hpp"

#include <algorithm>

namespace parley {
namespace {

constexpr char open_stand_in = '\x01';
constexpr char close_stand_in = '\x02';

// The bytes of one UTF-8 character at the front, 0 when it is none.
std::size_t character_size(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) return 1;
    const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < size) return 0;
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) return 0;
    }
    const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
    const bool surrogate = first == 0xED && byte(1) > 0x9F;
    const bool beyond = first == 0xF4 && byte(1) > 0x8F;
    return overlong || surrogate || beyond ? 0 : size;
}

std::string with_stand_ins(std::string_view text) {
    std::string masked(text);
    for (auto start = masked.find("${"); start != std::string::npos; start = masked.find("${", start + 2)) {
        const auto end = masked.find_first_of("{}\n", start + 2);
        if (end == std::string::npos || masked[end] != '}') continue;
        masked[start + 1] = open_stand_in;
        masked[end] = close_stand_in;
    }
    return masked;
}

}  // namespace

std::optional<YamlSource::Refusal> YamlSource::refuse_bytes(std::string_view text) {
    Position at{1, 1};
    while (!text.empty()) {
        const std::size_t size = character_size(text);
        if (size == 0) return Refusal{at, "this byte is not UTF-8", "save the file as UTF-8"};
        const char c = text.front();
        const bool is_control =
            (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F;
        if (is_control)
            return Refusal{at, "a control character",
                           "remove it; in double quotes \"\\x1B\" can stand for one"};
        at = c == '\n' ? Position{at.line + 1, 1} : Position{at.line, at.column + 1};
        text.remove_prefix(size);
    }
    return std::nullopt;
}

YamlSource::YamlSource(std::string_view text) : text_(with_stand_ins(text)) {
    starts_.push_back(0);
    for (std::size_t i = 0; i < text_.size(); ++i) {
        if (text_[i] == '\n') starts_.push_back(i + 1);
    }
}

std::string YamlSource::with_braces(std::string scalar) {
    std::replace(scalar.begin(), scalar.end(), open_stand_in, '{');
    std::replace(scalar.begin(), scalar.end(), close_stand_in, '}');
    return scalar;
}

std::string_view YamlSource::from(int line, int byte_column) const {
    const auto row = static_cast<std::size_t>(std::max(line, 0));
    if (row >= starts_.size()) return {};
    const std::string_view rest = std::string_view(text_).substr(starts_[row]);
    return rest.substr(std::min(rest.size(), static_cast<std::size_t>(std::max(byte_column, 0))));
}

Position YamlSource::place(int line, int byte_column) const {
    if (line < 0) return {};
    const auto row = static_cast<std::size_t>(line);
    if (row >= starts_.size()) return {static_cast<unsigned>(starts_.size()), 1};
    const auto bytes = static_cast<std::size_t>(std::max(byte_column, 0));
    if (row != last_.line || bytes < last_.bytes) last_ = {row, 0, 0};
    const std::string_view before = from(line, 0).substr(0, bytes).substr(std::min(last_.bytes, bytes));
    const auto more = std::count_if(before.begin(), before.end(),
                                    [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    last_ = {row, bytes, last_.characters + static_cast<unsigned>(more)};
    return {static_cast<unsigned>(row + 1), last_.characters + 1};
}

bool YamlSource::closes_quotes(int line, int byte_column) const {
    std::string_view rest = from(line, byte_column);
    while (rest.starts_with('&') || rest.starts_with('!')) {
        rest.remove_prefix(std::min(rest.size(), rest.find_first_of(" \t\r\n")));
        rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of(" \t\r\n")));
    }
    if (!rest.starts_with('"') && !rest.starts_with('\'')) return true;
    const char quote = rest.front();
    for (std::size_t i = 1; i < rest.size(); ++i) {
        const bool is_doubled = quote == '\'' && rest.substr(i).starts_with("''");
        if (is_doubled || (quote == '"' && rest[i] == '\\')) {
            ++i;
        } else if (rest[i] == quote) {
            return true;
        }
    }
    return false;
}

bool YamlSource::begins_with_tab(int line) const {
    const std::string_view rest = from(line, 0);
    const auto first = rest.find_first_not_of(' ');
    return first != std::string_view::npos && rest[first] == '\t';
}

}  // namespace parley
