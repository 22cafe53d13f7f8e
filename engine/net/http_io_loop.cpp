// One io thread of the server.
#include "net/http_io_loop.hpp"

#include <algorithm>

#include <boost/asio/post.hpp>
#include <sys/socket.h>

#include "base/log.hpp"
#include "base/thread_name.hpp"

namespace parley {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr Millis accept_pause{100};
constexpr std::size_t backlog = 4096;

std::string peer_address(const tcp::socket& socket) {
    error_code ec;
    const auto address = socket.remote_endpoint(ec).address();
    if (ec) return {};
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
    return address.to_string();
}

}  // namespace

void AnswerInbox::put(std::shared_ptr<HttpConnection> connection) {
    const std::lock_guard lock(mutex_);
    if (loop_ == nullptr) return;
    waiting_.push_back(std::move(connection));
    if (waiting_.size() == 1) loop_->post_answers();
}

void AnswerInbox::take(std::vector<std::shared_ptr<HttpConnection>>& out) {
    const std::lock_guard lock(mutex_);
    waiting_.swap(out);
}

void AnswerInbox::close() {
    std::vector<std::shared_ptr<HttpConnection>> dropped;
    const std::lock_guard lock(mutex_);
    loop_ = nullptr;
    dropped.swap(waiting_);
}

HttpIoLoop::HttpIoLoop(HttpServerShared& shared)
    : shared_(shared),
      context_(1),
      work_(context_.get_executor()),
      acceptor_(context_),
      deadlines_(context_),
      accept_again_(context_),
      inbox_(std::make_shared<AnswerInbox>(*this)) {}

HttpIoLoop::~HttpIoLoop() {
    stop();
}

Result<> HttpIoLoop::listen(const tcp::endpoint& where, bool share_port) {
    error_code ec;
    acceptor_.open(where.protocol(), ec);
    if (!ec) acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
    if (!ec && share_port) acceptor_.set_option(ReusePort(true), ec);
    if (!ec) acceptor_.bind(where, ec);
    if (!ec) acceptor_.listen(backlog, ec);
    if (ec) return Error(Errc::unavailable, ec.message());
    return {};
}

void HttpIoLoop::start() {
    accept();
    thread_ = std::thread([this] {
        name_this_thread("http-in");
        inbox_->belong_to_this_thread();
        for (;;) {
            try {
                context_.run();
                return;
            } catch (const std::exception& e) {
                log_error("io thread caught an exception", {{"reason", e.what()}});
            }
        }
    });
}

void HttpIoLoop::accept() {
    acceptor_.async_accept(
        [this](const error_code& ec, tcp::socket socket) { on_accept(ec, std::move(socket)); });
}

void HttpIoLoop::on_accept(const error_code& ec, tcp::socket socket) {
    if (stopping_ || !acceptor_.is_open()) return;
    if (ec && ec != asio::error::connection_aborted) {
        log_warning("cannot accept connections", {{"reason", ec.message()}});
        return accept_later();
    }
    if (!ec) admit(std::move(socket));
    accept();
}

// Out of file descriptors, usually: trying at once again would only burn the processor.
void HttpIoLoop::accept_later() {
    accept_again_.expires_after(accept_pause);
    accept_again_.async_wait([this](const error_code& ec) {
        if (!ec && acceptor_.is_open()) accept();
    });
}

void HttpIoLoop::admit(tcp::socket socket) {
    if (shared_.connections.fetch_add(1) >= shared_.options.max_connections) {
        shared_.connections.fetch_sub(1);
        return;
    }
    if (shared_.open != nullptr) shared_.open->add(1);
    error_code ec;
    socket.non_blocking(true, ec);
    socket.set_option(tcp::no_delay(true), ec);
    auto peer = peer_address(socket);
    auto connection = std::make_shared<HttpConnection>(*this, std::move(socket), std::move(peer));
    connection->index = connections_.size();
    connections_.push_back(connection);
    connection->start();
    if (!watching_) watch_deadlines();
}

void HttpIoLoop::forget(HttpConnection& connection) {
    const auto index = connection.index;
    connections_.back()->index = index;
    const auto kept = std::exchange(connections_[index], std::move(connections_.back()));
    connections_.pop_back();
    shared_.connections.fetch_sub(1);
    if (shared_.open != nullptr) shared_.open->add(-1);
}

Millis HttpIoLoop::tick() const {
    const auto& options = shared_.options;
    const auto shortest = std::min({options.header_timeout, options.body_timeout, options.idle_timeout});
    return std::clamp(shortest / 4, Millis(5), Millis(500));
}

// One timer for all: a timer per connection would be set and cancelled with every request.
void HttpIoLoop::watch_deadlines() {
    watching_ = !connections_.empty() && !stopping_;
    if (!watching_) return;
    deadlines_.expires_after(tick());
    deadlines_.async_wait([this](const error_code& ec) {
        if (ec) return;
        const auto time = now();
        for (auto i = connections_.size(); i-- > 0;) {
            const auto connection = connections_[i];
            connection->expire(time);
        }
        watch_deadlines();
    });
}

void HttpIoLoop::post_answers() {
    asio::post(context_, [this] { take_answers(); });
}

void HttpIoLoop::take_answers() {
    inbox_->take(answered_);
    for (auto& connection : answered_) connection->take_answer();
    answered_.clear();
}

void HttpIoLoop::close_acceptor() {
    error_code ec;
    acceptor_.close(ec);
    accept_again_.cancel();
}

void HttpIoLoop::drain() {
    close_acceptor();
    for (auto i = connections_.size(); i-- > 0;) {
        const auto connection = connections_[i];
        connection->drain();
    }
}

void HttpIoLoop::stop_accepting(bool wait) {
    if (!thread_.joinable()) return;
    auto done = std::make_shared<std::promise<void>>();
    auto drained = done->get_future();
    asio::post(context_, [this, done] {
        drain();
        done->set_value();
    });
    if (wait) drained.wait();
}

void HttpIoLoop::close_all() {
    stopping_ = true;
    close_acceptor();
    deadlines_.cancel();
    while (!connections_.empty()) {
        const auto connection = connections_.back();
        connection->close();
    }
    work_.reset();
}

void HttpIoLoop::stop() {
    if (thread_.joinable()) {
        asio::post(context_, [this] { close_all(); });
        thread_.join();
    }
    inbox_->close();
}

}  // namespace parley
