#include "core/outbound.hpp"

#include "base/base64.hpp"
#include "base/json_text.hpp"

namespace parley {
namespace {

// The 128 bits of the ULID behind "p1."; empty when there is none.
std::string ulid_bytes(std::string_view callback) {
    constexpr std::string_view prefix = "p1.", digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    constexpr std::size_t ulid_size = 26;
    if (!callback.starts_with(prefix) || callback.size() != prefix.size() + ulid_size) return {};
    std::uint64_t high = 0, low = 0;
    for (const char c : callback.substr(prefix.size())) {
        const auto value = digits.find(c);
        if (value == std::string_view::npos) return {};
        high = high << 5U | low >> 59U;
        low = low << 5U | value;
    }
    std::string bytes;
    for (const std::uint64_t half : {high, low})
        for (unsigned shift = 64; shift > 0;) bytes += static_cast<char>(half >> (shift -= 8) & 0xffU);
    return bytes;
}

}  // namespace

std::string to_text_message(std::string_view text) {
    std::string native = R"({"type":"text","text":{"body":)";
    append_json_string(native, text);
    return native + "}}";
}

std::string provisional_id(const std::string& callback) {
    return "wamid." + to_base64(callback);
}

TraceId trace_of(const OutboundMessage& message) {
    if (!message.answered_trace.is_none()) return message.answered_trace;
    return to_trace_id(ulid_bytes(message.callback));
}

}  // namespace parley
