// W3C Trace Context, level 1: the id by which all systems know one message, and the header that carries it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley {

// All zero is none, as in the standard.
struct TraceId {
    std::array<unsigned char, 16> bytes{};

    bool is_none() const noexcept { return *this == TraceId{}; }
    friend bool operator==(const TraceId&, const TraceId&) = default;
};

// Of 16 bytes that are as good as random: a hash. Never none, also if they are all zero; of any other size: none.
TraceId to_trace_id(std::string_view bytes) noexcept;

// 32 lower-case hex digits; empty for none.
std::string to_text(const TraceId& trace);

// The id of one step inside a trace, never 0. The same step (a number and a moment of its own) has the same one.
std::uint64_t make_span(const TraceId& trace, std::uint64_t step, std::uint64_t moment) noexcept;

// "00-TRACE-SPAN-01"; empty for none.
std::string to_traceparent(const TraceId& trace, std::uint64_t span);

struct TraceParent {
    TraceId trace;
    std::uint64_t span = 0;
};

// What a caller's header says, of any version; none when it breaks the standard.
std::optional<TraceParent> parse_traceparent(std::string_view header) noexcept;

}  // namespace parley
