// Ids in the shapes that Meta gives them.
#include "simulator/wire_ids.hpp"

#include <array>

#include "base/base64.hpp"

namespace parley::sim {
namespace {

// base64url's
constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

}  // namespace

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
    return "wamid." + to_base64(record);
}

std::string make_trace_id(Random& random) {
    std::array<unsigned char, 22> bytes{};
    random.fill(bytes);
    std::string out = "A";
    for (const unsigned char byte : bytes) out += alphabet[byte & 63U];
    return out;
}

}  // namespace parley::sim
