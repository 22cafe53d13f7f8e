#include "net/tls_session.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <stdexcept>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

namespace parley {
namespace {

// OpenSSL's own socket BIO would raise SIGPIPE for a peer that is gone.
int socket_of(BIO* bio) {
    return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}
bool may_try_again() {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}
int write_to_socket(BIO* bio, const char* bytes, int size) {
    BIO_clear_retry_flags(bio);
    const auto sent = ::send(socket_of(bio), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (sent < 0 && may_try_again()) BIO_set_retry_write(bio);
    return static_cast<int>(sent);
}
int read_from_socket(BIO* bio, char* into, int size) {
    BIO_clear_retry_flags(bio);
    const auto got = ::recv(socket_of(bio), into, static_cast<std::size_t>(size), 0);
    if (got < 0 && may_try_again()) BIO_set_retry_read(bio);
    return static_cast<int>(got);
}
long control(BIO*, int what, long, void*) {
    return what == BIO_CTRL_FLUSH ? 1 : 0;
}

const BIO_METHOD* quiet_socket() {
    static BIO_METHOD* const method = [] {
        BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "quiet socket");
        BIO_meth_set_write(made, write_to_socket);
        BIO_meth_set_read(made, read_from_socket);
        BIO_meth_set_ctrl(made, control);
        return made;
    }();
    return method;
}

bool is_plain_text(unsigned long error) {
    const int reason = ERR_GET_REASON(error);
    return ERR_GET_LIB(error) == ERR_LIB_SSL &&
           (reason == SSL_R_HTTP_REQUEST || reason == SSL_R_HTTPS_PROXY_REQUEST ||
            reason == SSL_R_WRONG_VERSION_NUMBER);
}

// Empty unless there is exactly one, of plain characters.
std::string common_name(X509* certificate) {
    const X509_NAME* const subject = X509_get_subject_name(certificate);
    const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, at) >= 0) return {};
    unsigned char* text = nullptr;
    const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    if (size < 0) return {};
    std::string name(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
    OPENSSL_free(text);
    const bool is_plain = std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    return is_plain ? name : std::string();
}

}  // namespace

void TlsSession::Free::operator()(ssl_st* handle) const {
    SSL_free(handle);
}

TlsSession::TlsSession(const TlsContext& context, int socket) : handle_(SSL_new(context.handle())) {
    BIO* const bio = BIO_new(quiet_socket());
    if (!handle_ || bio == nullptr) {
        BIO_free(bio);
        throw std::runtime_error("OpenSSL cannot make a TLS session");
    }
    BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(socket)));
    BIO_set_init(bio, 1);
    SSL_set_bio(handle_.get(), bio, bio);
    SSL_set_accept_state(handle_.get());
}

TlsSession::Step TlsSession::step_of(int result) {
    if (result > 0) return Step::done;
    switch (SSL_get_error(handle_.get(), result)) {
        case SSL_ERROR_WANT_READ:
            return Step::wants_read;
        case SSL_ERROR_WANT_WRITE:
            return Step::wants_write;
        case SSL_ERROR_ZERO_RETURN:
            return Step::over;
        default:
            has_failed_ = true;
            return Step::over;
    }
}

TlsSession::Step TlsSession::handshake() {
    ERR_clear_error();
    const Step step = step_of(SSL_do_handshake(handle_.get()));
    met_plain_text_ = has_failed_ && is_plain_text(ERR_peek_error());
    ERR_clear_error();
    return step;
}

TlsSession::Step TlsSession::read(std::span<char> into, std::size_t& size) {
    ERR_clear_error();
    const int most = static_cast<int>(std::min<std::size_t>(into.size(), INT_MAX));
    const int got = SSL_read(handle_.get(), into.data(), most);
    size = got > 0 ? static_cast<std::size_t>(got) : 0;
    return step_of(got);
}

TlsSession::Step TlsSession::write(std::string_view bytes, std::size_t& size) {
    ERR_clear_error();
    const int most = static_cast<int>(std::min<std::size_t>(bytes.size(), INT_MAX));
    const int sent = SSL_write(handle_.get(), bytes.data(), most);
    size = sent > 0 ? static_cast<std::size_t>(sent) : 0;
    return step_of(sent);
}

bool TlsSession::has_unread() const {
    return SSL_pending(handle_.get()) > 0;
}

void TlsSession::end() {
    if (has_failed_ || SSL_is_init_finished(handle_.get()) == 0) return;
    SSL_shutdown(handle_.get());
    ERR_clear_error();
}

ClientCertificate TlsSession::client() const {
    X509* const certificate = SSL_get0_peer_certificate(handle_.get());
    if (certificate == nullptr) return {{}, "no client certificate was shown"};
    const long verdict = SSL_get_verify_result(handle_.get());
    if (verdict != X509_V_OK)
        return {
            {},
            std::string("the client certificate is not trusted: ") + X509_verify_cert_error_string(verdict)};
    std::string name = common_name(certificate);
    if (name.empty()) return {{}, "the client certificate has no usable common name"};
    return {std::move(name), {}};
}

}  // namespace parley
