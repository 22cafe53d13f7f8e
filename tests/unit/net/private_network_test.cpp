// Which addresses count as the public internet.
#include "net/private_network.hpp"

#include <cstring>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

namespace parley {
namespace {

TEST(PrivateNetwork, refuses_every_special_range) {
    for (const auto* address : {"0.0.0.0",
                                "10.1.2.3",
                                "100.64.0.1",
                                "100.127.255.255",
                                "127.0.0.1",
                                "127.255.255.254",
                                "169.254.169.254",
                                "172.16.0.1",
                                "172.31.255.255",
                                "192.0.0.1",
                                "192.168.1.1",
                                "198.18.0.1",
                                "224.0.0.1",
                                "240.0.0.1",
                                "255.255.255.255",
                                "::",
                                "::1",
                                "fe80::1",
                                "fe80::1%eth0",
                                "fc00::1",
                                "fd00:ec2::254",
                                "ff02::1",
                                "2001:db8::1",
                                "2001::1",
                                "100::1",
                                "fec0::1"})
        EXPECT_FALSE(is_public_address(address)) << address;
}

TEST(PrivateNetwork, looks_inside_wrapped_addresses) {
    EXPECT_FALSE(is_public_address("::ffff:127.0.0.1"));
    EXPECT_FALSE(is_public_address("::ffff:a9fe:a9fe"));
    EXPECT_FALSE(is_public_address("64:ff9b::10.0.0.1"));
    EXPECT_FALSE(is_public_address("64:ff9b:1::8.8.8.8"));
    EXPECT_FALSE(is_public_address("2002:7f00:1::1"));
    EXPECT_FALSE(is_public_address("::8.8.8.8"));
    EXPECT_TRUE(is_public_address("::ffff:8.8.8.8"));
    EXPECT_TRUE(is_public_address("64:ff9b::8.8.8.8"));
    EXPECT_TRUE(is_public_address("2002:808:808::1"));
}

TEST(PrivateNetwork, allows_the_rest) {
    for (const auto* address : {"8.8.8.8", "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255",
                                "100.128.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255",
                                "157.240.1.1", "2a03:2880:f10c:83:face:b00c:0:25de", "2606:4700::1111"})
        EXPECT_TRUE(is_public_address(address)) << address;
}

TEST(PrivateNetwork, refuses_what_is_no_address) {
    for (const auto* text : {"", "localhost", "1.2.3", "1.2.3.4.5", "0x7f.1"})
        EXPECT_FALSE(is_public_address(text));
    sockaddr_storage unix_address{};
    unix_address.ss_family = AF_UNIX;
    EXPECT_FALSE(is_public_address(reinterpret_cast<const sockaddr&>(unix_address)));
}

TEST(PrivateNetwork, reads_socket_addresses) {
    sockaddr_storage storage{};
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    inet_pton(AF_INET, "10.0.0.1", &v4.sin_addr);
    std::memcpy(&storage, &v4, sizeof v4);
    EXPECT_FALSE(is_public_address(reinterpret_cast<const sockaddr&>(storage)));
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    inet_pton(AF_INET6, "2606:4700::1111", &v6.sin6_addr);
    std::memcpy(&storage, &v6, sizeof v6);
    EXPECT_TRUE(is_public_address(reinterpret_cast<const sockaddr&>(storage)));
}

}  // namespace
}  // namespace parley
