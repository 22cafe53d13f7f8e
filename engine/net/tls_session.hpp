// TLS on one accepted, non-blocking socket. Never waits: each call does what the socket allows now and says what to
// wait for.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "net/http_message.hpp"
#include "net/tls_context.hpp"

struct ssl_st;

namespace parley {

// One thread at a time.
class TlsSession {
  public:
    // The socket must outlive the session, which does not close it.
    TlsSession(const TlsContext& context, int socket);

    enum class Step {
        done,
        wants_read,   // call again when the socket is readable
        wants_write,  // call again, with the same bytes, when it is writable
        over,         // the peer has ended it, or broken the rules
    };
    Step handshake();
    Step read(std::span<char> into, std::size_t& size);  // done: size > 0
    Step write(std::string_view bytes, std::size_t& size);

    bool has_unread() const;  // more of what was received waits here, not in the socket

    // Tells the peer that nothing follows, as far as the socket takes it at once.
    void end();

    // After handshake() was over: the peer spoke something else than TLS, and nothing was sent to it.
    bool met_plain_text() const { return met_plain_text_; }

    // After the handshake.
    ClientCertificate client() const;

  private:
    struct Free {
        void operator()(ssl_st* handle) const;
    };
    Step step_of(int result);

    std::unique_ptr<ssl_st, Free> handle_;
    bool has_failed_ = false;
    bool met_plain_text_ = false;
};

}  // namespace parley
