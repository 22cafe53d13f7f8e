#include "base/crypto/hmac.hpp"

#include <array>
#include <cstdlib>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/sha.h>

namespace parley {
namespace {

struct FreeMacContext {
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using MacContext = std::unique_ptr<EVP_MAC_CTX, FreeMacContext>;

// Out of memory is the only way OpenSSL fails in this file; an engine without memory restarts.
void require(bool ok) {
    if (!ok) std::abort();
}

EVP_MAC* hmac_algorithm() {
    static EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    require(algorithm != nullptr);
    return algorithm;
}

// By table: the digits of a signature are random, so a branch on them is guessed wrong every other time.
constexpr std::array<signed char, 256> make_hex_values() {
    std::array<signed char, 256> values{};
    values.fill(-1);
    for (int i = 0; i < 10; ++i) values[static_cast<std::size_t>('0' + i)] = static_cast<signed char>(i);
    for (int i = 0; i < 6; ++i)
        for (const char first : {'a', 'A'})
            values[static_cast<std::size_t>(first + i)] = static_cast<signed char>(10 + i);
    return values;
}
constexpr std::array<signed char, 256> hex_values = make_hex_values();

int hex_digit(char c) noexcept {
    return hex_values[static_cast<unsigned char>(c)];
}

}  // namespace

struct HmacSha256::Keyed {
    MacContext context;
};

HmacSha256::HmacSha256(const Secret& key) {
    auto keyed = std::make_shared<Keyed>();
    keyed->context.reset(EVP_MAC_CTX_new(hmac_algorithm()));
    require(keyed->context != nullptr);
    char digest[] = "SHA256";
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                 OSSL_PARAM_construct_end()};
    const std::string_view bytes = key.reveal();
    require(EVP_MAC_init(keyed->context.get(), reinterpret_cast<const unsigned char*>(bytes.data()),
                         bytes.size(), params) == 1);
    keyed_ = std::move(keyed);
}

HmacSha256::~HmacSha256() = default;
HmacSha256::HmacSha256(HmacSha256&&) noexcept = default;
HmacSha256& HmacSha256::operator=(HmacSha256&&) noexcept = default;

Sha256 HmacSha256::mac(std::string_view message) const {
    // A copy of the keyed context costs about 1 us and needs no lock; re-keying would cost twice that.
    const MacContext context(EVP_MAC_CTX_dup(keyed_->context.get()));
    require(context != nullptr);
    Sha256 out{};
    std::size_t size = 0;
    require(EVP_MAC_update(context.get(), reinterpret_cast<const unsigned char*>(message.data()),
                           message.size()) == 1);
    require(EVP_MAC_final(context.get(), out.data(), &size, out.size()) == 1 && size == out.size());
    return out;
}

Sha256 sha256(std::string_view bytes) {
    Sha256 out{};
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), out.data());
    return out;
}

std::string to_hex(const Sha256& digest) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(digest.size() * 2);
    for (const unsigned char byte : digest) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

bool from_hex(std::string_view hex, Sha256& out) noexcept {
    if (hex.size() != out.size() * 2) return false;
    int all = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const int high = hex_digit(hex[2 * i]);
        const int low = hex_digit(hex[2 * i + 1]);
        all |= high | low;  // negative once one is no digit
        out[i] = static_cast<unsigned char>((high << 4) | low);
    }
    return all >= 0;
}

}  // namespace parley
