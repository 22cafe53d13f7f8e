// The client against peers that answer, fail in every way, or never do.
#include "net/curl_client.hpp"

#include <atomic>
#include <future>
#include <optional>

#include <gtest/gtest.h>

#include "net/http_server.hpp"
#include "unit/net/raw_socket.hpp"

namespace parley {
namespace {

using Kind = HttpFailure::Kind;
constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

std::future<HttpOutcome> start(HttpClient& client, HttpCall call, HttpCallId* id = nullptr) {
    auto promise = std::make_shared<std::promise<HttpOutcome>>();
    auto future = promise->get_future();
    const auto started = client.start(
        std::move(call), [promise](HttpOutcome outcome) { promise->set_value(std::move(outcome)); });
    if (id != nullptr) *id = started;
    return future;
}

HttpOutcome wait(std::future<HttpOutcome> future) {
    if (future.wait_for(std::chrono::seconds(20)) != std::future_status::ready) {
        ADD_FAILURE() << "no outcome came";
        return {};
    }
    return future.get();
}

HttpCall post_to(const std::string& url, const std::string& body = "{}") {
    HttpCall call;
    call.method = "POST";
    call.url = url;
    call.body = body;
    call.headers = {{"Content-Type", "application/json"}};
    return call;
}

class CurlClientTest : public testing::Test {
  protected:
    HttpOutcome ask(HttpCall call) { return wait(start(*client_, std::move(call))); }
    // Ends the wait of a RawServer for the next request of a kept connection.
    void close_connections() { client_.reset(); }

