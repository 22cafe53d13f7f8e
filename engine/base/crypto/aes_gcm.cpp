#include "base/crypto/aes_gcm.hpp"

#include <cstdlib>
#include <cstring>
#include <memory>

#include <openssl/evp.h>

namespace parley {
namespace {

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

// Out of memory is the only way OpenSSL fails here, besides a tag that does not fit.
void require(bool ok) {
    if (!ok) std::abort();
}

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

Context begin(std::string_view key, const GcmNonce& nonce, std::string_view context, bool encrypts) {
    require(key.size() == aes_key_size);
    Context made(EVP_CIPHER_CTX_new());
    require(made != nullptr);
    require(EVP_CipherInit_ex(made.get(), EVP_aes_256_gcm(), nullptr, bytes(key), nonce.data(),
                              encrypts ? 1 : 0) == 1);
    int ignored = 0;
    if (!context.empty())
        require(EVP_CipherUpdate(made.get(), nullptr, &ignored, bytes(context),
                                 static_cast<int>(context.size())) == 1);
    return made;
}

}  // namespace

std::string gcm_encrypt(std::string_view key, const GcmNonce& nonce, std::string_view context,
                        std::string_view text) {
    const Context cipher = begin(key, nonce, context, true);
    std::string sealed(text.size() + gcm_tag_size, '\0');
    int size = 0;
    if (!text.empty())
        require(EVP_CipherUpdate(cipher.get(), bytes(sealed), &size, bytes(text),
                                 static_cast<int>(text.size())) == 1);
    int rest = 0;
    require(EVP_CipherFinal_ex(cipher.get(), bytes(sealed) + size, &rest) == 1);
    require(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(gcm_tag_size),
                                bytes(sealed) + text.size()) == 1);
    return sealed;
}

std::optional<std::string> gcm_decrypt(std::string_view key, const GcmNonce& nonce, std::string_view context,
                                       std::string_view sealed) {
    if (sealed.size() < gcm_tag_size) return std::nullopt;
    const std::string_view hidden = sealed.substr(0, sealed.size() - gcm_tag_size);
    std::string tag(sealed.substr(hidden.size()));
    const Context cipher = begin(key, nonce, context, false);
    std::string text(hidden.size(), '\0');
    int size = 0;
    if (!hidden.empty())
        require(EVP_CipherUpdate(cipher.get(), bytes(text), &size, bytes(hidden),
                                 static_cast<int>(hidden.size())) == 1);
    require(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(gcm_tag_size),
                                tag.data()) == 1);
    int rest = 0;
    if (EVP_CipherFinal_ex(cipher.get(), bytes(text) + size, &rest) == 1) return text;
    explicit_bzero(text.data(), text.size());
    return std::nullopt;
}

}  // namespace parley
