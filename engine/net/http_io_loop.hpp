// One io thread of the server: its io_context, acceptor, connections and the inbox of answers from other
// threads.
#pragma once

#include <array>
#include <atomic>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/metrics.hpp"
#include "net/http_connection.hpp"
#include "net/request_ids.hpp"

namespace parley {

// What new connections begin with; null: plain HTTP. Any thread.
class CurrentTls {
  public:
    void replace(std::shared_ptr<const TlsContext> tls) {
        const std::lock_guard lock(mutex_);
        tls_ = std::move(tls);
    }
    std::shared_ptr<const TlsContext> get() const {
        const std::lock_guard lock(mutex_);
        return tls_;
    }

  private:
    mutable std::mutex mutex_;
    std::shared_ptr<const TlsContext> tls_;
};

// What all loops of one server share.
struct HttpServerShared {
    HttpServerOptions options;
    HttpHandler handler;
    CurrentTls tls;
    std::shared_ptr<BodyBudget> budget;
    std::unique_ptr<RequestIds> ids;
    std::atomic<std::size_t> connections{0};
    std::atomic<bool> draining{false};
    // Null when nobody counts.
    Counter* faults = nullptr;
    Counter* failed_handshakes = nullptr;
    Gauge* open = nullptr;
    Metrics* metrics = nullptr;
};

// Answers on their way to an io thread. Only the first of an empty inbox wakes it. Outlives its loop with
// late answers.
class AnswerInbox {
  public:
    explicit AnswerInbox(HttpIoLoop& loop) : loop_(&loop) {}
    void belong_to_this_thread() { thread_ = std::this_thread::get_id(); }  // before there are connections
    bool is_on_io_thread() const { return thread_ == std::this_thread::get_id(); }
    void put(std::shared_ptr<HttpConnection> connection);  // any thread; dropped once closed
    void take(std::vector<std::shared_ptr<HttpConnection>>& out);
    void close();

  private:
    std::mutex mutex_;
    std::vector<std::shared_ptr<HttpConnection>> waiting_;
    HttpIoLoop* loop_;
    std::thread::id thread_;
};

class HttpIoLoop {
  public:
    explicit HttpIoLoop(HttpServerShared& shared);
    ~HttpIoLoop();
    HttpIoLoop(const HttpIoLoop&) = delete;
    HttpIoLoop& operator=(const HttpIoLoop&) = delete;

    Result<> listen(const boost::asio::ip::tcp::endpoint& where, bool share_port);
    boost::asio::ip::tcp::endpoint local_endpoint() const { return acceptor_.local_endpoint(); }
    void start();
    void stop_accepting(bool wait);  // never wait on an io thread
    void stop();                     // joins

    bool is_current() const { return context_.get_executor().running_in_this_thread(); }
    void post_answers();  // any thread, while the inbox is open

    // For connections, on the io thread.
    HttpServerShared& shared() { return shared_; }
    const std::shared_ptr<AnswerInbox>& inbox() const { return inbox_; }
    MonoTime now() const { return clock_.mono(); }
    std::string_view date() { return date_.at(unix_ms(clock_.wall()) / 1000); }
    void forget(HttpConnection& connection);
    std::span<char> scratch() { return scratch_; }

  private:
    void accept();
    void on_accept(const boost::system::error_code& ec, boost::asio::ip::tcp::socket socket);
    void admit(boost::asio::ip::tcp::socket socket);
    void accept_later();
    void close_acceptor();
    void drain();
    void close_all();
    void take_answers();
    void watch_deadlines();
    Millis tick() const;

    HttpServerShared& shared_;
    SystemClock clock_;
    mutable boost::asio::io_context context_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer deadlines_, accept_again_;
    std::shared_ptr<AnswerInbox> inbox_;
    std::vector<std::shared_ptr<HttpConnection>> connections_;
    std::vector<std::shared_ptr<HttpConnection>> answered_;
    DateText date_;
    bool watching_ = false, stopping_ = false;
    std::array<char, 16384> scratch_;
    std::thread thread_;
};

}  // namespace parley
