// Whether a webhook was signed by one of our Meta apps: X-Hub-Signature-256 over the body's raw bytes.
#pragma once

#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/crypto/hmac.hpp"
#include "core/ids.hpp"

namespace parley {

struct AppSecrets {
    AppId app;
    std::vector<Secret> secrets;  // more than one while a secret is being rotated
};

// Any thread may call verify(). An empty secret is nobody's and verifies nothing.
class SignatureVerifier {
  public:
    explicit SignatureVerifier(const std::vector<AppSecrets>& apps);

    // The apps whose secret made `header` for `body`; empty when none did or the header is not `sha256=` and
    // 64 hex digits. Usually one: more only when apps were given the same secret. Valid as long as this
    // object.
    std::span<const AppId> verify(std::string_view header, std::string_view body) const;

    bool has_secrets() const noexcept { return !keys_.empty(); }

  private:
    struct Key {
        Secret secret;
        HmacSha256 hmac;
        std::vector<AppId> apps;
    };
    std::vector<Key> keys_;
};

// What Meta would send for `body`: "sha256=" and 64 lower-case digits.
std::string make_signature(const Secret& app_secret, std::string_view body);

}  // namespace parley
