// An RSA key made for a test, and what its public half says to a signature.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

namespace parley::fakes {

class RsaKey {
  public:
    explicit RsaKey(unsigned bits = 2048) : key_(EVP_RSA_gen(bits)) {
        if (!key_) throw std::runtime_error("OpenSSL made no key");
    }

    std::string pem() const {  // PKCS#8
        const std::unique_ptr<BIO, Free> out(BIO_new(BIO_s_mem()));
        PEM_write_bio_PKCS8PrivateKey(out.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
        char* text = nullptr;
        const long size = BIO_get_mem_data(out.get(), &text);
        return {text, static_cast<std::size_t>(size)};
    }
    bool verifies(const std::string& text, const std::string& signature) const {
        const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
        EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get());
        return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                                signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                                text.size()) == 1;
    }

  private:
    struct Free {
        void operator()(EVP_PKEY* one) const { EVP_PKEY_free(one); }
        void operator()(EVP_MD_CTX* one) const { EVP_MD_CTX_free(one); }
        void operator()(BIO* one) const { BIO_free(one); }
    };
    std::unique_ptr<EVP_PKEY, Free> key_;
};

}  // namespace parley::fakes
