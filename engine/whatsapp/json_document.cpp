#include "whatsapp/json_document.hpp"

#include <array>
#include <charconv>
#include <cstring>

#include <simdjson.h>

namespace parley {
namespace {

constexpr std::size_t keep_bytes = 256U << 10;  // buffers for texts beyond this are not kept for the next one
constexpr std::string_view replacement = "fffd";

constexpr std::uint32_t no_unit = 0xFFFFFFFF;

constexpr std::array<std::uint8_t, 256> make_hex_digits() {
    std::array<std::uint8_t, 256> digits{};
    for (auto& digit : digits) digit = 0xFF;
    for (unsigned i = 0; i < 10; ++i) digits['0' + i] = static_cast<std::uint8_t>(i);
    for (unsigned i = 0; i < 6; ++i) digits['a' + i] = digits['A' + i] = static_cast<std::uint8_t>(10 + i);
    return digits;
}
constexpr auto hex_digits = make_hex_digits();

bool is_high(std::uint32_t unit) {
    return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_low(std::uint32_t unit) {
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

// The UTF-16 unit of a \uXXXX at `at`, or no_unit.
std::uint32_t escaped_unit(std::string_view text, std::size_t at) {
    if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return no_unit;
    std::uint32_t unit = 0;
    for (std::size_t i = at + 2; i < at + 6; ++i) {
        const std::uint32_t digit = hex_digits[static_cast<unsigned char>(text[i])];
        if (digit > 15) return no_unit;
        unit = unit * 16 + digit;
    }
    return unit;
}

// Every surrogate is written \uD… or \ud…; all other escapes are only stepped over.
void repair_surrogates(char* text, std::size_t size) {
    const std::string_view view(text, size);
    for (std::size_t at = view.find('\\'); at < size; at = view.find('\\', at)) {
        if (at + 6 > size) return;
        const bool may_be_surrogate = text[at + 1] == 'u' && (text[at + 2] | 0x20) == 'd';
        const std::uint32_t unit = may_be_surrogate ? escaped_unit(view, at) : no_unit;
        if (!is_high(unit) && !is_low(unit)) {
            at += 2;
        } else if (is_high(unit) && is_low(escaped_unit(view, at + 6))) {
            at += 12;
        } else {
            std::memcpy(text + at + 2, replacement.data(), replacement.size());
            at += 6;
        }
    }
}

void append_utf8(std::string& out, std::uint32_t point) {
    const auto put = [&](std::uint32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (point < 0x80) return put(point);
    if (point < 0x800) return put(0xC0 | (point >> 6)), put(0x80 | (point & 0x3F));
    if (point < 0x10000) {
        put(0xE0 | (point >> 12));
    } else {
        put(0xF0 | (point >> 18));
        put(0x80 | ((point >> 12) & 0x3F));
    }
    put(0x80 | ((point >> 6) & 0x3F));
    put(0x80 | (point & 0x3F));
}

char simple_escape(char c) {
    switch (c) {
        case 'b':
            return '\b';
        case 'f':
            return '\f';
        case 'n':
            return '\n';
        case 'r':
            return '\r';
        case 't':
            return '\t';
        default:
            return c;
    }
}

// The text of a string without its quotes.
std::string decode(std::string_view inner) {
    std::string out;
    out.reserve(inner.size());
    for (std::size_t at = 0; at < inner.size();) {
        if (inner[at] != '\\') {
            const std::size_t escape = std::min(inner.find('\\', at), inner.size());
            out.append(inner.substr(at, escape - at));
            at = escape;
            continue;
        }
        if (at + 1 == inner.size()) break;
        const std::uint32_t unit = escaped_unit(inner, at);
        const std::uint32_t low = is_high(unit) ? escaped_unit(inner, at + 6) : no_unit;
        if (unit == no_unit) {
            out += simple_escape(inner[at + 1]);
            at += 2;
        } else if (is_low(low)) {
            append_utf8(out, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
            at += 12;
        } else {
            append_utf8(out, is_high(unit) || is_low(unit) ? 0xFFFD : unit);
            at += 6;
        }
    }
    return out;
}

std::string_view inside(std::string_view quoted) {
    return quoted.size() < 2 ? "" : quoted.substr(1, quoted.size() - 2);
}

bool is_space(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// One behind the closing quote of the string that opens at `at`: the first quote that an even number of
// backslashes precedes.
std::size_t string_end(std::string_view text, std::size_t at) {
    for (std::size_t quote = text.find('"', at + 1); quote != text.npos; quote = text.find('"', quote + 1)) {
        std::size_t slashes = 0;
        while (text[quote - 1 - slashes] == '\\') ++slashes;
        if (slashes % 2 == 0) return quote + 1;
    }
    return text.size();
}

std::size_t scalar_end(std::string_view text, std::size_t at) {
    while (at < text.size() && text[at] != ',' && text[at] != ']' && text[at] != '}' && !is_space(text[at]))
        ++at;
    return at;
}

bool is_followed_by_colon(std::string_view text, std::size_t at) {
    while (at < text.size() && is_space(text[at])) ++at;
    return at < text.size() && text[at] == ':';
}

}  // namespace

struct JsonDocument::Judge {
    simdjson::dom::parser parser;
};

JsonDocument::JsonDocument() : judge_(std::make_unique<Judge>()) {}
JsonDocument::~JsonDocument() = default;

Result<JsonValue> JsonDocument::parse(std::string_view text) {
    if (text.empty()) return Error(Errc::invalid_input, "not JSON: it is empty");
    if (buffer_.capacity() > keep_bytes && text.size() <= keep_bytes) {
        buffer_ = {};
        nodes_ = {};
        judge_ = std::make_unique<Judge>();
    }
    auto& parser = judge_->parser;
    if (parser.capacity() < text.size() &&
        parser.allocate(std::max(text.size(), std::size_t{4096}), max_depth)) {
        return Error(Errc::unavailable,
                     "no memory for a JSON text of " + std::to_string(text.size()) + " bytes");
    }
    buffer_.resize(text.size() + simdjson::SIMDJSON_PADDING);
    std::memcpy(buffer_.data(), text.data(), text.size());
    std::memset(buffer_.data() + text.size(), 0, simdjson::SIMDJSON_PADDING);
    repair_surrogates(buffer_.data(), text.size());
    if (const auto error = parser.parse(buffer_.data(), text.size(), false).error()) {
        return Error(Errc::invalid_input, std::string("not JSON: ") + simdjson::error_message(error));
    }
    return index({buffer_.data(), text.size()});
}

JsonValue JsonDocument::index(std::string_view accepted) {
    text_ = accepted;
    scan();
    return nodes_.empty() ? JsonValue() : JsonValue(this, 0);
}

void JsonDocument::scan() {
    nodes_.clear();
    std::array<std::uint32_t, max_depth> open{};
    std::size_t depth = 0;
    std::uint32_t key_begin = 0;
    std::uint32_t key_end = 0;
    const auto add = [&](std::size_t begin, std::size_t end) {
        nodes_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), key_begin,
                          key_end, static_cast<std::uint32_t>(nodes_.size() + 1)});
        key_begin = key_end = 0;
    };
    for (std::size_t at = 0; at < text_.size();) {
        const char c = text_[at];
        if (is_space(c) || c == ',' || c == ':') {
            ++at;
        } else if (c == '{' || c == '[') {
            if (depth == max_depth) return nodes_.clear();
            open[depth++] = static_cast<std::uint32_t>(nodes_.size());
            add(at, text_.size());
            ++at;
        } else if (c == '}' || c == ']') {
            if (depth == 0) return nodes_.clear();
            Node& node = nodes_[open[--depth]];
            node.end = static_cast<std::uint32_t>(++at);
            node.after = static_cast<std::uint32_t>(nodes_.size());
        } else if (c == '"') {
            const std::size_t end = string_end(text_, at);
            if (is_followed_by_colon(text_, end)) {
                key_begin = static_cast<std::uint32_t>(at);
                key_end = static_cast<std::uint32_t>(end);
            } else {
                add(at, end);
            }
            at = end;
        } else {
            const std::size_t end = scalar_end(text_, at);
            add(at, end);
            at = end;
        }
    }
    if (depth != 0) nodes_.clear();
}

char JsonValue::first() const noexcept {
    return document_ ? document_->text_[document_->nodes_[node_].begin] : '\0';
}

std::string_view JsonValue::raw() const noexcept {
    if (!document_) return {};
    const auto& node = document_->nodes_[node_];
    return document_->text_.substr(node.begin, node.end - node.begin);
}

std::string_view JsonValue::raw_key() const noexcept {
    if (!document_) return {};
    const auto& node = document_->nodes_[node_];
    return document_->text_.substr(node.key_begin, node.key_end - node.key_begin);
}

bool JsonValue::has_key(std::string_view key) const {
    const std::string_view own = inside(raw_key());
    if (own == key) return true;
    return own.size() > key.size() && own.find('\\') != own.npos && decode(own) == key;
}

JsonValue JsonValue::operator[](std::string_view key) const {
    if (!is_object()) return {};
    for (const JsonValue member : *this) {
        if (member.has_key(key)) return member;
    }
    return {};
}

std::string_view JsonValue::plain_text() const noexcept {
    const char c = first();
    if (c == '"') {
        const std::string_view inner = inside(raw());
        return inner.find('\\') == inner.npos ? inner : std::string_view();
    }
    return c == '-' || (c >= '0' && c <= '9') ? raw() : std::string_view();
}

std::string JsonValue::text() const {
    return is_string() ? decode(inside(raw())) : std::string(plain_text());
}

std::optional<std::int64_t> JsonValue::integer() const {
    const std::string_view digits = plain_text();
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

JsonValue::Iterator JsonValue::begin() const {
    return is_object() || is_array() ? Iterator(document_, node_ + 1) : end();
}

JsonValue::Iterator JsonValue::end() const {
    return {document_, document_ ? document_->nodes_[node_].after : 0};
}

std::size_t JsonValue::size() const {
    std::size_t count = 0;
    for ([[maybe_unused]] const JsonValue element : *this) ++count;
    return count;
}

JsonValue::Iterator& JsonValue::Iterator::operator++() {
    node_ = document_->nodes_[node_].after;
    return *this;
}

}  // namespace parley
