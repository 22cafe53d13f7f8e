#include <gtest/gtest.h>

#include "base/crypto/compare.hpp"
#include "base/crypto/hmac.hpp"

namespace parley {
namespace {

std::string hmac_hex(const std::string& key, std::string_view message) {
    return to_hex(HmacSha256{Secret{key}}.mac(message));
}

// RFC 4231, cases 1 to 4, 6 and 7 (5 is about a truncated result).
TEST(HmacSha256, gives_the_results_of_rfc_4231) {
    EXPECT_EQ(hmac_hex(std::string(20, '\x0b'), "Hi There"),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    EXPECT_EQ(hmac_hex("Jefe", "what do ya want for nothing?"),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(hmac_hex(std::string(20, '\xaa'), std::string(50, '\xdd')),
              "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    std::string counting;
    for (char c = 1; c <= 25; ++c) counting += c;
    EXPECT_EQ(hmac_hex(counting, std::string(50, '\xcd')),
              "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
    EXPECT_EQ(hmac_hex(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    EXPECT_EQ(hmac_hex(std::string(131, '\xaa'),
                       "This is a test using a larger than block-size key and a larger than block-size data. "
                       "The key needs to be hashed before being used by the HMAC algorithm."),
              "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

TEST(HmacSha256, takes_empty_keys_and_messages) {
    EXPECT_EQ(hmac_hex("", ""), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(HmacSha256, can_be_used_again_and_after_a_move) {
    HmacSha256 first{Secret{"Jefe"}};
    const Sha256 once = first.mac("what do ya want for nothing?");
    EXPECT_NE(first.mac("something else"), once);
    EXPECT_EQ(first.mac("what do ya want for nothing?"), once);
    const HmacSha256 moved{std::move(first)};
    EXPECT_EQ(moved.mac("what do ya want for nothing?"), once);
}

// FIPS 180-4's examples.
TEST(Sha256, gives_the_known_digests) {
    EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Hex, is_read_in_either_case_and_only_whole) {
    const std::string digest = "00ff10203040506070809aabbccddeeff0123456789abcdef0123456789abcd0";
    Sha256 out{};
    ASSERT_TRUE(from_hex(digest, out));
    EXPECT_EQ(to_hex(out), digest);
    EXPECT_EQ(out[0], 0x00);
    EXPECT_EQ(out[1], 0xFF);
    std::string upper = digest;
    for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    Sha256 same{};
    ASSERT_TRUE(from_hex(upper, same));
    EXPECT_EQ(same, out);
    EXPECT_FALSE(from_hex("", out));
    EXPECT_FALSE(from_hex(digest.substr(1), out));
    EXPECT_FALSE(from_hex(digest + "0", out));
    for (const char wrong : {'g', 'G', '/', ':', '@', '`', ' ', '\0', '-'}) {
        std::string broken = digest;
        broken[17] = wrong;
        EXPECT_FALSE(from_hex(broken, out)) << static_cast<int>(wrong);
    }
}

TEST(ConstantTimeComparison, is_true_for_equal_bytes_only) {
    EXPECT_TRUE(equal_in_constant_time("", ""));
    EXPECT_TRUE(equal_in_constant_time("token", "token"));
    EXPECT_TRUE(equal_in_constant_time(std::string_view("a\0b", 3), std::string_view("a\0b", 3)));
    EXPECT_FALSE(equal_in_constant_time("token", ""));
    EXPECT_FALSE(equal_in_constant_time("", "token"));
    EXPECT_FALSE(equal_in_constant_time("token", "toke"));
    EXPECT_FALSE(equal_in_constant_time("toke", "token"));
    EXPECT_FALSE(equal_in_constant_time("token", "Token"));
    EXPECT_FALSE(equal_in_constant_time("token", "tokem"));
    EXPECT_FALSE(equal_in_constant_time(std::string_view("a\0b", 3), std::string_view("a\0c", 3)));
}

}  // namespace
}  // namespace parley
