#include "net/tls_context.hpp"

#include <array>
#include <ctime>
#include <filesystem>
#include <fstream>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

namespace parley {
namespace {

constexpr std::size_t most_bytes = 1U << 20;
constexpr std::string_view http_1_1 = "\x08http/1.1";

template <auto Free>
struct With {
    template <class T>
    void operator()(T* one) const {
        Free(one);
    }
};
using Bio = std::unique_ptr<BIO, With<BIO_free>>;
using Certificate = std::unique_ptr<X509, With<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, With<EVP_PKEY_free>>;

Error wrong(std::string what) {
    return {Errc::invalid_input, std::move(what)};
}

Result<std::string> read_file(const std::string& file) {
    std::error_code failed;
    const auto status = std::filesystem::status(file, failed);
    if (!std::filesystem::exists(status)) return wrong("there is no file " + file);
    if (std::filesystem::is_directory(status)) return wrong(file + " is a folder, not a file");
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return wrong(file + " cannot be opened: check its permissions");
    std::string text(most_bytes + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (stream.bad() || text.size() > most_bytes)
        return wrong(file + " cannot be read, or is larger than 1 MiB");
    return text;
}

Bio reader_of(const std::string& text) {
    return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string last_reason() {
    const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return reason == nullptr ? "OpenSSL does not say why" : reason;
}

// Whether reading stopped because no further block begins, and not inside a broken one.
bool at_end() {
    const bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    return ended;
}

int no_password(char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned offered_size, void*) {
    unsigned char* found = nullptr;
    const auto* const ours = reinterpret_cast<const unsigned char*>(http_1_1.data());
    if (SSL_select_next_proto(&found, size, ours, http_1_1.size(), offered, offered_size) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

// The verdict stays with the session; who needs a certificate asks for it.
int go_on(int, X509_STORE_CTX*) {
    return 1;
}

}  // namespace

void TlsContext::Free::operator()(ssl_ctx_st* handle) const {
    SSL_CTX_free(handle);
}

TlsContext::TlsContext() : handle_(SSL_CTX_new(TLS_server_method())) {
    SSL_CTX* const context = handle_.get();
    const bool is_made = context != nullptr && SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
                         SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1;
    if (!is_made) {
        handle_.reset();
        return;
    }
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
    // Resumption by tickets, whose keys live and die with this context.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    constexpr std::array<unsigned char, 6> name{'p', 'a', 'r', 'l', 'e', 'y'};
    SSL_CTX_set_session_id_context(context, name.data(), name.size());
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
}

void TlsContext::note(const std::string& text) {
    const std::string all = fingerprint_ + text;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(all.data(), all.size(), digest.data(), &size, EVP_sha256(), nullptr);
    fingerprint_.assign(reinterpret_cast<const char*>(digest.data()), size);
}

Result<std::string> TlsContext::read(const std::string& file) const {
    if (!handle_) return Error{Errc::fault, "OpenSSL cannot make a TLS context"};
    return read_file(file);
}

Result<> TlsContext::use_certificate(const std::string& file) {
    const auto text = read(file);
    if (!text) return text.error();
    const Bio reader = reader_of(*text);
    const Certificate own(PEM_read_bio_X509_AUX(reader.get(), nullptr, nullptr, nullptr));
    if (!own) {
        ERR_clear_error();
        return wrong(file + " holds no certificate in PEM form");
    }
    if (SSL_CTX_use_certificate(handle_.get(), own.get()) != 1)
        return wrong(file + ": OpenSSL refuses the certificate: " + last_reason());
    SSL_CTX_clear_chain_certs(handle_.get());
    while (Certificate next{PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr)}) {
        if (SSL_CTX_add0_chain_cert(handle_.get(), next.get()) != 1)
            return wrong(file + ": OpenSSL refuses a certificate of its chain: " + last_reason());
        (void)next.release();
    }
    if (!at_end()) return wrong(file + ": a certificate of its chain is malformed");
    std::tm end{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(own.get()), &end) == 1)
        expires_at_ = WallTime(std::chrono::seconds(timegm(&end)));
    note(*text);
    return {};
}

Result<> TlsContext::use_private_key(const std::string& file) {
    const auto text = read(file);
    if (!text) return text.error();
    const Bio reader = reader_of(*text);
    bool is_protected = false;
    const PrivateKey key(PEM_read_bio_PrivateKey(reader.get(), nullptr, no_password, &is_protected));
    ERR_clear_error();
    if (is_protected) return wrong(file + " is protected by a password; the engine has none to give");
    if (!key) return wrong(file + " holds no private key in PEM form");
    X509* const certificate = SSL_CTX_get0_certificate(handle_.get());
    if (certificate == nullptr) return {};  // what is wrong with that was said already
    if (X509_check_private_key(certificate, key.get()) != 1) {
        ERR_clear_error();
        return wrong(file + " is not the key of the certificate");
    }
    if (SSL_CTX_use_PrivateKey(handle_.get(), key.get()) != 1)
        return wrong(file + ": OpenSSL refuses the key: " + last_reason());
    note(*text);
    return {};
}

Result<> TlsContext::trust_clients_of(const std::string& file) {
    const auto text = read(file);
    if (!text) return text.error();
    const Bio reader = reader_of(*text);
    X509_STORE* const trusted = SSL_CTX_get_cert_store(handle_.get());
    bool has_one = false;
    while (const Certificate authority{PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr)}) {
        if (X509_STORE_add_cert(trusted, authority.get()) != 1 ||
            SSL_CTX_add_client_CA(handle_.get(), authority.get()) != 1)
            return wrong(file + ": OpenSSL refuses a certificate: " + last_reason());
        has_one = true;
    }
    if (!at_end()) return wrong(file + " holds a malformed certificate");
    if (!has_one) return wrong(file + " holds no certificate in PEM form");
    SSL_CTX_set_verify(handle_.get(), SSL_VERIFY_PEER, go_on);
    note(*text);
    return {};
}

}  // namespace parley
