#include "net/networks.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

Networks networks(std::vector<std::string> texts) {
    auto parsed = Networks::parse(texts);
    EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().message());
    return parsed ? *parsed : Networks{};
}

TEST(Networks, contain_the_addresses_of_their_prefix) {
    const Networks some = networks({"10.0.0.0/8", "192.0.2.128/25", "2001:db8::/33", "198.51.100.7"});
    for (const char* inside : {"10.0.0.0", "10.255.255.255", "192.0.2.128", "192.0.2.255", "2001:db8::1",
                               "2001:db8:7fff:ffff::", "198.51.100.7"})
        EXPECT_TRUE(some.contain(inside)) << inside;
    for (const char* outside : {"11.0.0.0", "9.255.255.255", "192.0.2.127", "2001:db8:8000::", "2001:db9::1",
                                "198.51.100.6", "198.51.100.8", "unknown", "", "10.0.0.1:80", "10.0.0"})
        EXPECT_FALSE(some.contain(outside)) << outside;
}

TEST(Networks, take_a_wrapped_ipv4_address_for_what_it_is) {
    EXPECT_TRUE(networks({"10.0.0.0/8"}).contain("::ffff:10.1.2.3"));
    EXPECT_TRUE(networks({"::ffff:10.0.0.0/104"}).contain("10.1.2.3"));
    EXPECT_FALSE(networks({"::ffff:10.0.0.0/104"}).contain("11.1.2.3"));
    EXPECT_EQ(IpAddress::parse("::ffff:10.1.2.3")->to_string(), "10.1.2.3");
    EXPECT_EQ(IpAddress::parse("fe80::1%eth0")->to_string(), "fe80::1");
}

TEST(Networks, keep_the_two_families_apart) {
    EXPECT_FALSE(networks({"::/0"}).contain("10.0.0.1"));
    EXPECT_TRUE(networks({"::/0"}).contain("::1"));
    EXPECT_FALSE(networks({"0.0.0.0/0"}).contain("::1"));
    EXPECT_TRUE(networks({"0.0.0.0/0"}).contain("255.255.255.255"));
    EXPECT_FALSE(Networks{}.contain("10.0.0.1"));
}

TEST(Networks, refuse_what_is_no_network) {
    for (const char* text :
         {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "10.0.0.0/8/8", "10.0.0.0/08", "10.0.0.0/-1", "::/129",
          "localhost", "10.0.0.0 /8", "fe80::1%eth0/64", "::ffff:10.0.0.0/64"})
        EXPECT_FALSE(Network::parse(text)) << text;
}

TEST(Networks, say_where_a_network_begins) {
    EXPECT_FALSE(Network::parse("10.1.2.3/8"));
    EXPECT_EQ(network_start("10.1.2.3/8"), "10.0.0.0/8");
    EXPECT_EQ(network_start("2001:db8::1/32"), "2001:db8::/32");
    EXPECT_EQ(network_start("nonsense"), "");
}

}  // namespace
}  // namespace parley
