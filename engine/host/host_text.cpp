#include "host/host_text.hpp"

namespace parley {

std::string one_line(std::string_view text, std::size_t most) {
    if (text.size() > most) {
        std::size_t end = most;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
        text = text.substr(0, end);
    }
    std::string line(text);
    for (char& c : line)
        if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    return line;
}

const char* to_string_status(parley_status status) noexcept {
    switch (status) {
        case PARLEY_OK:
            return "OK";
        case PARLEY_STALE:
            return "STALE";
        case PARLEY_INVALID:
            return "INVALID";
        case PARLEY_LIMIT:
            return "LIMIT";
        case PARLEY_UNSUPPORTED:
            return "UNSUPPORTED";
        case PARLEY_CONFIG:
            return "CONFIG";
        case PARLEY_TIMEOUT:
            return "TIMEOUT";
        case PARLEY_CANCELLED:
            return "CANCELLED";
        case PARLEY_DENIED:
            return "DENIED";
        case PARLEY_INTERNAL:
            return "INTERNAL";
        default:
            return "an unknown status";
    }
}

}  // namespace parley
