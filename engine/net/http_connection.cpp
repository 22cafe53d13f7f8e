// One accepted connection: reads a request, hands it to the handler, writes the answer, in order.
#include "net/http_connection.hpp"

#include <array>

#include <boost/asio/write.hpp>

#include "base/log.hpp"
#include "net/http_io_loop.hpp"
#include "net/router.hpp"

namespace parley {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t joined_body = 16U << 10;  // up to here a copy is cheaper than a second buffer
constexpr std::size_t kept_output = 64U << 10;
constexpr Millis linger_time{2000};

// Two segments tell the route; deeper ones may be a customer's number.
std::string_view loggable(std::string_view path) {
    const auto second = path.find('/', 1);
    return second == std::string_view::npos ? path : path.substr(0, path.find('/', second + 1));
}

}  // namespace

HttpConnection::HttpConnection(HttpIoLoop& loop, asio::ip::tcp::socket socket, std::string peer)
    : loop_(&loop),
      inbox_(loop.inbox()),
      socket_(std::move(socket)),
      reader_(loop.shared().options.max_body, loop.shared().budget, std::move(peer)),
      phase_(Phase::head) {
    deadline_ = loop.now() + loop.shared().options.header_timeout;
}

void HttpConnection::start() {
    const auto tls = loop_->shared().tls.get();
    if (!tls) return read();
    try {
        tls_ = std::make_unique<TlsSession>(*tls, socket_->native_handle());
    } catch (const std::exception& e) {
        log_error("cannot begin TLS", {{"reason", e.what()}});
        return close();
    }
    state_ = State::shaking;
    shake();
}

void HttpConnection::run() {
    for (;;) {
        switch (reader_.advance()) {
            case RequestReader::Step::more:
                if (!send_continue()) return;
                set_deadline();
                if (!tls_ || !tls_->has_unread()) return read();
                if (!receive_sealed()) return;
                break;
            case RequestReader::Step::refused:
                return refuse(reader_.take_refusal());
            case RequestReader::Step::complete:
                call_handler();
                if (!answered_ || !send() || !finish_exchange()) return;
        }
    }
}

void HttpConnection::read() {
    read_pending_ = true;
    if (tls_ && state_ != State::lingering)
        return when(TlsSession::Step::wants_read, &HttpConnection::open_sealed);
    const auto space = state_ == State::lingering ? loop_->scratch() : reader_.space();
    socket_->async_read_some(
        asio::buffer(space.data(), space.size()),
        [self = shared_from_this()](const error_code& ec, std::size_t size) { self->on_read(ec, size); });
}

void HttpConnection::on_read(const error_code& ec, std::size_t size) {
    read_pending_ = false;
    if (state_ == State::closed) return;
    if (ec) return close();
    if (state_ == State::lingering) return read();
    if (state_ != State::reading) return;  // refused for being late meanwhile
    reader_.commit(size);
    run();
}

void HttpConnection::when(TlsSession::Step wanted, Next next) {
    using Socket = asio::ip::tcp::socket;
    socket_->async_wait(wanted == TlsSession::Step::wants_write ? Socket::wait_write : Socket::wait_read,
                        [self = shared_from_this(), next](const error_code& ec) {
                            if (self->state_ == State::closed) return;
                            if (ec) return self->close();
                            ((*self).*next)();
                        });
}

void HttpConnection::shake() {
    if (state_ != State::shaking) return;
    const auto step = tls_->handshake();
    if (step == TlsSession::Step::over) return handshake_failed();
    if (step != TlsSession::Step::done) return when(step, &HttpConnection::shake);
    reader_.set_client_certificate(tls_->client());
    state_ = State::reading;
    deadline_ = loop_->now() + loop_->shared().options.header_timeout;
    read();
}

void HttpConnection::handshake_failed() {
    if (!tls_->met_plain_text()) return close();
    tls_.reset();
    refuse(problem(400, "Bad Request", "this port speaks HTTPS; the request was not encrypted"));
}

void HttpConnection::open_sealed() {
    read_pending_ = false;
    if (state_ == State::lingering) return read();
    if (state_ == State::reading && receive_sealed()) run();
}

bool HttpConnection::receive_sealed() {
    std::size_t size = 0;
    const auto step = tls_->read(reader_.space(), size);
    if (step == TlsSession::Step::done) {
        reader_.commit(size);
        return true;
    }
    if (step == TlsSession::Step::over) {
        close();
        return false;
    }
    read_pending_ = true;
    when(step, &HttpConnection::open_sealed);
    return false;
}

void HttpConnection::set_deadline() {
    const auto phase = reader_.idle() ? Phase::idle : reader_.in_body() ? Phase::body : Phase::head;
    if (phase == phase_ || (phase == Phase::idle && phase_ == Phase::head)) return;
    const auto& options = loop_->shared().options;
    phase_ = phase;
    deadline_ = loop_->now() + (phase == Phase::idle   ? options.idle_timeout
                                : phase == Phase::head ? options.header_timeout
                                                       : options.body_timeout);
}

bool HttpConnection::send_continue() {
    if (!reader_.in_body() || !reader_.take_expectation()) return true;
    static constexpr std::string_view text = "HTTP/1.1 100 Continue\r\n\r\n";
    error_code ec;
    std::size_t sent = 0;
    if (tls_)
        (void)tls_->write(text, sent);
    else
        sent = socket_->write_some(asio::buffer(text), ec);
    if (sent == text.size()) return true;
    close();
    return false;
}

