#include "base/trace_context.hpp"

#include <algorithm>
#include <cstring>

namespace parley {
namespace {

constexpr char digits[] = "0123456789abcdef";

void append_byte(std::string& out, unsigned byte) {
    out += digits[byte >> 4U & 15U];
    out += digits[byte & 15U];
}

// splitmix64's finalizer: every bit of the input moves about half of the output's.
std::uint64_t mixed(std::uint64_t x) noexcept {
    x += 0x9e3779b97f4a7c15U;
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
}

// The standard forbids upper case.
std::optional<unsigned> hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    return std::nullopt;
}

bool is_hex(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) { return hex_value(c).has_value(); });
}

}  // namespace

TraceId to_trace_id(std::string_view bytes) noexcept {
    TraceId trace;
    if (bytes.size() != trace.bytes.size()) return trace;
    std::memcpy(trace.bytes.data(), bytes.data(), bytes.size());
    if (trace.is_none()) trace.bytes.back() = 1;
    return trace;
}

std::string to_text(const TraceId& trace) {
    std::string text;
    if (trace.is_none()) return text;
    text.reserve(2 * trace.bytes.size());
    for (const unsigned char byte : trace.bytes) append_byte(text, byte);
    return text;
}

std::uint64_t make_span(const TraceId& trace, std::uint64_t step, std::uint64_t moment) noexcept {
    std::uint64_t seed = 0;
    std::memcpy(&seed, trace.bytes.data() + sizeof seed, sizeof seed);
    const std::uint64_t span = mixed(mixed(seed ^ step) ^ moment);
    return span == 0 ? 1 : span;
}

std::string to_traceparent(const TraceId& trace, std::uint64_t span) {
    std::string text;
    if (trace.is_none()) return text;
    text.reserve(55);
    text += "00-";
    for (const unsigned char byte : trace.bytes) append_byte(text, byte);
    text += '-';
    for (unsigned shift = 64; shift > 0;) append_byte(text, static_cast<unsigned>(span >> (shift -= 8)));
    return text += "-01";
}

std::optional<TraceParent> parse_traceparent(std::string_view header) noexcept {
    constexpr std::size_t size = 55;
    if (header.size() < size || header[2] != '-' || header[35] != '-' || header[52] != '-')
        return std::nullopt;
    const std::string_view version = header.substr(0, 2), trace = header.substr(3, 32);
    const std::string_view span = header.substr(36, 16), flags = header.substr(53, 2);
    if (!is_hex(version) || !is_hex(trace) || !is_hex(span) || !is_hex(flags)) return std::nullopt;
    // Later versions may add fields behind a further dash.
    if (version == "ff" || (header.size() > size && (version == "00" || header[size] != '-')))
        return std::nullopt;
    TraceParent parent;
    for (std::size_t i = 0; i < parent.trace.bytes.size(); ++i)
        parent.trace.bytes[i] =
            static_cast<unsigned char>(*hex_value(trace[2 * i]) << 4U | *hex_value(trace[2 * i + 1]));
    for (const char c : span) parent.span = parent.span << 4U | *hex_value(c);
    return parent.trace.is_none() || parent.span == 0 ? std::nullopt : std::optional(parent);
}

}  // namespace parley
