#include <gtest/gtest.h>

#include "base/base64.hpp"
#include "base/crypto/aes_gcm.hpp"
#include "base/crypto/compare.hpp"
#include "base/crypto/hmac.hpp"
#include "base/crypto/rsa_signer.hpp"
#include "base/crypto/sealing.hpp"
#include "fakes/fake_random.hpp"
#include "fakes/rsa_key.hpp"

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

std::string from_hex_text(const std::string& hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    return bytes;
}
std::string to_hex_text(const std::string& bytes) {
    std::string hex;
    for (const char c : bytes) {
        hex += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
        hex += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
    }
    return hex;
}

struct GcmCase {
    std::string key, nonce, text, context, cipher, tag;
};

// Cases 13 to 16 of the GCM specification given to NIST.
const std::string zeros(64, '0');
const std::string fed = "feffe9928665731c6d6a8f9467308308";
const std::string long_text =
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
    "b16aedf5aa0de657ba637b391aafd255";
const std::string long_cipher =
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
    "c5f61e6393ba7a0abcc9f662898015ad";
const std::vector<GcmCase> gcm_cases{
    {zeros, zeros.substr(0, 24), "", "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
    {zeros, zeros.substr(0, 24), zeros.substr(0, 32), "", "cea7403d4d606b6e074ec5d3baf39d18",
     "d0d1c8a799996bf0265b98b5d48ab919"},
    {fed + fed, "cafebabefacedbaddecaf888", long_text, "", long_cipher, "b094dac5d93471bdec1a502270e3cc6c"},
    {fed + fed, "cafebabefacedbaddecaf888", long_text.substr(0, 120),
     "feedfacedeadbeeffeedfacedeadbeefabaddad2", long_cipher.substr(0, 120),
     "76fc6ece0f4e1768cddf8853bb2d551b"}};

TEST(AesGcm, gives_the_results_of_nist) {
    for (const GcmCase& one : gcm_cases) {
        GcmNonce nonce{};
        const std::string bytes = from_hex_text(one.nonce);
        std::copy(bytes.begin(), bytes.end(), nonce.begin());
        const std::string key = from_hex_text(one.key);
        const std::string sealed =
            gcm_encrypt(key, nonce, from_hex_text(one.context), from_hex_text(one.text));
        EXPECT_EQ(to_hex_text(sealed), one.cipher + one.tag);
        EXPECT_EQ(gcm_decrypt(key, nonce, from_hex_text(one.context), sealed), from_hex_text(one.text));
    }
}

Secret sealing_key(char fill) {
    return Secret(to_base64(std::string(32, fill)));
}
SealingKeys keys_of(std::vector<Secret> keys) {
    return *SealingKeys::read(keys);
}

TEST(Sealing, opens_what_it_sealed_and_never_seals_the_same_way_twice) {
    FakeRandom random;
    const SealingKeys keys = keys_of({sealing_key('a')});
    const std::string one = keys.seal("EAAG-token", "shop access_token", random);
    const std::string two = keys.seal("EAAG-token", "shop access_token", random);
    EXPECT_NE(one, two);
    EXPECT_EQ(one.find("EAAG"), std::string::npos);
    EXPECT_EQ(keys.open(one, "shop access_token")->reveal(), "EAAG-token");
    EXPECT_EQ(keys.open(two, "shop access_token")->reveal(), "EAAG-token");
    EXPECT_EQ(keys.open(keys.seal("", "x", random), "x")->reveal(), "");
}

TEST(Sealing, says_that_another_key_sealed_it) {
    FakeRandom random;
    const std::string sealed = keys_of({sealing_key('a')}).seal("EAAG-token", "shop", random);
    const auto opened = keys_of({sealing_key('b')}).open(sealed, "shop");
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code(), Errc::unauthorized);
    EXPECT_EQ(opened.error().message(), "it was sealed with another key, of the id " + sealed.substr(3, 8));
}

TEST(Sealing, refuses_every_flipped_bit_and_another_place) {
    FakeRandom random;
    const SealingKeys keys = keys_of({sealing_key('a')});
    const std::string sealed = keys.seal("EAAG", "shop access_token", random);
    const std::string start = sealed.substr(0, 12);
    const std::string body = *from_base64(sealed.substr(12));
    for (std::size_t bit = 0; bit < body.size() * 8; ++bit) {
        std::string changed = body;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
        const auto opened = keys.open(start + to_base64(changed), "shop access_token");
        ASSERT_FALSE(opened) << bit;
        EXPECT_EQ(opened.error().message(), "it was changed after it was sealed, or belongs elsewhere");
    }
    for (const char* place : {"shop app_secret", "support access_token", ""})
        EXPECT_EQ(keys.open(sealed, place).error().code(), Errc::corrupt) << place;
    for (const std::string& text :
         {std::string(), std::string("EAAG"), start, start + "AAAA", "p2" + sealed.substr(2)})
        EXPECT_EQ(keys.open(text, "shop access_token").error().code(), Errc::corrupt) << text;
}

TEST(Sealing, seals_with_the_first_key_and_opens_with_all) {
    FakeRandom random;
    const std::string old = keys_of({sealing_key('a')}).seal("EAAG", "shop", random);
    const SealingKeys both = keys_of({sealing_key('b'), sealing_key('a')});
    EXPECT_EQ(both.open(old, "shop")->reveal(), "EAAG");
    EXPECT_FALSE(both.is_current(old));
    const std::string fresh = both.seal("EAAG", "shop", random);
    EXPECT_TRUE(both.is_current(fresh));
    EXPECT_EQ(keys_of({sealing_key('b')}).open(fresh, "shop")->reveal(), "EAAG");
}

TEST(Sealing, refuses_what_is_no_key_without_quoting_it) {
    for (const char* text : {"", "short", "c2hvcnQ=", "not base64 at all, but of some length"}) {
        const auto read = SealingKeys::read({sealing_key('a'), Secret(text)});
        ASSERT_FALSE(read);
        EXPECT_EQ(read.error().message(),
                  "key 2 is not base64 of 32 bytes; make one with:  openssl rand -base64 32");
    }
    EXPECT_TRUE(SealingKeys::read({})->empty());
}

TEST(RsaSigner, signs_so_that_the_public_key_verifies_it) {
    const fakes::RsaKey key, other;
    const auto signer = RsaSigner::read(Secret(key.pem()));
    ASSERT_TRUE(signer) << signer.error().message();
    const std::string signature = signer->sign("a text");
    EXPECT_EQ(signature.size(), 256U);
    EXPECT_TRUE(key.verifies("a text", signature));
    EXPECT_FALSE(key.verifies("a test", signature));
    EXPECT_FALSE(other.verifies("a text", signature));
}

TEST(RsaSigner, refuses_what_is_no_key_without_quoting_it) {
    const fakes::RsaKey small(1024);
    for (const std::string& pem : {std::string("secret text"), std::string(), small.pem()}) {
        const auto signer = RsaSigner::read(Secret(pem));
        ASSERT_FALSE(signer);
        EXPECT_EQ(signer.error().code(), Errc::invalid_input);
        EXPECT_EQ(signer.error().message().find("secret text"), std::string::npos);
    }
}

}  // namespace
}  // namespace parley
