// Ids in the shapes that Meta gives them.
#include "simulator/wire_ids.hpp"

#include <array>

namespace parley::sim {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string base64(std::string_view bytes) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        unsigned group = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            out += i + k > bytes.size() ? '=' : alphabet[(group >> (18 - 6 * k)) & 63U];
        }
    }
    return out;
}

std::string make_wamid(std::string_view user, std::uint64_t sequence, Random& random) {
    std::array<unsigned char, 10> secret{};
    random.fill(secret);
    std::string record = "\x1d\x18";
    record += static_cast<char>(user.size());
    record += user;
    record.append("\x15\x02\x00\x11\x18\x12", 6);
    record.append(reinterpret_cast<const char*>(secret.data()), secret.size());
    for (int shift = 56; shift >= 0; shift -= 8) record += static_cast<char>(sequence >> shift & 0xFF);
    record += '\0';
    return "wamid." + base64(record);
}

std::string make_trace_id(Random& random) {
    std::array<unsigned char, 22> bytes{};
    random.fill(bytes);
    std::string out = "A";
    for (const unsigned char byte : bytes) {
        const char c = alphabet[byte & 63U];
        out += c == '+' ? '-' : c == '/' ? '_' : c;
    }
    return out;
}

}  // namespace parley::sim
