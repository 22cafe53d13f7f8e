#include "whatsapp/text_split.hpp"

#include <algorithm>
#include <array>

#include "base/json_text.hpp"
#include "whatsapp/json_document.hpp"

namespace parley {
namespace {

struct CodePoint {
    char32_t value = 0;
    std::size_t bytes = 1;
    std::size_t units() const { return value >= 0x10000 ? 2 : 1; }
};

// `text` is valid UTF-8 here: it comes out of a JSON document.
CodePoint front(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return static_cast<unsigned char>(i < text.size() ? text[i] : 0);
    };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    char32_t value = lead & (0x7FU >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) value = (value << 6) | (byte(i) & 0x3FU);
    return {value, std::min(bytes, text.size())};
}

bool is_blank(char32_t c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// U+0964 is the danda of Hindi.
bool ends_sentence(char32_t c) {
    return c == '.' || c == '!' || c == '?' || c == 0x0964 || c == 0x2026 || c == 0x3002;
}

// Marks, vowel signs, joiners, variation selectors and skin tones belong to what stands before them.
bool is_mark(char32_t c) {
    struct Range {
        char32_t first, last;
    };
    static constexpr std::array<Range, 12> marks{{{0x0300, 0x036F},
                                                  {0x0900, 0x0903},
                                                  {0x093A, 0x094F},
                                                  {0x0951, 0x0957},
                                                  {0x0981, 0x0983},
                                                  {0x09BC, 0x09CD},
                                                  {0x0A3C, 0x0A4D},
                                                  {0x0B3C, 0x0B4D},
                                                  {0x0BBE, 0x0BCD},
                                                  {0x200C, 0x200D},
                                                  {0xFE00, 0xFE0F},
                                                  {0x1F3FB, 0x1F3FF}}};
    return std::any_of(marks.begin(), marks.end(), [c](Range r) { return c >= r.first && c <= r.last; });
}

enum Boundary : std::size_t { letter, word, sentence, line, paragraph, boundary_count };

Boundary boundary_before(char32_t previous, char32_t before_previous, char32_t next) {
    if (previous == '\n') return before_previous == '\n' ? paragraph : line;
    if (next == '\n') return line;
    if (is_blank(next)) return ends_sentence(previous) ? sentence : word;
    return is_blank(previous) ? word : letter;
}

// Where to cut `text`, in bytes; its whole size when it fits.
std::size_t find_cut(std::string_view text, std::size_t limit) {
    std::array<std::size_t, boundary_count> latest{};
    std::size_t units = 0;
    std::size_t at = 0;
    std::size_t half = 0;
    std::size_t last_whole = 0;
    char32_t previous = 0;
    char32_t before = 0;
    while (at < text.size()) {
        const CodePoint point = front(text.substr(at));
        if (at > 0 && !is_mark(point.value) && previous != 0x200D) {
            const Boundary boundary = boundary_before(previous, before, point.value);
            latest[boundary] = at;
        }
        if (units + point.units() > limit) break;
        units += point.units();
        last_whole = at += point.bytes;
        if (units <= limit / 2) half = at;
        before = previous;
        previous = point.value;
    }
    if (at >= text.size()) return text.size();
    for (const Boundary boundary : {paragraph, line, sentence}) {
        if (latest[boundary] > half) return latest[boundary];
    }
    for (const Boundary boundary : {word, sentence, line, paragraph, letter}) {
        if (latest[boundary] > 0) return latest[boundary];
    }
    return std::max(last_whole, front(text).bytes);
}

std::string_view without_blanks_behind(std::string_view text) {
    while (!text.empty() && is_blank(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
    return text;
}

std::string_view without_blanks_before(std::string_view text) {
    while (!text.empty() && is_blank(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
    return text;
}

std::string with_body(const JsonValue& text, std::string_view body) {
    std::string out = "{\"body\":";
    append_json_string(out, body);
    for (const JsonValue member : text) {
        if (!member.has_key("body"))
            out.append(",").append(member.raw_key()).append(":").append(member.raw());
    }
    return out += '}';
}

std::string part_of(const JsonValue& native, std::string_view body, bool is_first) {
    std::string out = "{";
    for (const JsonValue member : native) {
        if (!is_first && member.has_key("context")) continue;
        if (out.size() > 1) out += ',';
        out.append(member.raw_key()).append(":");
        if (member.has_key("text"))
            out += with_body(member, body);
        else
            out.append(member.raw());
    }
    return out += '}';
}

}  // namespace

std::vector<std::string> split_text(std::string_view text, std::size_t limit) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const std::size_t cut = find_cut(text, limit);
        const bool is_last = cut >= text.size();
        const std::string_view part = is_last ? text : without_blanks_behind(text.substr(0, cut));
        if (!part.empty()) parts.emplace_back(part);
        text = is_last ? std::string_view() : without_blanks_before(text.substr(cut));
    }
    return parts;
}

std::vector<std::string> split_text_reply(const std::string& native_json) {
    // A UTF-16 unit takes a byte at least, so most replies are known to fit without a look inside.
    if (native_json.size() <= longest_text) return {native_json};
    thread_local JsonDocument document;
    const auto native = document.parse(native_json);
    if (!native || (*native)["type"].plain_text() != "text") return {native_json};
    const JsonValue body = (*native)["text"]["body"];
    if (!body.is_string()) return {native_json};
    const std::vector<std::string> parts = split_text(body.text(), longest_text);
    if (parts.size() < 2) return {native_json};
    std::vector<std::string> messages;
    for (const std::string& part : parts) messages.push_back(part_of(*native, part, messages.empty()));
    return messages;
}

}  // namespace parley
