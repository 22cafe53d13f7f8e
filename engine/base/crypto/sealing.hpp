// Sealing: secrets that are stored so that nobody reads them without the key, changes them, or moves them elsewhere.
//
// An envelope is text: "p1.KEYID.BASE64", where KEYID are 8 hex digits that tell which key sealed it, and BASE64 holds the
// nonce, the ciphertext and the tag of AES-256-GCM.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace parley {

// Several keys while one is being rotated: the first one seals, all of them open. Any thread.
class SealingKeys {
  public:
    SealingKeys() = default;  // none

    // Each is base64 of 32 bytes, as `openssl rand -base64 32` prints it. invalid_input says which one is not; it never
    // quotes a key.
    static Result<SealingKeys> read(const std::vector<Secret>& keys);

    bool empty() const noexcept { return keys_.empty(); }

    // Of a text that belongs to `place` (the account and the field); no other place opens it. There must be a key.
    std::string seal(std::string_view text, std::string_view place, Random& random) const;

    // unauthorized: another key sealed it. corrupt: it is no envelope, was changed, or belongs to another place.
    Result<Secret> open(std::string_view envelope, std::string_view place) const;

    // Whether the first key sealed it.
    bool is_current(std::string_view envelope) const noexcept;

  private:
    struct Key {
        std::string id;
        Secret bytes;
    };
    std::vector<Key> keys_;
};

}  // namespace parley
