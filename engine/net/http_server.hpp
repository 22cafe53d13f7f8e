// HTTP/1.1 server: reads requests within limits and gives each to one handler, which answers from any thread.
//
// Threads   One io_context a thread, each with its own acceptor (SO_REUSEPORT). Handlers run on an io thread
//           and must not block. A Responder may be called from any thread; answers of many requests that come
//           together wake an io thread once.
// TLS       With a TlsContext every connection begins with a handshake, which has header_timeout; who speaks plain
//           HTTP gets 400. A replaced context is for connections to come.
// Limits    413 beyond max_body; 503 + Retry-After beyond max_buffered; 408 when headers or body are late;
//           431 for headers over 16 KiB. A handler that throws costs one 500, logged and counted.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "net/http_message.hpp"
#include "net/tls_context.hpp"

namespace parley {

class Metrics;
class Networks;
class Random;

struct HttpServerOptions {
    std::string listen = "127.0.0.1:8000";  // host:port; [::]:8000 for IPv6; port 0 picks a free one
    unsigned threads = 1;
    std::size_t max_body = 4U << 20;       // bytes
    std::size_t max_buffered = 32U << 20;  // bytes of unread or unanswered bodies in all
    std::size_t max_connections = 4096;    // further ones are closed at once
    Millis header_timeout{10'000};
    Millis body_timeout{30'000};
    Millis idle_timeout{75'000};            // keep-alive without a request
    std::shared_ptr<const TlsContext> tls;  // null: plain HTTP
    Metrics* metrics = nullptr;  // counts faults, refusals and connections; must outlive the server
    Random* random = nullptr;    // for the ids of requests, while the server is made; null: they have none
};

// Answers one request, once. Destroyed uncalled it answers 500. Move-only; any thread.
class Responder {
  public:
    class Exchange;
    explicit Responder(std::shared_ptr<Exchange> exchange);
    Responder(Responder&&) noexcept;
    Responder& operator=(Responder&&) noexcept;
    ~Responder();
    void operator()(HttpResponse response);

  private:
    std::shared_ptr<Exchange> exchange_;
};

// The request is owned by its exchange and lives until the responder was called.
using HttpHandler = std::function<void(const HttpRequest&, Responder)>;

class HttpServer {
  public:
    HttpServer(HttpServerOptions options, HttpHandler handler);
    ~HttpServer();  // stop()
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    Result<> start();            // binds and starts the threads; unavailable with the address and the reason
    std::uint16_t port() const;  // the bound port, after start()
    // For new connections; open ones go on as they began. Any thread. Only for a server that began with TLS.
    void replace_tls(std::shared_ptr<const TlsContext> tls);
    void trust_proxies(Networks proxies);  // whose X-Request-Id is believed; any thread
    void stop_accepting();                 // closes the acceptors and idle connections; open exchanges go on
    void stop();                           // closes everything and joins; open exchanges are cut

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace parley
