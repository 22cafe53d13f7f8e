#include "net/client_address.hpp"

#include <gtest/gtest.h>

#include "fakes/fake_exchange.hpp"

namespace parley {
namespace {

std::string client(const char* peer, std::vector<std::string> forwarded,
                   std::vector<std::string> trusted = {"127.0.0.1", "10.0.0.0/8"}) {
    FakeRequest request;
    request.address = peer;
    for (std::string& line : forwarded) request.headers.emplace_back("X-Forwarded-For", std::move(line));
    return client_address(request, *Networks::parse(trusted));
}

TEST(ClientAddress, is_the_peer_unless_a_trusted_proxy_passes_it_on) {
    EXPECT_EQ(client("127.0.0.1", {"203.0.113.9"}, {}), "127.0.0.1");
    EXPECT_EQ(client("198.51.100.1", {"203.0.113.9"}), "198.51.100.1");
    EXPECT_EQ(client("127.0.0.1", {}), "127.0.0.1");
    EXPECT_EQ(client("127.0.0.1", {"203.0.113.9"}), "203.0.113.9");
}

TEST(ClientAddress, is_the_nearest_that_is_no_trusted_hop) {
    EXPECT_EQ(client("127.0.0.1", {"1.1.1.1, 203.0.113.9, 10.0.0.1"}), "203.0.113.9");
    EXPECT_EQ(client("127.0.0.1", {"1.1.1.1", "203.0.113.9", "10.0.0.1,10.0.0.2"}), "203.0.113.9");
    EXPECT_EQ(client("127.0.0.1", {"10.0.0.7, 10.0.0.1"}), "10.0.0.7");
}

TEST(ClientAddress, may_come_with_a_port_or_wrapped) {
    EXPECT_EQ(client("127.0.0.1", {"203.0.113.9:4711"}), "203.0.113.9");
    EXPECT_EQ(client("127.0.0.1", {"[2001:db8::9]:4711"}), "2001:db8::9");
    EXPECT_EQ(client("127.0.0.1", {"2001:db8::9"}), "2001:db8::9");
    EXPECT_EQ(client("::ffff:127.0.0.1", {"::ffff:203.0.113.9"}), "203.0.113.9");
}

TEST(ClientAddress, is_unknown_when_a_trusted_proxy_names_none) {
    for (const char* hop : {"unknown", "", "203.0.113.9, ", "[::1", "203.0.113.9:x", "_hidden"})
        EXPECT_EQ(client("127.0.0.1", {hop}), "unknown") << hop;
}

}  // namespace
}  // namespace parley
