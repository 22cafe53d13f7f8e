// A certificate authority of a test, and the certificates and keys it issues, as PEM.
#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace parley::fakes {

struct Issued {
    std::string certificate, key;

    void write(const std::filesystem::path& certificate_file, const std::filesystem::path& key_file) const {
        std::ofstream(certificate_file) << certificate;
        std::ofstream(key_file) << key;
    }
};

class Authority {
  public:
    explicit Authority(const std::string& name) : key_(new_key()), own_(X509_new()) {
        fill(*own_, name, name, 3600, *key_);
        extend(*own_, NID_basic_constraints, "critical,CA:TRUE");
        sign(*own_);
    }

    std::string certificate() const { return to_pem(*own_); }

    // Of a name, which is also its DNS name; `seconds` from now it expires.
    Issued issue(const std::string& name, long seconds = 3600) const {
        const Key key = new_key();
        const Certificate made(X509_new());
        fill(*made, name, {}, seconds, *key);
        extend(*made, NID_subject_alt_name, "DNS:" + name);
        sign(*made);
        return {to_pem(*made), to_pem(*key)};
    }

  private:
    struct Free {
        void operator()(EVP_PKEY* one) const { EVP_PKEY_free(one); }
        void operator()(X509* one) const { X509_free(one); }
        void operator()(BIO* one) const { BIO_free(one); }
    };
    using Key = std::unique_ptr<EVP_PKEY, Free>;
    using Certificate = std::unique_ptr<X509, Free>;
    using Bio = std::unique_ptr<BIO, Free>;

    static void require(bool is_so) {
        if (!is_so) throw std::runtime_error("OpenSSL made no certificate");
    }
    static Key new_key() {
        Key key(EVP_EC_gen("P-256"));
        require(key != nullptr);
        return key;
    }
    void fill(X509& made, const std::string& name, const std::string& issuer, long seconds,
              EVP_PKEY& key) const {
        X509_set_version(&made, X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(&made), ++serial_);
        X509_gmtime_adj(X509_getm_notBefore(&made), -7200);
        X509_gmtime_adj(X509_getm_notAfter(&made), seconds);
        X509_set_pubkey(&made, &key);
        set_name(X509_get_subject_name(&made), name);
        if (!issuer.empty())
            set_name(X509_get_issuer_name(&made), issuer);
        else
            X509_set_issuer_name(&made, X509_get_subject_name(own_.get()));
    }
    static void set_name(X509_NAME* into, const std::string& name) {
        const auto* const text = reinterpret_cast<const unsigned char*>(name.data());
        require(X509_NAME_add_entry_by_txt(into, "CN", MBSTRING_UTF8, text, static_cast<int>(name.size()), -1,
                                           0) == 1);
    }
    static void extend(X509& made, int nid, const std::string& value) {
        X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
        require(extension != nullptr);
        X509_add_ext(&made, extension, -1);
        X509_EXTENSION_free(extension);
    }
    void sign(X509& made) const { require(X509_sign(&made, key_.get(), EVP_sha256()) > 0); }

    static std::string text_of(const Bio& bio) {
        char* data = nullptr;
        const long size = BIO_get_mem_data(bio.get(), &data);
        return {data, static_cast<std::size_t>(size)};
    }
    static std::string to_pem(X509& certificate) {
        const Bio bio(BIO_new(BIO_s_mem()));
        require(PEM_write_bio_X509(bio.get(), &certificate) == 1);
        return text_of(bio);
    }
    static std::string to_pem(EVP_PKEY& key) {
        const Bio bio(BIO_new(BIO_s_mem()));
        require(PEM_write_bio_PrivateKey(bio.get(), &key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
        return text_of(bio);
    }

    mutable long serial_ = 0;
    Key key_;
    Certificate own_;
};

}  // namespace parley::fakes
