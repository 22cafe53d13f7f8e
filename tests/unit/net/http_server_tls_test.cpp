// HTTPS: handshakes, client certificates, and the end of a connection.
#include "fakes/authority.hpp"
#include "fakes/temp_folder.hpp"
#include "fakes/tls_client.hpp"
#include "scenario/process.hpp"
#include "unit/net/http_server_fixture.hpp"

namespace parley {
namespace {

using fakes::Authority;
using fakes::Issued;
using fakes::TlsClient;

class HttpServerTls : public HttpServerTest {
  protected:
    std::string file(const char* name) const { return (folder_.path() / name).string(); }

    std::shared_ptr<TlsContext> context_of(const std::string& name, const Authority* clients = nullptr) {
        authority_.issue(name).write(file("certificate"), file("key"));
        auto context = std::make_shared<TlsContext>();
        EXPECT_TRUE(context->use_certificate(file("certificate")));
        EXPECT_TRUE(context->use_private_key(file("key")));
        if (clients != nullptr) {
            std::ofstream(file("clients")) << clients->certificate();
            EXPECT_TRUE(context->trust_clients_of(file("clients")));
        }
        return context;
    }
    void serve_certificates() {
        serve([](const HttpRequest& request, Responder respond) {
            const ClientCertificate& client = request.client_certificate();
            respond(HttpResponse::text(200, client.name.empty() ? client.problem : "you are " + client.name));
        });
    }
    std::string told(const Issued* shown) {
        TlsClient client(server_->port(), {.shown = shown, .protocols = {}});
        client.send(get("/"));
        const std::string answer = client.receive();
        return answer.substr(std::min(answer.size(), answer.find("\r\n\r\n") + 4));
    }

    fakes::TempFolder folder_;
    Authority authority_{"Authority of tests"};
};

TEST_F(HttpServerTls, answers_requests_of_one_connection_in_order) {
    options_.tls = context_of("localhost");
    serve_echo();
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        TlsClient client(server_->port(), {.shown = nullptr, .protocols = {}, .most_version = version});
        ASSERT_TRUE(client.is_open());
        EXPECT_EQ(client.server(), "localhost");
        ASSERT_TRUE(client.send(post("/a", "first") + post("/b", "second")));
        EXPECT_TRUE(client.receive().ends_with("/a first"));
        EXPECT_TRUE(client.receive().ends_with("/b second"));
    }
}

TEST_F(HttpServerTls, carries_bodies_larger_than_a_record_and_a_socket_buffer_both_ways) {
    options_.tls = context_of("localhost");
    serve_echo();
    TlsClient client(server_->port());
    const std::string body(3U << 20, 'x');
    ASSERT_TRUE(client.send(post("/", body)));
    const std::string answer = client.receive();
    EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4, body.size() + 2);
    EXPECT_EQ(client.get("/again"), 200);
}

TEST_F(HttpServerTls, answers_given_by_another_thread_leave_too) {
    options_.tls = context_of("localhost");
    serve_later();
    TlsClient client(server_->port());
    ASSERT_TRUE(client.send(get("/")));
    waiting_.take()(HttpResponse::text(200, "later"));
    EXPECT_TRUE(client.receive().ends_with("later"));
}

TEST_F(HttpServerTls, speaks_http_1_1_by_alpn_and_nothing_else) {
    options_.tls = context_of("localhost");
    serve_echo();
    TlsClient both(server_->port(), {.shown = nullptr, .protocols = "\x02h2\x08http/1.1"});
    EXPECT_EQ(both.protocol(), "http/1.1");
    EXPECT_EQ(both.get("/"), 200);
    const TlsClient newer(server_->port(), {.shown = nullptr, .protocols = "\x02h2"});
    EXPECT_FALSE(newer.is_open());
}

TEST_F(HttpServerTls, refuses_versions_that_are_broken) {
    options_.tls = context_of("localhost");
    options_.metrics = &metrics_;
    serve_echo();
    const TlsClient old(server_->port(), {.shown = nullptr, .protocols = {}, .most_version = TLS1_1_VERSION});
    EXPECT_FALSE(old.is_open());
    TlsClient fine(server_->port());
    EXPECT_EQ(fine.get("/"), 200);
    EXPECT_NE(metrics_.text().find("parley_tls_handshakes_failed_total 1"), std::string::npos);
}

TEST_F(HttpServerTls, tells_who_speaks_plain_http_and_closes) {
    options_.tls = context_of("localhost");
    serve_echo();
    for (const std::string& request :
         {get("/"), std::string("OPTIONS / HTTP/1.1\r\n\r\n"), post("/", "body")}) {
        RawSocket client = connect();
        client.send(request);
        const RawResponse response = client.receive();
        EXPECT_EQ(response.status, 400) << request;
        EXPECT_NE(response.body.find("HTTPS"), std::string::npos);
        client.end_sending();
        EXPECT_TRUE(client.is_closed_by_peer());
    }
}

TEST_F(HttpServerTls, a_handshake_that_does_not_end_is_cut_and_holds_up_nobody) {
    options_.tls = context_of("localhost");
    options_.header_timeout = Millis{40};
    serve_echo();
    RawSocket silent = connect();
    RawSocket halfway = connect();
    halfway.send(std::string_view("\x16\x03\x01\x02\x00\x01", 6));
    EXPECT_TRUE(silent.is_closed_by_peer());
    EXPECT_TRUE(halfway.is_closed_by_peer());
}

