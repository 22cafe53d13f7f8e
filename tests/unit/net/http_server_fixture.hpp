// A running server, raw connections to it, and requests that wait until the test answers them.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stdexcept>

#include <gtest/gtest.h>

#include "base/metrics.hpp"
#include "net/http_server.hpp"
#include "unit/net/raw_socket.hpp"

namespace parley {

// Responders that wait for the test.
class Waiting {
  public:
    void put(Responder responder) {
        const std::lock_guard lock(mutex_);
        responders_.push_back(std::move(responder));
        changed_.notify_all();
    }
    Responder take() {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, std::chrono::seconds(10), [this] { return !responders_.empty(); }))
            throw std::runtime_error("no request came");
        auto first = std::move(responders_.front());
        responders_.pop_front();
        return first;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Responder> responders_;
};

inline std::string get(const std::string& path, const std::string& more = {}) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n";
}

inline std::string post(const std::string& path, const std::string& body) {
    return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

class HttpServerTest : public testing::Test {
  protected:
    HttpServerTest() { options_.listen = "127.0.0.1:0"; }

    RawSocket connect() { return RawSocket::connect_to(server_->port()); }

    void serve(HttpHandler handler) {
        server_.emplace(options_, std::move(handler));
        const auto started = server_->start();
        ASSERT_TRUE(started) << started.error().message();
    }
    void serve_echo() {
        serve([](const HttpRequest& request, Responder respond) {
            respond(HttpResponse::text(200, std::string(request.path()) + " " + std::string(request.body())));
        });
    }
    void serve_later() {
        serve([this](const HttpRequest&, Responder respond) { waiting_.put(std::move(respond)); });
    }

    Metrics metrics_;
    HttpServerOptions options_;
    Waiting waiting_;
    std::optional<HttpServer> server_;
};

}  // namespace parley