    std::optional<CurlClient> client_{std::in_place, CurlOptions{}};
};

TEST_F(CurlClientTest, brings_back_status_headers_and_body) {
    std::promise<std::string> request;
    RawServer server([&](RawSocket& peer, int) {
        request.set_value(peer.receive_request());
        peer.send(
            "HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\n"
            "HTTP/1.1 404 Not Found\r\nX-Mixed-Case:  a value \r\nContent-Length: 4\r\n\r\nnone");
    });
    auto call = post_to(server.url("/v23.0/1/messages?a=b"), R"({"to":"1"})");
    call.headers.emplace_back("Authorization", "Bearer token");
    call.headers.emplace_back("X-Empty", "");
    const auto outcome = ask(std::move(call));
    ASSERT_TRUE(outcome.reply) << outcome.failure.reason;
    EXPECT_EQ(outcome.reply->status, 404);
    EXPECT_EQ(outcome.reply->header("x-mixed-case"), "a value");
    EXPECT_EQ(outcome.reply->header("x-interim"), "");
    EXPECT_EQ(outcome.reply->body, "none");
    const auto text = request.get_future().get();
    EXPECT_TRUE(text.starts_with("POST /v23.0/1/messages?a=b HTTP/1.1\r\n")) << text;
    for (const auto* line :
         {"\r\nAuthorization: Bearer token\r\n", "\r\nX-Empty:\r\n", "\r\nUser-Agent: parley\r\n",
          "\r\nContent-Type: application/json\r\n", "\r\nContent-Length: 10\r\n"})
        EXPECT_NE(text.find(line), std::string::npos) << line << text;
    EXPECT_EQ(text.find("Expect"), std::string::npos);
    EXPECT_TRUE(text.ends_with("\r\n\r\n{\"to\":\"1\"}"));
}

TEST_F(CurlClientTest, sends_every_method_on_one_handle) {
    HttpServer server({"127.0.0.1:0"}, [](const HttpRequest& request, Responder respond) {
        respond(HttpResponse::text(200, std::string(request.method()) + " " + std::string(request.body()) +
                                            " " + std::string(request.header("Content-Type"))));
    });
    ASSERT_TRUE(server.start());
    const auto send = [&](const char* method, const char* body) {
        HttpCall call;
        call.method = method;
        call.body = body;
        call.url = "http://127.0.0.1:" + std::to_string(server.port()) + "/";
        const auto outcome = ask(std::move(call));
        return outcome.reply ? outcome.reply->body : outcome.failure.reason;
    };
    EXPECT_EQ(send("POST", "a"), "POST a ");
    EXPECT_EQ(send("GET", ""), "GET  ");
    EXPECT_EQ(send("DELETE", ""), "DELETE  ");
    EXPECT_EQ(send("HEAD", ""), "");
    EXPECT_EQ(send("PUT", "b"), "PUT b ");
    EXPECT_EQ(send("POST", ""), "POST  ");
    EXPECT_EQ(send("PATCH", "c"), "PATCH c ");
    EXPECT_EQ(send("DELETE", "d"), "DELETE d ");
    EXPECT_EQ(send("GET", ""), "GET  ");
}

TEST_F(CurlClientTest, uses_a_connection_again) {
    std::atomic<int> connections{0};
    RawServer server([&](RawSocket& peer, int) {
        ++connections;
        while (!peer.receive_request().empty()) peer.send(ok);
    });
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(ask(post_to(server.url())).reply);
    EXPECT_EQ(connections, 1);
    close_connections();
}

TEST_F(CurlClientTest, has_not_sent_what_found_no_server) {
    std::uint16_t free_port = 0;
    {
        free_port = RawServer([](RawSocket&, int) {}).port();
    }
    for (const auto& url :
         {"http://127.0.0.1:" + std::to_string(free_port) + "/", std::string("http://name.invalid/")}) {
        const auto outcome = ask(post_to(url));
        EXPECT_FALSE(outcome.reply);
        EXPECT_EQ(outcome.failure.kind, Kind::not_sent) << url;
        EXPECT_FALSE(outcome.failure.may_have_arrived);
        EXPECT_FALSE(outcome.failure.reason.empty());
    }
}

TEST_F(CurlClientTest, has_not_sent_what_failed_in_the_tls_handshake) {
    RawServer server([](RawSocket& peer, int) {
        peer.receive_some();
        peer.send("this is not TLS\r\n");
    });
    const auto outcome = ask(post_to("https://127.0.0.1:" + std::to_string(server.port()) + "/"));
    EXPECT_EQ(outcome.failure.kind, Kind::not_sent) << outcome.failure.reason;
}

TEST_F(CurlClientTest, refuses_calls_that_cannot_be_requests) {
    RawServer server([](RawSocket& peer, int) { ADD_FAILURE() << peer.receive_request(); });
    auto broken = std::vector<HttpCall>(6, post_to(server.url()));
    broken[0].url = server.url("/a b");
    broken[1].url = server.url("/a\r\nX: y");
    broken[2].url = "ftp://127.0.0.1/";
    broken[3].headers = {{"X", "a\r\nY: b"}};
    broken[4].headers = {{"X: Y", "b"}};
    broken[5].method = "POST / HTTP/1.1\r\n";
    for (auto& call : broken) {
        const auto outcome = ask(std::move(call));
        EXPECT_EQ(outcome.failure.kind, Kind::not_sent);
        EXPECT_FALSE(outcome.failure.reason.empty());
        EXPECT_EQ(outcome.failure.reason.find('\n'), std::string::npos);
    }
}

TEST_F(CurlClientTest, doubts_what_was_read_and_not_answered) {
    RawServer server([](RawSocket& peer, int) { peer.receive_request(); });
    const auto outcome = ask(post_to(server.url()));
    EXPECT_EQ(outcome.failure.kind, Kind::in_doubt);
    EXPECT_TRUE(outcome.failure.may_have_arrived);
}

TEST_F(CurlClientTest, doubts_what_was_cut_before_it_was_read) {
    RawServer server([](RawSocket& peer, int) { peer.reset(); });
    const auto outcome = ask(post_to(server.url()));
    EXPECT_FALSE(outcome.reply);
    EXPECT_EQ(outcome.failure.kind, outcome.failure.may_have_arrived ? Kind::in_doubt : Kind::not_sent);
}

TEST_F(CurlClientTest, doubts_an_answer_that_breaks_off) {
    RawServer server([](RawSocket& peer, int) {
        peer.receive_request();
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    });
    EXPECT_EQ(ask(post_to(server.url())).failure.kind, Kind::in_doubt);
}

TEST_F(CurlClientTest, doubts_what_was_never_answered_in_time) {
    std::promise<void> over;
    auto until = over.get_future().share();
    RawServer server([until](RawSocket& peer, int) {
        peer.receive_request();
        until.wait();
    });
    auto call = post_to(server.url());
    call.timeout = Millis(50);
    const auto outcome = ask(std::move(call));
    over.set_value();
    EXPECT_EQ(outcome.failure.kind, Kind::in_doubt) << outcome.failure.reason;
    EXPECT_TRUE(outcome.failure.timed_out);
    EXPECT_TRUE(outcome.failure.may_have_arrived);
}

// Libcurl repeats a request by itself when a connection it used again dies without an answer.
TEST_F(CurlClientTest, sends_a_post_only_once_when_a_kept_connection_dies) {
    std::atomic<int> requests{0};
    RawServer server([&](RawSocket& peer, int) {
        if (!peer.receive_request().empty()) ++requests;
        peer.send(ok);
        if (!peer.receive_request().empty()) ++requests;
        peer.close();
    });
    ASSERT_TRUE(ask(post_to(server.url())).reply);
    const auto outcome = ask(post_to(server.url()));
    EXPECT_FALSE(outcome.reply);
    EXPECT_EQ(outcome.failure.kind, Kind::in_doubt) << outcome.failure.reason;
    EXPECT_TRUE(outcome.failure.may_have_arrived);
    EXPECT_EQ(requests, 2);
}

TEST_F(CurlClientTest, repeats_a_get_when_a_kept_connection_dies) {
    RawServer server([&](RawSocket& peer, int number) {
        peer.receive_request();
        peer.send(ok);
        peer.receive_request();
        if (number != 0) peer.send(ok);
    });
    HttpCall call;
    call.url = server.url();
    ASSERT_TRUE(ask(call).reply);
    const auto outcome = ask(call);
    ASSERT_TRUE(outcome.reply) << outcome.failure.reason;
    EXPECT_EQ(outcome.reply->body, "ok");
    close_connections();
}

TEST_F(CurlClientTest, stops_reading_answers_that_are_too_large) {
    const std::string body(3000, 'x');
    RawServer server([&](RawSocket& peer, int) {
        const auto request = peer.receive_request();
        peer.send("HTTP/1.1 200 OK\r\n");
        if (request.find("/announced") != std::string::npos) peer.send("Content-Length: 3000\r\n");
        peer.send("Connection: close\r\n\r\n" + body);
    });
    for (const auto* path : {"/announced", "/unannounced"}) {
        auto call = post_to(server.url(path));
        call.max_response = 2999;
        const auto outcome = ask(call);
        EXPECT_EQ(outcome.failure.kind, Kind::too_large) << path << outcome.failure.reason;
        EXPECT_TRUE(outcome.failure.may_have_arrived);
        call.max_response = 3000;
        const auto enough = ask(call);
        ASSERT_TRUE(enough.reply) << path << enough.failure.reason;
        EXPECT_EQ(enough.reply->body, body);
    }
}

TEST_F(CurlClientTest, follows_no_redirect) {
    RawServer server([](RawSocket& peer, int) {
        peer.receive_request();
        peer.send("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
        EXPECT_EQ(peer.receive_request(), "");
    });
    const auto outcome = ask(post_to(server.url()));
    close_connections();
    ASSERT_TRUE(outcome.reply);
    EXPECT_EQ(outcome.reply->status, 302);
    EXPECT_EQ(outcome.reply->header("location"), "/elsewhere");
}

TEST_F(CurlClientTest, reaches_no_private_address_when_told_so) {
    std::atomic<int> connections{0};
    RawServer server([&](RawSocket& peer, int) {
        ++connections;
        while (!peer.receive_request().empty()) peer.send(ok);
    });
    const auto port = std::to_string(server.port());
    const auto refused = [&](const std::string& host) {
        auto call = post_to("http://" + host + ":" + port + "/");
        call.allow_private_network = false;
        const auto outcome = ask(std::move(call));
        EXPECT_EQ(outcome.failure.kind, Kind::not_sent) << host << outcome.failure.reason;
        EXPECT_TRUE(outcome.failure.denied);
        EXPECT_NE(outcome.failure.reason.find("private network"), std::string::npos)
            << outcome.failure.reason;
    };
    for (const auto* host :
         {"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "0x7f000001"})
        refused(host);
    EXPECT_EQ(connections, 0);
    ASSERT_TRUE(ask(post_to(server.url())).reply);
    refused("127.0.0.1");  // although a kept connection is at hand
    EXPECT_EQ(connections, 1);
    EXPECT_TRUE(ask(post_to(server.url())).reply) << "the refusal did not break the connection pool";
    close_connections();
}

TEST_F(CurlClientTest, cancels_what_is_under_way_and_what_waits) {
    std::promise<void> arrived, over;
    auto until = over.get_future().share();
    RawServer server([&, until](RawSocket& peer, int number) {
        peer.receive_request();
        if (number == 0) arrived.set_value();
        until.wait();
    });
    CurlOptions narrow;
    narrow.max_in_flight = 1;
    CurlClient client(narrow);
    HttpCallId first = 0, second = 0;
    auto under_way = start(client, post_to(server.url()), &first);
    auto waiting = start(client, post_to(server.url()), &second);
    arrived.get_future().wait();
    client.cancel(second);
    const auto never_sent = wait(std::move(waiting));
    EXPECT_EQ(never_sent.failure.kind, Kind::cancelled);
    EXPECT_FALSE(never_sent.failure.may_have_arrived);
    client.cancel(first);
    client.cancel(first);
    client.cancel(999);
    const auto sent = wait(std::move(under_way));
    EXPECT_EQ(sent.failure.kind, Kind::cancelled);
    EXPECT_TRUE(sent.failure.may_have_arrived);
    over.set_value();
}

TEST_F(CurlClientTest, cancels_everything_when_it_goes) {
    std::promise<void> arrived, over;
    auto until = over.get_future().share();
    RawServer server([&, until](RawSocket& peer, int) {
        peer.receive_request();
        arrived.set_value();
        until.wait();
    });
    std::future<HttpOutcome> open, chained;
    auto next = std::make_shared<std::promise<HttpOutcome>>();
    chained = next->get_future();
    {
        CurlClient client{CurlOptions{}};
        auto promise = std::make_shared<std::promise<HttpOutcome>>();
        open = promise->get_future();
        client.start(post_to(server.url()), [&, promise, next](HttpOutcome outcome) {
            promise->set_value(std::move(outcome));
            client.start(post_to(server.url()), [next](HttpOutcome o) { next->set_value(std::move(o)); });
        });
        arrived.get_future().wait();
    }
    EXPECT_EQ(wait(std::move(open)).failure.kind, Kind::cancelled);
    const auto after = wait(std::move(chained));
    EXPECT_EQ(after.failure.kind, Kind::cancelled) << "also what a completion starts meanwhile";
    EXPECT_FALSE(after.failure.may_have_arrived);
    over.set_value();
}

TEST_F(CurlClientTest, keeps_within_its_connections_while_200_calls_run) {
    std::atomic<int> open{0}, most{0};
    std::mutex mutex;
    std::vector<Responder> held;
    HttpServerOptions listen;
    listen.listen = "127.0.0.1:0";
    HttpServer server(listen, [&](const HttpRequest& request, Responder respond) {
        const int now = ++open;
        most = std::max(most.load(), now);
        const std::string body(request.body());
        const std::lock_guard lock(mutex);
        held.push_back(std::move(respond));
        // Nobody is answered before all connections are in use, but for the last calls.
        if (held.size() < 8) return;
        for (auto& waiting : held) {
            --open;
            waiting(HttpResponse::text(200, body));
        }
        held.clear();
    });
    ASSERT_TRUE(server.start());
    CurlOptions options;
    options.max_connections_per_host = 8;
    CurlClient client(options);
    std::vector<std::future<HttpOutcome>> outcomes;
    for (int i = 0; i < 200; ++i)
        outcomes.push_back(
            start(client, post_to("http://127.0.0.1:" + std::to_string(server.port()) + "/", "x")));
    for (auto& outcome : outcomes) {
        const auto result = wait(std::move(outcome));
        ASSERT_TRUE(result.reply) << result.failure.reason;
        EXPECT_EQ(result.reply->body, "x");
    }
    EXPECT_EQ(most, 8);
}

TEST_F(CurlClientTest, goes_on_after_a_completion_that_throws) {
    client_->start(post_to("ftp://x/"), [](HttpOutcome) { throw std::runtime_error("a fault on purpose"); });
    EXPECT_EQ(ask(post_to("ftp://x/")).failure.kind, Kind::not_sent);
}

}  // namespace
}  // namespace parley