TEST_F(HttpServerTls, says_that_nothing_follows_before_it_closes) {
    options_.tls = context_of("localhost");
    serve_echo();
    TlsClient last(server_->port());
    ASSERT_TRUE(last.send(get("/", "Connection: close\r\n")));
    EXPECT_TRUE(last.receive().ends_with("/ "));
    EXPECT_TRUE(last.is_ended_in_order());
    TlsClient idle(server_->port());
    EXPECT_EQ(idle.get("/"), 200);
    TlsClient refused(server_->port());
    ASSERT_TRUE(refused.send("nonsense\r\n\r\n"));
    EXPECT_TRUE(refused.receive().starts_with("HTTP/1.1 400"));
    EXPECT_TRUE(refused.is_ended_in_order());
    server_->stop_accepting();
    EXPECT_TRUE(idle.is_ended_in_order());
}

TEST_F(HttpServerTls, tells_the_handler_who_the_client_is) {
    const Authority trusted("Clients");
    const Authority foreign("Clients");
    options_.tls = context_of("localhost", &trusted);
    serve_certificates();
    const Issued good = trusted.issue("client.example"), late = trusted.issue("client.example", -60),
                 strange = foreign.issue("client.example");
    EXPECT_EQ(told(&good), "you are client.example");
    EXPECT_EQ(told(nullptr), "no client certificate was shown");
    EXPECT_TRUE(told(&late).starts_with("the client certificate is not trusted: ")) << told(&late);
    EXPECT_TRUE(told(&strange).starts_with("the client certificate is not trusted: ")) << told(&strange);
}

TEST_F(HttpServerTls, asks_nobody_for_a_certificate_without_an_authority_of_clients) {
    options_.tls = context_of("localhost");
    serve_certificates();
    const Authority some("Clients");
    const Issued good = some.issue("client.example");
    EXPECT_EQ(told(&good), "no client certificate was shown");
}

TEST_F(HttpServerTls, shows_a_new_certificate_to_new_connections_while_open_ones_go_on) {
    options_.tls = context_of("first.example");
    serve_echo();
    TlsClient before(server_->port());
    EXPECT_EQ(before.server(), "first.example");
    server_->replace_tls(context_of("second.example"));
    TlsClient after(server_->port());
    EXPECT_EQ(after.server(), "second.example");
    EXPECT_EQ(before.get("/"), 200);
    EXPECT_EQ(after.get("/"), 200);
}

class TlsFiles : public HttpServerTls {
  protected:
    static std::string problem(const Result<>& result) { return result ? "" : result.error().message(); }
    bool says(const Result<>& result, const char* words) {
        return problem(result).find(words) != std::string::npos;
    }
    TlsContext context_;
};

TEST_F(TlsFiles, are_refused_with_what_is_wrong) {
    authority_.issue("a").write(file("certificate"), file("key"));
    authority_.issue("b").write(file("other certificate"), file("other key"));
    std::ofstream(file("nonsense")) << "nonsense";
    EXPECT_TRUE(says(context_.use_certificate(file("none")), "there is no file"));
    EXPECT_TRUE(says(context_.use_certificate(folder_.path().string()), "is a folder"));
    EXPECT_TRUE(says(context_.use_certificate(file("nonsense")), "no certificate in PEM"));
    EXPECT_TRUE(says(context_.use_certificate(file("key")), "no certificate in PEM"));
    EXPECT_TRUE(context_.use_certificate(file("certificate")));
    EXPECT_TRUE(says(context_.use_private_key(file("certificate")), "no private key in PEM"));
    EXPECT_TRUE(says(context_.use_private_key(file("other key")), "is not the key of the certificate"));
    EXPECT_TRUE(says(context_.trust_clients_of(file("key")), "no certificate in PEM"));
    EXPECT_TRUE(context_.use_private_key(file("key")));
}

TEST_F(TlsFiles, a_key_behind_a_password_is_refused_without_asking) {
    authority_.issue("a").write(file("certificate"), file("key"));
    scenario::Process openssl({"openssl", "pkey", "-in", file("key"), "-aes256", "-passout", "pass:word",
                               "-out", file("locked key")},
                              {});
    ASSERT_EQ(openssl.wait().code, 0);
    EXPECT_TRUE(context_.use_certificate(file("certificate")));
    EXPECT_TRUE(says(context_.use_private_key(file("locked key")), "is protected by a password"));
}

TEST_F(TlsFiles, have_a_fingerprint_that_changes_with_any_of_them) {
    const auto fingerprint = [&] {
        TlsContext context;
        EXPECT_TRUE(context.use_certificate(file("certificate")));
        EXPECT_TRUE(context.use_private_key(file("key")));
        return context.fingerprint();
    };
    authority_.issue("a").write(file("certificate"), file("key"));
    const std::string first = fingerprint();
    EXPECT_EQ(fingerprint(), first);
    authority_.issue("a").write(file("certificate"), file("key"));
    EXPECT_NE(fingerprint(), first);
}

}  // namespace
}  // namespace parley
