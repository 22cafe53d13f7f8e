// RS256: RSASSA-PKCS1-v1_5 with SHA-256, as JSON web tokens are signed (RFC 7518 section 3.3).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace parley {

// A private key, ready for use. Any thread may call sign().
class RsaSigner {
  public:
    // `pem` is PKCS#8 or PKCS#1 without a password. invalid_input: it is no such key; it is never quoted.
    static Result<RsaSigner> read(const Secret& pem);

    std::string sign(std::string_view text) const;  // the raw signature, as long as the key

  private:
    struct Key;
    explicit RsaSigner(std::shared_ptr<const Key> key) : key_(std::move(key)) {}
    std::shared_ptr<const Key> key_;
};

}  // namespace parley
