// The strictest way to count characters, and so the one that WhatsApp's limits are held against.
#pragma once

#include <cstddef>
#include <string_view>

namespace parley {

// UTF-16 units of a valid UTF-8 text; most emoji are two.
inline std::size_t utf16_units(std::string_view utf8) {
    std::size_t units = 0;
    for (const char c : utf8) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0) != 0x80) units += byte >= 0xF0 ? 2 : 1;
    }
    return units;
}

}  // namespace parley
