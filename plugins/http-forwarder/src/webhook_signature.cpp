#include "webhook_signature.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <climits>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <parley/sdk/json.hpp>

namespace forwarder {
namespace {

constexpr std::string_view prefix = "whsec_";

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::optional<std::string> decode_base64(std::string text) {
    while (text.ends_with('=')) text.pop_back();
    const auto is_letter = [](unsigned char c) { return std::isalnum(c) != 0 || c == '+' || c == '/'; };
    if (text.empty() || text.size() > 4096 || text.size() % 4 == 1) return std::nullopt;
    if (!std::all_of(text.begin(), text.end(), is_letter)) return std::nullopt;

    const std::size_t size = text.size() * 3 / 4;
    text.append((4 - text.size() % 4) % 4, '=');
    std::string decoded(text.size() / 4 * 3, '\0');
    auto* out = reinterpret_cast<unsigned char*>(decoded.data());
    if (EVP_DecodeBlock(out, bytes(text), static_cast<int>(text.size())) < 0) return std::nullopt;
    decoded.resize(size);  // EVP_DecodeBlock writes zeros for the padding
    return decoded;
}

using Digest = std::array<unsigned char, 32>;

Digest hmac(std::string_view key, std::string_view text) {
    if (key.size() > INT_MAX) throw std::runtime_error("the secret is too long");
    Digest digest{};
    unsigned size = 0;
    if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes(text), text.size(), digest.data(),
              &size))
        throw std::runtime_error("the signature could not be computed");
    return digest;
}

std::string hmac_base64(std::string_view key, std::string_view text) {
    const Digest digest = hmac(key, text);
    std::array<unsigned char, EVP_MAX_MD_SIZE * 2> encoded{};
    const int length = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(digest.size()));
    return {encoded.begin(), encoded.begin() + length};
}

bool fits_header(std::string_view id) {
    constexpr std::string_view marks = "._-=+/:~";
    const auto is_plain = [&](unsigned char c) {
        return std::isalnum(c) != 0 || marks.find(static_cast<char>(c)) != std::string_view::npos;
    };
    return !id.empty() && id.size() <= 512 && std::all_of(id.begin(), id.end(), is_plain);
}

}  // namespace

std::optional<std::string> to_signing_key(std::string_view secret) {
    if (!secret.starts_with(prefix)) return std::string(secret);
    return decode_base64(std::string(secret.substr(prefix.size())));
}

std::string sign(std::string_view key, std::string_view id, std::int64_t unix_seconds,
                 std::string_view body) {
    std::string signed_text(id);
    signed_text.append(".").append(std::to_string(unix_seconds)).append(".").append(body);
    return "v1," + hmac_base64(key, signed_text);
}

std::string to_webhook_id(std::string_view message_json, std::string_view key) {
    using Json = parley::Json;
    // Everything else is read past, not kept: a message may be large.
    const auto only_the_id = [](int depth, Json::parse_event_t event, const Json& parsed) {
        return depth != 1 || event != Json::parse_event_t::key || parsed == "message_id";
    };
    const Json message = Json::parse(message_json, only_the_id, false);
    if (!message.is_object()) throw std::runtime_error("the host's canonical message is no JSON object");
    const auto id = message.find("message_id");
    if (id != message.end() && id->is_string() && fits_header(id->get_ref<const std::string&>()))
        return id->get<std::string>();
    return "msg_" + hmac_base64(key, message_json);
}

std::string sign_as_meta(std::string_view app_secret, std::string_view body) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string header = "sha256=";
    for (const unsigned char byte : hmac(app_secret, body)) {
        header += digits[byte >> 4U];
        header += digits[byte & 15U];
    }
    return header;
}

}  // namespace forwarder
