// The special-purpose address registries of IANA (RFC 6890 and its updates), as tables.
#include "net/private_network.hpp"

#include <cstdint>
#include <cstring>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace parley {

namespace {

struct Block {
    std::uint32_t network;
    unsigned bits;
};

constexpr std::uint32_t ip(unsigned a, unsigned b, unsigned c, unsigned d) {
    return a << 24 | b << 16 | c << 8 | d;
}

constexpr Block special_v4[] = {
    {ip(0, 0, 0, 0), 8},      {ip(10, 0, 0, 0), 8},     {ip(100, 64, 0, 0), 10}, {ip(127, 0, 0, 0), 8},
    {ip(169, 254, 0, 0), 16}, {ip(172, 16, 0, 0), 12},  {ip(192, 0, 0, 0), 24},  {ip(192, 0, 2, 0), 24},
    {ip(192, 88, 99, 0), 24}, {ip(192, 168, 0, 0), 16}, {ip(198, 18, 0, 0), 15}, {ip(198, 51, 100, 0), 24},
    {ip(203, 0, 113, 0), 24}, {ip(224, 0, 0, 0), 4},    {ip(240, 0, 0, 0), 4},
};

bool is_public_v4(std::uint32_t address) {
    for (const auto& block : special_v4)
        if ((address ^ block.network) >> (32 - block.bits) == 0) return false;
    return true;
}

std::uint32_t word(const unsigned char* bytes) {
    return ip(bytes[0], bytes[1], bytes[2], bytes[3]);
}

bool is_public_v6(const unsigned char* a) {
    static constexpr unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    static constexpr unsigned char nat64[12] = {0, 0x64, 0xff, 0x9b};
    if (std::memcmp(a, mapped, 12) == 0 || std::memcmp(a, nat64, 12) == 0) return is_public_v4(word(a + 12));
    if ((a[0] & 0xe0) != 0x20) return false;  // only 2000::/3 is global unicast
    const auto head = word(a);
    if (head >> 16 == 0x2002) return is_public_v4(word(a + 2));     // 6to4
    if (head == 0x20010db8 || head >> 12 == 0x3fff0) return false;  // documentation
    return (head >> 9) != (0x20010000U >> 9);  // 2001::/23: Teredo, ORCHID and other protocols
}

}  // namespace

bool is_public_address(const sockaddr& address) {
    if (address.sa_family == AF_INET) {
        sockaddr_in in;
        std::memcpy(&in, &address, sizeof in);
        return is_public_v4(ntohl(in.sin_addr.s_addr));
    }
    if (address.sa_family != AF_INET6) return false;
    sockaddr_in6 in6;
    std::memcpy(&in6, &address, sizeof in6);
    return is_public_v6(in6.sin6_addr.s6_addr);
}

bool is_public_address(std::string_view text) {
    const std::string name(text.substr(0, text.find('%')));
    in_addr v4;
    if (inet_pton(AF_INET, name.c_str(), &v4) == 1) return is_public_v4(ntohl(v4.s_addr));
    in6_addr v6;
    return inet_pton(AF_INET6, name.c_str(), &v6) == 1 && is_public_v6(v6.s6_addr);
}

}  // namespace parley
