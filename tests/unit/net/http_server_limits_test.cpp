// What the server refuses, and how the refused learn of it.
#include "unit/net/http_server_fixture.hpp"

namespace parley {
namespace {

class HttpServerLimits : public HttpServerTest {};

TEST_F(HttpServerLimits, refuses_a_body_announced_too_large_without_reading_it) {
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

TEST_F(HttpServerLimits, lets_a_client_that_sends_on_still_read_the_refusal) {
    options_.max_body = 100;
    serve_echo();
    auto client = connect();
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" + std::string(1000000, 'x'));
    std::string all;
    client.end_sending();
    EXPECT_TRUE(client.receive_until_closed(all)) << "closed in order, not reset";
    EXPECT_TRUE(all.starts_with("HTTP/1.1 413 ")) << all.substr(0, 100);
}

TEST_F(HttpServerLimits, turns_bodies_away_while_too_much_waits) {
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

TEST_F(HttpServerLimits, gives_up_slow_headers_and_bodies) {
    options_.header_timeout = Millis(500);
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

TEST_F(HttpServerLimits, closes_silent_connections_without_a_word) {
    options_.header_timeout = Millis(500);
    options_.idle_timeout = Millis(40);
    serve_echo();
    auto never_spoke = connect();
    EXPECT_TRUE(never_spoke.is_closed_by_peer());
    auto spoke_once = connect();
    spoke_once.send(get("/"));
    EXPECT_EQ(spoke_once.receive().status, 200);
    EXPECT_TRUE(spoke_once.is_closed_by_peer());
}

TEST_F(HttpServerLimits, lets_a_handler_take_its_time) {
    options_.header_timeout = options_.body_timeout = options_.idle_timeout = Millis(500);
    serve_later();
    auto waiting = connect();
    waiting.send(post("/", "x"));
    auto respond = waiting_.take();
    auto idle = connect();
    EXPECT_TRUE(idle.is_closed_by_peer()) << "by now every deadline has passed";
    respond(HttpResponse::text(200, "late"));
    EXPECT_EQ(waiting.receive().body, "late");
}

TEST_F(HttpServerLimits, refuses_large_heads_and_malformed_requests) {
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

TEST_F(HttpServerLimits, closes_connections_beyond_its_limit) {
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

}  // namespace
}  // namespace parley
