// AES-256-GCM: encrypts, and refuses what was changed since.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace parley {

inline constexpr std::size_t aes_key_size = 32;  // bytes
inline constexpr std::size_t gcm_nonce_size = 12;
inline constexpr std::size_t gcm_tag_size = 16;

using GcmNonce = std::array<unsigned char, gcm_nonce_size>;

// `key` has aes_key_size bytes. A nonce must never come twice under one key. `context` is not hidden, but opening needs
// the same one. Any thread.
std::string gcm_encrypt(std::string_view key, const GcmNonce& nonce, std::string_view context,
                        std::string_view text);  // the ciphertext, then its tag
// Nothing when the key, the nonce, the context or a bit of `sealed` is another one.
std::optional<std::string> gcm_decrypt(std::string_view key, const GcmNonce& nonce, std::string_view context,
                                       std::string_view sealed);

}  // namespace parley
