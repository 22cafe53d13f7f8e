#include "whatsapp/address_limit.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

using namespace std::chrono_literals;

constexpr MonoTime start = MonoTime{} + 1h;
constexpr double two_a_minute = 2.0 / 60;

class LimitedAddresses : public testing::Test {
  protected:
    // How many of five requests pass.
    int passes(std::string_view address, MonoTime at = start) {
        int passed = 0;
        for (int i = 0; i < 5; ++i) passed += limit.wait_for(address, two_a_minute, at) ? 0 : 1;
        return passed;
    }
    AddressLimit limit;
};

TEST_F(LimitedAddresses, may_come_a_minutes_worth_at_once_and_then_evenly) {
    EXPECT_EQ(passes("203.0.113.9"), 2);
    EXPECT_EQ(limit.wait_for("203.0.113.9", two_a_minute, start), 31s);
    EXPECT_EQ(passes("203.0.113.9", start + 31s), 1);
    EXPECT_EQ(passes("203.0.113.9", start + 10min), 2);
}

TEST_F(LimitedAddresses, are_counted_apart) {
    EXPECT_EQ(passes("203.0.113.9"), 2);
    EXPECT_EQ(passes("203.0.113.10"), 2);
    EXPECT_EQ(passes("unknown"), 2);
    EXPECT_EQ(passes("::ffff:203.0.113.9"), 0);
}

TEST_F(LimitedAddresses, of_one_ipv6_network_are_one) {
    EXPECT_EQ(passes("2001:db8:1:2::1"), 2);
    EXPECT_EQ(passes("2001:db8:1:2:ffff::9"), 0);
    EXPECT_EQ(passes("2001:db8:1:3::1"), 2);
}

TEST_F(LimitedAddresses, are_trusted_for_an_hour_after_a_good_signature) {
    EXPECT_EQ(passes("203.0.113.9"), 2);
    limit.trust_address("203.0.113.9", start);
    EXPECT_EQ(passes("203.0.113.9"), 5);
    EXPECT_EQ(passes("203.0.113.9", start + 59min), 5);
    EXPECT_EQ(passes("203.0.113.9", start + 1h), 2);
}

TEST_F(LimitedAddresses, may_be_very_many) {
    for (int i = 0; i < 40'000; ++i) {
        const std::string address = "10." + std::to_string(i >> 16) + "." + std::to_string((i >> 8) & 255) +
                                    "." + std::to_string(i & 255);
        EXPECT_FALSE(limit.wait_for(address, two_a_minute, start)) << address;
    }
    limit.trust_address("203.0.113.9", start);
    EXPECT_EQ(passes("203.0.113.9"), 5);
    EXPECT_EQ(passes("10.0.156.63"), 1) << "a late one is still known";
}

}  // namespace
}  // namespace parley
