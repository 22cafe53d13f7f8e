#include "whatsapp/signature.hpp"

#include <algorithm>

#include "base/crypto/compare.hpp"

namespace parley {
namespace {

constexpr std::string_view scheme = "sha256=";

std::string_view bytes_of(const Sha256& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

SignatureVerifier::SignatureVerifier(const std::vector<AppSecrets>& apps) {
    for (const AppSecrets& app : apps) {
        for (const Secret& secret : app.secrets) {
            if (secret.empty()) continue;
            const auto known = std::find_if(keys_.begin(), keys_.end(), [&](const Key& key) {
                return key.secret.equals(secret.reveal());
            });
            if (known == keys_.end()) {
                keys_.push_back({secret, HmacSha256(secret), {app.app}});
            } else if (std::find(known->apps.begin(), known->apps.end(), app.app) == known->apps.end()) {
                known->apps.push_back(app.app);
            }
        }
    }
}

std::span<const AppId> SignatureVerifier::verify(std::string_view header, std::string_view body) const {
    Sha256 given{};
    if (!header.starts_with(scheme) || !from_hex(header.substr(scheme.size()), given)) return {};
    for (const Key& key : keys_) {
        const Sha256 expected = key.hmac.mac(body);
        if (equal_in_constant_time(bytes_of(expected), bytes_of(given))) return key.apps;
    }
    return {};
}

std::string make_signature(const Secret& app_secret, std::string_view body) {
    return std::string(scheme) + to_hex(HmacSha256(app_secret).mac(body));
}

}  // namespace parley