void HttpConnection::call_handler() {
    state_ = State::handling;
    answered_ = false;
    in_handler_ = true;
    auto& shared = loop_->shared();
    shared.ids->name(reader_, reader_.request_id_to_write());
    try {
        shared.handler(reader_, Responder(shared_from_this()));
        in_handler_ = false;
        return;
    } catch (const std::exception& e) {
        log_error(
            "request handler failed",
            {{"request_id", reader_.request_id()}, {"path", loggable(reader_.path())}, {"reason", e.what()}});
    } catch (...) {
        log_error("request handler failed", {{"request_id", reader_.request_id()},
                                             {"path", loggable(reader_.path())},
                                             {"reason", "an unknown exception"}});
    }
    in_handler_ = false;
    if (shared.faults != nullptr) shared.faults->add();
}

void HttpConnection::answer(HttpResponse response) {
    response_ = std::move(response);
    if (inbox_->is_on_io_thread() && in_handler_) {
        answered_ = true;
    } else {
        inbox_->put(shared_from_this());
    }
}

void HttpConnection::take_answer() {
    if (state_ != State::handling) return;
    if (send() && finish_exchange()) run();
}

bool HttpConnection::send() {
    if (response_.abort_connection) {
        close();
        return false;
    }
    state_ = State::writing;
    close_after_ =
        refused_ || !reader_.keep_alive() || loop_->shared().draining.load(std::memory_order_relaxed);
    const bool with_body = !reader_.is_head() && status_has_body(response_.status);
    out_.clear();
    add_request_id(response_, reader_.request_id());
    append_head(out_, response_, loop_->date(),
                close_after_            ? ConnectionHeader::close
                : reader_.is_http_1_0() ? ConnectionHeader::keep_alive
                                        : ConnectionHeader::none,
                reader_.request_id());
    if (!with_body) {
        response_.body.clear();
    } else if (response_.body.size() <= joined_body) {
        out_ += response_.body;
        response_.body.clear();
    }
    if (tls_) {
        sealed_ = 0;
        deadline_ = loop_->now() + loop_->shared().options.body_timeout;
        return send_sealed();
    }
    error_code ec;
    const auto sent = socket_->write_some(std::array{asio::buffer(out_), asio::buffer(response_.body)}, ec);
    if (ec && ec != asio::error::would_block) {
        close();
        return false;
    }
    if (sent == out_.size() + response_.body.size()) return true;
    send_rest(sent);
    return false;
}

bool HttpConnection::send_sealed() {
    while (sealed_ < out_.size() + response_.body.size()) {
        const std::string_view rest = sealed_ < out_.size()
                                          ? std::string_view(out_).substr(sealed_)
                                          : std::string_view(response_.body).substr(sealed_ - out_.size());
        std::size_t size = 0;
        const auto step = tls_->write(rest, size);
        if (step == TlsSession::Step::over) {
            close();
            return false;
        }
        if (step != TlsSession::Step::done) {
            when(step, &HttpConnection::go_on_sending);
            return false;
        }
        sealed_ += size;
    }
    return true;
}

void HttpConnection::go_on_sending() {
    if (send_sealed() && finish_exchange()) run();
}

void HttpConnection::send_rest(std::size_t sent) {
    deadline_ = loop_->now() + loop_->shared().options.body_timeout;
    const auto head = std::min(sent, out_.size());
    const std::array rest{asio::buffer(out_) + head, asio::buffer(response_.body) + (sent - head)};
    asio::async_write(*socket_, rest,
                      [self = shared_from_this()](const error_code& ec, std::size_t) { self->on_sent(ec); });
}

void HttpConnection::on_sent(const error_code& ec) {
    if (state_ == State::closed) return;
    if (ec) return close();
    if (finish_exchange()) run();
}

bool HttpConnection::finish_exchange() {
    if (out_.capacity() > kept_output) out_ = {};
    response_.body = {};
    if (refused_) {
        linger();
        return false;
    }
    if (close_after_) {
        close();
        return false;
    }
    reader_.next();
    phase_ = Phase::none;
    state_ = State::reading;
    return true;
}

void HttpConnection::refuse(HttpResponse response) {
    if (auto* metrics = loop_->shared().metrics)
        metrics
            ->counter("parley_http_refused_total", "Requests the server itself turned away",
                      {{"status", std::to_string(response.status)}})
            .add();
    refused_ = true;
    loop_->shared().ids->make(reader_.request_id_to_write());  // its headers may not have come
    response_ = std::move(response);
    if (send()) finish_exchange();
}

// Closing with unread input makes the kernel reset the connection, and the peer might never see the answer.
void HttpConnection::linger() {
    if (tls_) tls_->end();
    error_code ec;
    socket_->shutdown(asio::ip::tcp::socket::shutdown_send, ec);
    if (ec) return close();
    state_ = State::lingering;
    deadline_ = loop_->now() + linger_time;
    if (!read_pending_) read();
}

void HttpConnection::expire(MonoTime now) {
    if (now < deadline_ || state_ == State::handling) return;
    if (state_ != State::reading || reader_.idle()) return close();
    refuse(problem(408, "Request Timeout",
                   reader_.in_body() ? "the body came too slowly" : "the headers came too slowly"));
}

void HttpConnection::drain() {
    if (state_ == State::reading && reader_.idle()) close();
}

void HttpConnection::close() {
    if (state_ == State::closed) return;
    if (state_ == State::shaking && loop_->shared().failed_handshakes != nullptr)
        loop_->shared().failed_handshakes->add();
    state_ = State::closed;
    if (tls_) tls_->end();
    tls_.reset();
    error_code ec;
    socket_->close(ec);
    socket_.reset();
    loop_->forget(*this);
    loop_ = nullptr;
}

}  // namespace parley
