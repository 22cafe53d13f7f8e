// The server as a client on a socket sees it: order, answers from elsewhere, faults, its end.
#include <thread>
#include <vector>

#include "fakes/fake_random.hpp"
#include "net/networks.hpp"
#include "net/router.hpp"
#include "unit/net/http_server_fixture.hpp"

namespace parley {
namespace {

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

TEST_F(HttpServerTest, names_each_request_in_its_answer_and_for_its_handler) {
    FakeRandom random;
    options_.random = &random;
    serve([](const HttpRequest& request, Responder respond) {
        if (request.path() == "/wrong") return respond(problem(400, "Bad Request", "no"));
        respond(HttpResponse::text(200, std::string(request.request_id())));
    });
    auto client = connect();
    client.send(get("/") + get("/") + get("/", "X-Request-Id: mine\r\n") + get("/wrong"));
    std::vector<std::string> ids;
    for (int i = 0; i < 3; ++i) {
        const auto response = client.receive();
        EXPECT_TRUE(response.has("X-Request-Id: " + response.body)) << response.head;
        ids.push_back(response.body);
    }
    EXPECT_NE(ids[0], ids[1]);
    EXPECT_NE(ids[2], "mine");
    EXPECT_NE(client.receive().body.find(",\"request_id\":\""), std::string::npos);
    server_->trust_proxies(*Networks::parse({"127.0.0.0/8"}));
    client.send(get("/", "X-Request-Id: mine\r\n"));
    EXPECT_EQ(client.receive().body, "mine");
}

TEST_F(HttpServerTest, names_requests_that_it_refuses_itself_too) {
    FakeRandom random;
    options_.random = &random;
    serve_echo();
    auto client = connect();
    client.send("GET / HTTP/1.1\r\n\r\n");
    const auto response = client.receive();
    EXPECT_EQ(response.status, 400);
    EXPECT_NE(response.head.find("X-Request-Id: "), std::string::npos);
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
