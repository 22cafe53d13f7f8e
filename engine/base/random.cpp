#include "base/random.hpp"

#include <array>
#include <cstdlib>
#include <cstring>

#include <sys/random.h>

namespace parley {

std::uint64_t Random::below(std::uint64_t bound) {
    std::array<unsigned char, 8> bytes{};
    fill(bytes);
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data(), sizeof value);
    return value % bound;
}

void SystemRandom::fill(std::span<unsigned char> out) {
    while (!out.empty()) {
        const ssize_t n = getrandom(out.data(), out.size(), 0);
        if (n > 0) {
            out = out.subspan(static_cast<std::size_t>(n));
        } else if (errno != EINTR) {
            std::abort();  // Without randomness ids would repeat; Linux cannot get here after boot.
        }
    }
}

std::string make_ulid(WallTime now, Random& random) {
    static constexpr char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    std::array<unsigned char, 16> bytes{};
    const auto ms = static_cast<std::uint64_t>(unix_ms(now));
    for (std::size_t i = 0; i < 6; ++i) bytes[i] = static_cast<unsigned char>(ms >> (8 * (5 - i)));
    random.fill(std::span(bytes).subspan(6));

    // 128 bits are 26 digits of 5 bits with two zero bits in front.
    std::string text(26, '0');
    unsigned buffer = 0;
    int bits = 2;
    std::size_t at = 0;
    for (const unsigned char byte : bytes) {
        buffer = (buffer << 8) | byte;
        bits += 8;
        while (bits >= 5) {
            bits -= 5;
            text[at++] = digits[(buffer >> bits) & 31U];
        }
        buffer &= (1U << bits) - 1U;
    }
    return text;
}

}  // namespace parley
