#include "base/crypto/sealing.hpp"

#include <algorithm>

#include "base/base64.hpp"
#include "base/crypto/aes_gcm.hpp"
#include "base/crypto/hmac.hpp"

namespace parley {
namespace {

constexpr std::string_view version = "p1";
constexpr std::size_t id_size = 8;

// The version is in it, so that an envelope cannot be passed off as one of another form.
std::string context_of(std::string_view place) {
    return "parley " + std::string(version) + "\n" + std::string(place);
}

std::string key_id(const Secret& key) {
    // Of a keyed hash: it tells keys apart and nothing of them.
    return to_hex(HmacSha256(key).mac("parley key id")).substr(0, id_size);
}

struct Envelope {
    std::string_view key_id, body;
};

bool split(std::string_view text, Envelope& parts) {
    const std::string start = std::string(version) + ".";
    if (!text.starts_with(start) || text.size() <= start.size() + id_size) return false;
    parts.key_id = text.substr(start.size(), id_size);
    parts.body = text.substr(start.size() + id_size);
    if (!parts.body.starts_with('.')) return false;
    parts.body.remove_prefix(1);
    return true;
}

std::string count_of(std::size_t index, std::size_t all) {
    return all == 1 ? "the key" : "key " + std::to_string(index + 1);
}

}  // namespace

Result<SealingKeys> SealingKeys::read(const std::vector<Secret>& keys) {
    SealingKeys read;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        auto bytes = from_base64(keys[i].reveal());
        if (!bytes || bytes->size() != aes_key_size)
            return Error(Errc::invalid_input, count_of(i, keys.size()) +
                                                  " is not base64 of 32 bytes; make one with:  openssl rand "
                                                  "-base64 32");
        Secret key(std::move(*bytes));
        std::string id = key_id(key);
        read.keys_.push_back({std::move(id), std::move(key)});
    }
    return read;
}

std::string SealingKeys::seal(std::string_view text, std::string_view place, Random& random) const {
    GcmNonce nonce{};
    random.fill(nonce);
    std::string body(nonce.begin(), nonce.end());
    body += gcm_encrypt(keys_.front().bytes.reveal(), nonce, context_of(place), text);
    return std::string(version) + "." + keys_.front().id + "." + to_base64(body);
}

Result<Secret> SealingKeys::open(std::string_view envelope, std::string_view place) const {
    Envelope parts;
    if (!split(envelope, parts)) return Error(Errc::corrupt, "it is not sealed as this program seals");
    const auto key =
        std::find_if(keys_.begin(), keys_.end(), [&](const Key& one) { return one.id == parts.key_id; });
    if (key == keys_.end())
        return Error(Errc::unauthorized,
                     "it was sealed with another key, of the id " + std::string(parts.key_id));
    const auto body = from_base64(parts.body);
    GcmNonce nonce{};
    if (!body || body->size() < nonce.size() + gcm_tag_size)
        return Error(Errc::corrupt, "its envelope is damaged");
    std::copy_n(body->begin(), nonce.size(), nonce.begin());
    auto text = gcm_decrypt(key->bytes.reveal(), nonce, context_of(place),
                            std::string_view(*body).substr(nonce.size()));
    if (!text) return Error(Errc::corrupt, "it was changed after it was sealed, or belongs elsewhere");
    return Secret(std::move(*text));
}

bool SealingKeys::is_current(std::string_view envelope) const noexcept {
    Envelope parts;
    return !keys_.empty() && split(envelope, parts) && parts.key_id == keys_.front().id;
}

}  // namespace parley
