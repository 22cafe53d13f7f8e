#include "base/crypto/rsa_signer.hpp"

#include <cstdlib>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

namespace parley {
namespace {

struct Free {
    void operator()(EVP_PKEY* one) const { EVP_PKEY_free(one); }
    void operator()(EVP_MD_CTX* one) const { EVP_MD_CTX_free(one); }
    void operator()(BIO* one) const { BIO_free(one); }
};

// With a sound key, OpenSSL fails here when memory is out only; an engine without memory restarts.
void require(bool ok) {
    if (!ok) std::abort();
}

// Without it OpenSSL would ask at the terminal.
int no_password(char*, int, int, void*) {
    return -1;
}

}  // namespace

struct RsaSigner::Key {
    std::unique_ptr<EVP_PKEY, Free> pair;
};

Result<RsaSigner> RsaSigner::read(const Secret& pem) {
    const std::string_view text = pem.reveal();
    const std::unique_ptr<BIO, Free> source(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    require(source != nullptr);
    auto key = std::make_shared<Key>();
    key->pair.reset(PEM_read_bio_PrivateKey(source.get(), nullptr, no_password, nullptr));
    ERR_clear_error();
    if (!key->pair || EVP_PKEY_get_base_id(key->pair.get()) != EVP_PKEY_RSA)
        return Error(Errc::invalid_input, "is no RSA key in PEM form without a password");
    if (EVP_PKEY_get_bits(key->pair.get()) < 2048)
        return Error(Errc::invalid_input, "is an RSA key of less than 2048 bits");
    return RsaSigner(std::move(key));
}

std::string RsaSigner::sign(std::string_view text) const {
    const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
    require(context != nullptr);
    require(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_->pair.get()) == 1);
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t size = 0;
    require(EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) == 1);
    std::string signature(size, '\0');
    require(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes,
                           text.size()) == 1);
    signature.resize(size);
    return signature;
}

}  // namespace parley
