// What a TLS server shows of itself and whom it trusts: its certificate, its key, the authority of its clients.
//
// Speaks TLS 1.2 and 1.3 with forward secrecy and authenticated ciphers only, and HTTP/1.1 by ALPN. OpenSSL stays in
// the sources.
#pragma once

#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"

struct ssl_ctx_st;

namespace parley {

// Filled by one thread, then shared as const by any. Connections that began with it need it no longer.
class TlsContext {
  public:
    TlsContext();

    // Each reads a PEM file of at most 1 MiB. invalid_input says what is wrong with it, without its name.
    // The server's own certificate, then those that lead to its authority.
    Result<> use_certificate(const std::string& file);
    // Of the certificate, which is read before; not protected by a password.
    Result<> use_private_key(const std::string& file);
    // Authorities. Every client is asked for a certificate from then on; one without it, or with one that nobody
    // vouches for, gets its connection all the same: see TlsSession::client().
    Result<> trust_clients_of(const std::string& file);

    WallTime expires_at() const { return expires_at_; }  // the certificate, once it was read
    // Differs from another's when any of the files had other contents.
    const std::string& fingerprint() const { return fingerprint_; }

    ssl_ctx_st* handle() const { return handle_.get(); }

  private:
    struct Free {
        void operator()(ssl_ctx_st* handle) const;
    };
    Result<std::string> read(const std::string& file) const;
    void note(const std::string& text);

    std::unique_ptr<ssl_ctx_st, Free> handle_;  // null when OpenSSL does not work at all
    WallTime expires_at_{};
    std::string fingerprint_;
};

}  // namespace parley
