// The server as a whole: where it listens, its io threads, its end.
#include "net/http_server.hpp"

#include <algorithm>
#include <charconv>

#include <boost/asio/ip/tcp.hpp>

#include "net/http_io_loop.hpp"

namespace parley {

using boost::asio::ip::tcp;

namespace {

Result<tcp::endpoint> parse_listen(const std::string& text) {
    const auto colon = text.rfind(':');
    unsigned port = 0;
    const auto* const end = text.data() + text.size();
    const bool has_port = colon != std::string::npos && colon + 1 < text.size() &&
                          std::from_chars(text.data() + colon + 1, end, port).ptr == end && port <= 65535;
    auto host = has_port ? text.substr(0, colon) : std::string();
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    } else if (host.find(':') != std::string::npos) {
        host.clear();
    }
    if (host.empty())
        return Error(Errc::invalid_input, "cannot listen on \"" + text +
                                              "\": write host:port, for example 127.0.0.1:8000 or [::]:8000");
    boost::asio::io_context context;
    boost::system::error_code ec;
    const auto found = tcp::resolver(context).resolve(host, std::to_string(port), tcp::resolver::passive, ec);
    if (ec || found.empty())
        return Error(Errc::unavailable, "cannot listen on " + text + ": " + ec.message());
    return found.begin()->endpoint();
}

}  // namespace

class HttpServer::Impl {
  public:
    Impl(HttpServerOptions options, HttpHandler handler) {
        shared_.budget = std::make_shared<BodyBudget>(options.max_buffered);
        shared_.metrics = options.metrics;
        shared_.ids = std::make_unique<RequestIds>(options.random);
        if (options.metrics != nullptr) {
            shared_.faults = &options.metrics->counter(
                "parley_faults_total", "Mistakes of the engine that were caught", {{"where", "http"}});
            if (options.tls)
                shared_.failed_handshakes = &options.metrics->counter(
                    "parley_tls_handshakes_failed_total", "Connections that ended before TLS was agreed on");
            shared_.open = &options.metrics->gauge("parley_http_connections", "Open HTTP connections");
        }
        shared_.tls.replace(std::move(options.tls));
        shared_.options = std::move(options);
        shared_.handler = std::move(handler);
    }
    ~Impl() { stop(); }

    Result<> start() {
        auto where = parse_listen(shared_.options.listen);
        if (!where) return where.error();
        auto opened = open(*where);
        if (!opened) {
            loops_.clear();
            return opened.error().within("cannot listen on " + shared_.options.listen);
        }
        port_ = loops_.front()->local_endpoint().port();
        for (auto& loop : loops_) loop->start();
        return {};
    }

    std::uint16_t port() const { return port_; }

    void stop_accepting() {
        shared_.draining = true;
        const bool inside =
            std::any_of(loops_.begin(), loops_.end(), [](auto& loop) { return loop->is_current(); });
        for (auto& loop : loops_) loop->stop_accepting(!inside);
    }

    void replace_tls(std::shared_ptr<const TlsContext> tls) { shared_.tls.replace(std::move(tls)); }
    void trust_proxies(Networks proxies) { shared_.ids->trust(std::move(proxies)); }

    void stop() { loops_.clear(); }

  private:
    Result<> open(tcp::endpoint where) {
        const auto threads = std::max(1U, shared_.options.threads);
        if (threads > 1) {
            // SO_REUSEPORT would also let a second process of the same user listen here and take half of the
            // requests.
            auto probe = std::make_unique<HttpIoLoop>(shared_);
            if (auto alone = probe->listen(where, false); !alone) return alone.error();
            where.port(probe->local_endpoint().port());
        }
        for (unsigned i = 0; i < threads; ++i) {
            loops_.push_back(std::make_unique<HttpIoLoop>(shared_));
            if (auto opened = loops_.back()->listen(where, threads > 1); !opened) return opened.error();
        }
        return {};
    }

    HttpServerShared shared_;
    std::vector<std::unique_ptr<HttpIoLoop>> loops_;
    std::uint16_t port_ = 0;
};

HttpServer::HttpServer(HttpServerOptions options, HttpHandler handler)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(handler))) {}
HttpServer::~HttpServer() = default;

Result<> HttpServer::start() {
    try {
        return impl_->start();
    } catch (const std::exception& e) {
        return Error(Errc::unavailable, std::string("cannot start the HTTP server: ") + e.what());
    }
}

std::uint16_t HttpServer::port() const {
    return impl_->port();
}
void HttpServer::replace_tls(std::shared_ptr<const TlsContext> tls) {
    impl_->replace_tls(std::move(tls));
}
void HttpServer::trust_proxies(Networks proxies) {
    impl_->trust_proxies(std::move(proxies));
}
void HttpServer::stop_accepting() {
    impl_->stop_accepting();
}
void HttpServer::stop() {
    impl_->stop();
}

}  // namespace parley
