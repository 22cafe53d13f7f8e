// HMAC-SHA256 with a key that is set up once and used many times.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace parley {

using Sha256 = std::array<unsigned char, 32>;

// Any thread may call mac(). The keyed context is copied for each message: about 1 us instead of 2 for
// setting the key.
class HmacSha256 {
  public:
    explicit HmacSha256(const Secret& key);
    ~HmacSha256();
    HmacSha256(HmacSha256&&) noexcept;
    HmacSha256& operator=(HmacSha256&&) noexcept;

    Sha256 mac(std::string_view message) const;

  private:
    struct Keyed;
    std::shared_ptr<const Keyed> keyed_;
};

Sha256 sha256(std::string_view bytes);
std::string to_hex(const Sha256& digest);                   // 64 lower-case digits
bool from_hex(std::string_view hex, Sha256& out) noexcept;  // exactly 64 digits of either case, else false

}  // namespace parley
