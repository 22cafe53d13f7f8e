// The server as a client on a socket sees it: limits, order, answers from elsewhere, its end.
#include "net/http_server.hpp"

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <stdexcept>

#include <gtest/gtest.h>

#include "base/metrics.hpp"
#include "unit/net/raw_socket.hpp"

namespace parley {
namespace {

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

std::string get(const std::string& path, const std::string& more = {}) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n";
}

std::string post(const std::string& path, const std::string& body) {
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

TEST_F(HttpServerTest, answers_and_keeps_the_connection) {
    serve_echo();
    auto client = connect();
    for (int i = 0; i < 3; ++i) {
        client.send(post("/a", "body" + std::to_string(i)));
        const auto response = client.receive();
        EXPECT_EQ(response.status, 200);
        EXPECT_EQ(response.body, "/a body" + std::to_string(i));
        EXPECT_TRUE(response.has("Content-Type: text/plain; charset=utf-8"));
        EXPECT_EQ(response.head.find("Connection:"), std::string::npos);
    }
}

TEST_F(HttpServerTest, closes_when_the_client_wishes_so) {
    serve_echo();
    for (const auto& request : {get("/", "Connection: close\r\n"), std::string("GET / HTTP/1.0\r\n\r\n")}) {
        auto client = connect();
        client.send(request);
        const auto response = client.receive();
        EXPECT_EQ(response.status, 200);
        EXPECT_TRUE(response.has("Connection: close"));
        EXPECT_TRUE(client.is_closed_by_peer());
    }
    auto client = connect();
    client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_TRUE(client.receive().has("Connection: keep-alive"));
    client.send(get("/again"));
    EXPECT_EQ(client.receive().body, "/again ");
}

TEST_F(HttpServerTest, answers_pipelined_requests_in_order) {
    serve_echo();
    auto client = connect();
    std::string all;
    for (int i = 0; i < 100; ++i) all += post("/" + std::to_string(i), std::string(200, 'x'));
    client.send(all);
    for (int i = 0; i < 100; ++i)
        ASSERT_EQ(client.receive().body, "/" + std::to_string(i) + " " + std::string(200, 'x'));
}

TEST_F(HttpServerTest, answers_pipelined_requests_in_order_from_another_thread) {
    serve_later();
    auto client = connect();
    client.send(get("/1") + get("/2") + get("/3"));
    for (const auto* text : {"first", "second", "third"}) waiting_.take()(HttpResponse::text(200, text));
    for (const auto* text : {"first", "second", "third"}) EXPECT_EQ(client.receive().body, text);
}

TEST_F(HttpServerTest, takes_many_answers_at_once_from_another_thread) {
    options_.threads = 2;
    serve_later();
    std::vector<RawSocket> clients;
    for (int i = 0; i < 60; ++i) {
        clients.push_back(connect());
        clients.back().send(post("/", "x"));
    }
    std::vector<Responder> responders;
    for (int i = 0; i < 60; ++i) responders.push_back(waiting_.take());
    for (auto& respond : responders) respond(HttpResponse::text(200, "done"));
    for (auto& client : clients) EXPECT_EQ(client.receive().body, "done");
}

TEST_F(HttpServerTest, keeps_the_request_readable_until_it_is_answered) {
    const HttpRequest* seen = nullptr;
    serve([&](const HttpRequest& request, Responder respond) {
        seen = &request;
        waiting_.put(std::move(respond));
    });
    auto client = connect();
    client.send(post("/kept?q=1", "the body"));
    auto respond = waiting_.take();
    client.reset();
    EXPECT_EQ(seen->path(), "/kept");
    EXPECT_EQ(seen->query(), "q=1");
    EXPECT_EQ(seen->body(), "the body");
    EXPECT_EQ(seen->peer(), "127.0.0.1");
    EXPECT_EQ(seen->header("HOST"), "localhost");
    respond(HttpResponse::text(200, "nobody hears this"));
    auto other = connect();
    other.send(get("/"));
    waiting_.take()(HttpResponse::text(200, "alive"));
    EXPECT_EQ(other.receive().body, "alive");
}

TEST_F(HttpServerTest, writes_large_answers_whole) {
    const std::string large(8U << 20, 'L');
    serve([&](const HttpRequest&, Responder respond) { respond(HttpResponse::text(200, large)); });
    auto client = connect();
    client.send(get("/") + get("/"));
    EXPECT_EQ(client.receive().body, large);
    EXPECT_EQ(client.receive().body, large);
}

TEST_F(HttpServerTest, sends_no_body_to_head_and_with_204) {
    serve([](const HttpRequest& request, Responder respond) {
        respond(HttpResponse::text(request.path() == "/none" ? 204 : 200, "12345"));
    });
    auto client = connect();
    client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(client.receive(false).has("Content-Length: 5"));
    client.send(get("/none"));
    EXPECT_EQ(client.receive().status, 204);
    client.send(get("/"));
    EXPECT_EQ(client.receive().body, "12345");
}

TEST_F(HttpServerTest, reads_chunked_bodies_and_permits_expected_ones) {
    serve_echo();
    auto client = connect();
    client.send("POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n");
    client.send("1\r\nc\r\n0\r\n\r\n");
    EXPECT_EQ(client.receive().body, "/c abc");
    client.send("POST /e HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ(client.receive(false).head, "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("ok");
    EXPECT_EQ(client.receive().body, "/e ok");
}

TEST_F(HttpServerTest, refuses_a_body_announced_too_large_without_reading_it) {
    options_.max_body = 100;
    serve_echo();
    auto client = connect();
    client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 101\r\n\r\n");
    const auto response = client.receive();
    EXPECT_EQ(response.status, 413);
    EXPECT_TRUE(response.has("Connection: close"));
    EXPECT_TRUE(response.has("Content-Type: application/problem+json"));
    EXPECT_NE(response.body.find("\"status\":413"), std::string::npos);
}

TEST_F(HttpServerTest, lets_a_client_that_sends_on_still_read_the_refusal) {
    options_.max_body = 100;
    serve_echo();
    auto client = connect();
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" + std::string(1000000, 'x'));
    std::string all;
    client.end_sending();
    EXPECT_TRUE(client.receive_until_closed(all)) << "closed in order, not reset";
    EXPECT_TRUE(all.starts_with("HTTP/1.1 413 ")) << all.substr(0, 100);
}

TEST_F(HttpServerTest, turns_bodies_away_while_too_much_waits) {
    options_.max_buffered = 1000;
    serve_later();
    auto first = connect();
    first.send(post("/", std::string(900, 'x')));
    auto respond = waiting_.take();
    auto second = connect();
    second.send(post("/", std::string(101, 'x')));
    const auto response = second.receive();
    EXPECT_EQ(response.status, 503);
    EXPECT_TRUE(response.has("Retry-After: 1"));
    EXPECT_TRUE(second.is_closed_by_peer());
    respond(HttpResponse::text(200, "done"));
    EXPECT_EQ(first.receive().body, "done");
    auto third = connect();
    third.send(post("/", std::string(900, 'x')));
    waiting_.take()(HttpResponse::text(200, "done"));
    EXPECT_EQ(third.receive().status, 200);
}

TEST_F(HttpServerTest, gives_up_slow_headers_and_bodies) {
    options_.header_timeout = Millis(40);
    options_.body_timeout = Millis(40);
    serve_echo();
    auto slow_head = connect();
    slow_head.send("GET / HTTP/1.1\r\nHo");
    EXPECT_EQ(slow_head.receive().status, 408);
    EXPECT_TRUE(slow_head.is_closed_by_peer());
    auto slow_body = connect();
    slow_body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
    const auto response = slow_body.receive();
    EXPECT_EQ(response.status, 408);
    EXPECT_TRUE(response.has("Connection: close"));
}

TEST_F(HttpServerTest, closes_silent_connections_without_a_word) {
    options_.header_timeout = Millis(40);
    options_.idle_timeout = Millis(40);
    serve_echo();
    auto never_spoke = connect();
    EXPECT_TRUE(never_spoke.is_closed_by_peer());
    auto spoke_once = connect();
    spoke_once.send(get("/"));
    EXPECT_EQ(spoke_once.receive().status, 200);
    EXPECT_TRUE(spoke_once.is_closed_by_peer());
}

TEST_F(HttpServerTest, lets_a_handler_take_its_time) {
    options_.header_timeout = options_.body_timeout = options_.idle_timeout = Millis(20);
    serve_later();
    auto waiting = connect();
    waiting.send(post("/", "x"));
    auto respond = waiting_.take();
    auto idle = connect();
    EXPECT_TRUE(idle.is_closed_by_peer()) << "by now every deadline has passed";
    respond(HttpResponse::text(200, "late"));
    EXPECT_EQ(waiting.receive().body, "late");
}

TEST_F(HttpServerTest, refuses_large_heads_and_malformed_requests) {
    serve_echo();
    auto large = connect();
    large.send("GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(20000, 'a') + "\r\n\r\n");
    EXPECT_EQ(large.receive().status, 431);
    auto malformed = connect();
    malformed.send("hello\r\n\r\n");
    const auto response = malformed.receive();
    EXPECT_EQ(response.status, 400);
    EXPECT_TRUE(malformed.is_closed_by_peer());
}

TEST_F(HttpServerTest, closes_connections_beyond_its_limit) {
    options_.max_connections = 2;
    serve_echo();
    auto first = connect();
    auto second = connect();
    for (auto* client : {&first, &second}) {
        client->send(get("/"));
        EXPECT_EQ(client->receive().status, 200);
    }
    auto third = connect();
    EXPECT_TRUE(third.is_closed_by_peer());
    first.send(get("/", "Connection: close\r\n"));
    EXPECT_EQ(first.receive().status, 200);
    EXPECT_TRUE(first.is_closed_by_peer());
    auto fourth = connect();
    fourth.send(get("/"));
    EXPECT_EQ(fourth.receive().status, 200);
}

TEST_F(HttpServerTest, answers_500_for_a_handler_that_throws_and_goes_on) {
    options_.metrics = &metrics_;
    serve([](const HttpRequest& request, Responder respond) {
        if (request.path() == "/throw") throw std::runtime_error("a fault on purpose");
        if (request.path() == "/throw-number") throw 7;
        if (request.path() == "/drop") return;
        respond(HttpResponse::text(200, "fine"));
    });
    auto client = connect();
    client.send(get("/throw") + get("/throw-number") + get("/drop") + get("/"));
    for (int i = 0; i < 3; ++i) {
        const auto response = client.receive();
        EXPECT_EQ(response.status, 500);
        EXPECT_EQ(response.body.find("on purpose"), std::string::npos) << "internals stay inside";
    }
    EXPECT_EQ(client.receive().body, "fine");
    EXPECT_NE(metrics_.text().find("parley_faults_total{where=\"http\"} 2"), std::string::npos)
        << metrics_.text();
}

TEST_F(HttpServerTest, finishes_open_exchanges_after_it_stopped_accepting) {
    serve_later();
    auto open = connect();
    open.send(get("/"));
    auto respond = waiting_.take();
    auto idle = connect();
    idle.send(get("/"));
    waiting_.take()(HttpResponse::text(200, "ok"));
    EXPECT_EQ(idle.receive().status, 200);
    server_->stop_accepting();
    EXPECT_TRUE(idle.is_closed_by_peer());
    EXPECT_FALSE(connect().is_open());
    respond(HttpResponse::text(200, "last"));
    const auto response = open.receive();
    EXPECT_EQ(response.body, "last");
    EXPECT_TRUE(response.has("Connection: close"));
    EXPECT_TRUE(open.is_closed_by_peer());
}

TEST_F(HttpServerTest, can_be_told_to_stop_accepting_by_a_handler) {
    options_.threads = 2;
    serve([this](const HttpRequest&, Responder respond) {
        server_->stop_accepting();
        respond(HttpResponse::text(200, "closing"));
    });
    auto client = connect();
    client.send(get("/"));
    EXPECT_EQ(client.receive().body, "closing");
}

TEST_F(HttpServerTest, cuts_open_exchanges_when_it_stops) {
    serve_later();
    auto client = connect();
    client.send(post("/", "pending"));
    auto first = waiting_.take();
    auto other = connect();
    other.send(get("/"));
    auto second = waiting_.take();
    server_->stop();
    EXPECT_TRUE(client.is_closed_by_peer());
    first(HttpResponse::text(200, "too late"));
    server_.reset();
    second(HttpResponse::text(200, "later than the server"));
}

TEST_F(HttpServerTest, survives_answers_that_race_with_its_end) {
    for (int round = 0; round < 20; ++round) {
        serve_later();
        std::vector<RawSocket> clients;
        for (int i = 0; i < 8; ++i) {
            clients.push_back(connect());
            clients.back().send(get("/"));
        }
        std::vector<Responder> responders;
        for (int i = 0; i < 8; ++i) responders.push_back(waiting_.take());
        std::thread answering([&] {
            for (auto& respond : responders) respond(HttpResponse::text(200, "now"));
        });
        server_.reset();
        answering.join();
    }
}

TEST_F(HttpServerTest, listens_on_ipv6_for_ipv4_too) {
    options_.listen = "[::]:0";
    serve([](const HttpRequest& request, Responder respond) {
        respond(HttpResponse::text(200, std::string(request.peer())));
    });
    auto client = connect();
    client.send(get("/"));
    EXPECT_EQ(client.receive().body, "127.0.0.1") << "a mapped address is shown as the IPv4 address it is";
}

TEST_F(HttpServerTest, shares_its_port_among_its_threads_but_with_no_other_server) {
    options_.threads = 3;
    serve_echo();
    for (int i = 0; i < 30; ++i) {
        auto client = connect();
        client.send(get("/"));
        EXPECT_EQ(client.receive().status, 200);
    }
    HttpServerOptions same = options_;
    same.listen = "127.0.0.1:" + std::to_string(server_->port());
    for (const unsigned threads : {1U, 2U}) {
        same.threads = threads;
        HttpServer second(same, [](const HttpRequest&, Responder) {});
        const auto started = second.start();
        ASSERT_FALSE(started);
        EXPECT_EQ(started.error().code(), Errc::unavailable);
        EXPECT_EQ(started.error().message(), "cannot listen on " + same.listen + ": Address already in use");
    }
}

TEST_F(HttpServerTest, says_what_is_wrong_with_an_address) {
    for (const auto* listen :
         {"8000", ":8000", "localhost:", "localhost:99999", "::1:8000", "host:80x", ""}) {
        options_.listen = listen;
        HttpServer server(options_, [](const HttpRequest&, Responder) {});
        const auto started = server.start();
        ASSERT_FALSE(started) << listen;
        EXPECT_EQ(started.error().code(), Errc::invalid_input) << listen;
    }
}

}  // namespace
}  // namespace parley
