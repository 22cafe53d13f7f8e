#include "base/crypto/compare.hpp"

#include <openssl/crypto.h>

namespace parley {

bool equal_in_constant_time(std::string_view secret, std::string_view candidate) noexcept {
    const bool same_size = secret.size() == candidate.size();
    const std::string_view against = same_size ? secret : candidate;
    return CRYPTO_memcmp(against.data(), candidate.data(), candidate.size()) == 0 && same_size;
}

}  // namespace parley
