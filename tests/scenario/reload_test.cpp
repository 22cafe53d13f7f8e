// SIGHUP: a changed file holds at once, and neither a message nor a connection is lost.
#include "fakes/authority.hpp"
#include "fakes/tls_client.hpp"
#include "served.hpp"

namespace parley::scenario {
namespace {

using fakes::Authority;
using fakes::Issued;
using fakes::TlsClient;

class Reload : public Served {
  protected:
    void write(const std::string& token, const std::string& app_secret, const std::string& text) {
        std::ofstream(folder_.path() / ".env")
            << "SECRET=" << app_secret << "\nTOKEN=" << token << "\nKEY=scenario-key\n";
        std::ofstream(config()) << text;
    }
    void write(const std::string& token = "scenario-token", const std::string& app_secret = secret) {
        write(token, app_secret, config_text());
    }
    std::string log() const { return text_of(folder_.path() / "engine.log"); }
    std::size_t count(const std::string& words) const {
        const std::string text = log();
        std::size_t number = 0;
        for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++number;
        return number;
    }
    // Asks for a reload and waits for its last line in the log.
    void reload(const std::string& ending) {
        const std::size_t before = count(ending);
        process->signal(SIGHUP);
        EXPECT_TRUE(eventually([&] { return count(ending) > before; })) << log();
    }
    std::pair<int, sim::Json> post_reload(const std::string& key = "scenario-key") {
        HttpCall call;
        call.method = "POST";
        call.url = door() + "/api/config/reload";
        call.headers = {{"X-API-Key", key}};
        const HttpOutcome outcome = ask(std::move(call));
        if (!outcome.reply) return {0, {}};
        return {outcome.reply->status, sim::Json::parse(outcome.reply->body, nullptr, false)};
    }
    std::string trouble() {
        const sim::Json one = get_json("/api/deployments").at("data").at(0).at("not_sending_because");
        return one.is_null() ? "" : one.get<std::string>();
    }
    static std::string with(std::string text, const std::string& from, const std::string& to) {
        const auto at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        return text.replace(at, from.size(), to);
    }
};

TEST_F(Reload, a_new_token_sends_what_waited_in_order) {
    start_graph();
    write("expired-token");
    serve();
    for (int n = 0; n < 4; ++n)
        for (const int user : {1, 2}) insist(numbered(user, n));
    EXPECT_TRUE(eventually([&] { return !trouble().empty(); }));
    EXPECT_EQ(accepted(), 0U);
    write();
    const auto began = std::chrono::steady_clock::now();
    reload("configuration reloaded");
    EXPECT_TRUE(eventually([&] { return accepted() == 8; }));
    for (const int user : {1, 2})
        EXPECT_EQ(texts_to(person(user)), (std::vector<std::string>{"0", "1", "2", "3"})) << user;
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(50))
        << "it waited out the pause";
    EXPECT_EQ(trouble(), "");
}

TEST_F(Reload, a_file_with_a_mistake_changes_nothing_and_every_mistake_is_logged) {
    start_graph();
    write();
    serve();
    write("wrong-token", "wrong-secret",
          with(config_text(), "agent: echo", "agent: echo\n    deadline: soon\n    colour: red"));
    reload("nothing has changed");
    EXPECT_NE(log().find("key=deployments.shop.deadline"), std::string::npos) << log();
    EXPECT_NE(log().find("key=deployments.shop.colour"), std::string::npos) << log();
    const auto [status, answer] = post_reload();
    EXPECT_EQ(status, 422);
    ASSERT_EQ(answer.value("errors", sim::Json::array()).size(), 2U) << answer;
    EXPECT_GT(answer.at("errors").at(0).value("line", 0), 0);
    insist(numbered(1, 0));
    EXPECT_TRUE(eventually([&] { return accepted() == 1; }));
    EXPECT_EQ(log().find("wrong-token"), std::string::npos);
}

TEST_F(Reload, an_app_secret_is_rotated_without_losing_a_webhook) {
    start_graph();
    write();
    serve();
    insist(numbered(1, 0));
    const std::string both =
        with(config_text(), "app_secret: ${SECRET}", "app_secret: [next-secret, ${SECRET}]");
    write("scenario-token", secret, both);
    reload("configuration reloaded");
    EXPECT_EQ(meta.post(numbered(1, 1)), 200);
    Meta renewed("http://" + door_.address() + "/webhook", "next-secret");
    EXPECT_EQ(renewed.post(numbered(1, 2)), 200);
    write("scenario-token", "next-secret");
    reload("configuration reloaded");
    EXPECT_EQ(meta.post(numbered(1, 3)), 401);
    EXPECT_EQ(renewed.post(numbered(1, 3)), 200);
    EXPECT_TRUE(eventually([&] { return accepted() == 4; }));
    EXPECT_EQ(texts_to(person(1)), (std::vector<std::string>{"0", "1", "2", "3"}));
}

TEST_F(Reload, says_what_it_applied_and_what_has_to_wait) {
    start_graph();
    write();
    serve();
    const auto [same, nothing] = post_reload();
    EXPECT_EQ(same, 200);
    EXPECT_EQ(nothing.value("status", ""), "unchanged") << nothing;
    reload("configuration unchanged");
    std::string text = with(config_text(), "fallback: \"Sorry.\"", "fallback: \"Later.\"");
    text = with(std::move(text), "config: {}", "config: { prefix: \"Hey \" }");
    text = with(std::move(text), "server: {", "server: { threads: 3,");
    write("scenario-token", secret, text + deployment("desk", "222", "{}"));
    const auto [status, answer] = post_reload();
    EXPECT_EQ(status, 200);
    EXPECT_EQ(answer.at("applied"), sim::Json::parse(R"(["deployments.shop.config",)"
                                                     R"("deployments.shop.fallback","deployments.desk"])"));
    ASSERT_EQ(answer.at("left").size(), 1U) << answer;
    EXPECT_EQ(answer.at("left").at(0).at("key"), "server.threads");
    EXPECT_EQ(post_reload("wrong").first, 401);
    insist(numbered(1, 0));
    EXPECT_TRUE(eventually([&] { return accepted() == 1; }));
    EXPECT_EQ(texts_to(person(1)), std::vector<std::string>{"Hey 0"}) << "the new instance answers";
    insist(envelope({change("222", "\"messages\":[" + text_message(person(2), "wamid.new", "hi") + "]")}));
    EXPECT_TRUE(eventually([&] { return accepted() == 2; }));
    EXPECT_EQ(texts_to(person(2)), std::vector<std::string>{"hi"}) << "the new deployment answers";
}

TEST_F(Reload, lets_a_deployment_go_and_keeps_what_comes_for_its_number) {
    deployments += deployment("desk", "222", "{}");
    start_graph();
    write();
    serve();
    write("scenario-token", secret, with(config_text(), deployment("desk", "222", "{}"), ""));
    EXPECT_EQ(post_reload().second.at("applied"), sim::Json::parse(R"(["deployments.desk"])"));
    insist(envelope({change("222", "\"messages\":[" + text_message(person(2), "wamid.late", "hi") + "]")}));
    insist(numbered(1, 0));
    EXPECT_TRUE(eventually([&] { return accepted() == 1; }));
    EXPECT_EQ(get_json("/api/status").at("stored").at("unrouted"), 1);
    EXPECT_EQ(get_json("/api/deployments").at("data").size(), 1U);
    process->signal(SIGTERM);
    EXPECT_TRUE(eventually([&] { return process->end().has_value(); }));
    write();
    serve();
    EXPECT_TRUE(eventually([&] { return accepted() == 2; }));
    EXPECT_EQ(texts_to(person(2)), std::vector<std::string>{"hi"});
}

TEST_F(Reload, with_an_agent_that_does_not_start_changes_nothing) {
    start_graph();
    write();
    serve();
    std::string text = with(config_text(), "config: {}", "config: { delay_ms: soon }");
    write("scenario-token", secret, with(std::move(text), "fallback: \"Sorry.\"", "fallback: \"Later.\""));
    const auto [status, answer] = post_reload();
    EXPECT_EQ(status, 422) << answer;
    insist(numbered(1, 0));
    EXPECT_TRUE(eventually([&] { return accepted() == 1; }));
    EXPECT_EQ(texts_to(person(1)), std::vector<std::string>{"0"});
}

TEST_F(Reload, many_times_under_load_loses_and_repeats_nothing) {
    start_graph();
    write();
    serve();
    std::thread posters([this] { post_all(20, 0, 5); });
    for (int n = 1; n <= 12; ++n) {
        std::string text =
            with(config_text(), "app_secret: ${SECRET}",
                 n % 2 == 0 ? "app_secret: [other, ${SECRET}]" : "app_secret: [${SECRET}, other]");
        text += "    deadline: " + std::to_string(n) + "m\n";
        write("scenario-token", secret, text);
        reload("configuration reloaded");
    }
    posters.join();
    EXPECT_EQ(unavailable, 0);
    expect_all_answered(20, 5);
}

class ReloadTls : public Reload {
  protected:
    std::uint16_t port() const {
        return static_cast<std::uint16_t>(std::stoi(door_.address().substr(door_.address().find(':') + 1)));
    }
    std::string file(const char* name) const { return (folder_.path() / name).string(); }
    void certify(const std::string& name) {
        authority_.issue(name).write(file("certificate.pem"), file("key.pem"));
    }
    std::string tls_text(const std::string& more = "") const {
        return with(config_text(), "server: { ",
                    "server: { tls: { certificate: certificate.pem, private_key: key.pem" + more + " }, ");
    }
    void serve_tls() {
        process =
            std::make_unique<Process>(serve_words(), Process::Streams{.err = folder_.path() / "engine.log"});
        EXPECT_TRUE(eventually([&] { return TlsClient(port()).get("/ready") == 200 || process->end(); }));
    }
    int post(TlsClient& client, const std::string& body, const std::string& signature) {
        client.send("POST /webhook HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
                    std::string("X-Hub-Signature-256: ") + signature +
                    "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
        const std::string answer = client.receive();
        return answer.size() > 12 ? std::stoi(answer.substr(9)) : 0;
    }
    int post(const Issued* shown, const std::string& body) {
        TlsClient client(port(), {.shown = shown, .protocols = {}});
        return post(client, body, meta.sign(body));
    }

    Authority authority_{"Authority of the server"};
};

TEST_F(ReloadTls, a_renewed_certificate_is_shown_to_new_connections_and_open_ones_go_on) {
    start_graph();
    certify("before.example");
    write("scenario-token", secret, tls_text());
    serve_tls();
    EXPECT_NE(log().find("url=https://"), std::string::npos) << log();
    TlsClient open(port());
    EXPECT_EQ(open.server(), "before.example");
    const std::string first = numbered(1, 0);
    EXPECT_EQ(post(open, first, meta.sign(first)), 200);
    certify("after.example");
    reload("configuration reloaded");
    EXPECT_EQ(TlsClient(port()).server(), "after.example");
    const std::string second = numbered(1, 1);
    EXPECT_EQ(post(open, second, meta.sign(second)), 200);
    EXPECT_TRUE(eventually([&] { return accepted() == 2; }));

    std::ofstream(file("key.pem")) << "no key";
    reload("nothing has changed");
    EXPECT_EQ(TlsClient(port()).server(), "after.example");
}

TEST_F(ReloadTls, mutual_tls_asks_webhooks_for_the_right_client_and_nobody_else) {
    start_graph();
    const Authority meta_authority("Outbound API CA"), stranger("Outbound API CA");
    std::ofstream(file("clients.pem")) << meta_authority.certificate();
    certify("bot.example");
    write("scenario-token", secret, tls_text(", client_ca: clients.pem"));
    serve_tls();
    const std::string name = "client.webhooks.fbclientcerts.com";
    const Issued good = meta_authority.issue(name), other = meta_authority.issue("other.example"),
                 late = meta_authority.issue(name, -60), forged = stranger.issue(name);
    EXPECT_EQ(post(nullptr, numbered(1, 0)), 403);
    EXPECT_EQ(post(&other, numbered(1, 0)), 403);
    EXPECT_EQ(post(&late, numbered(1, 0)), 403);
    EXPECT_EQ(post(&forged, numbered(1, 0)), 403);
    EXPECT_EQ(
        TlsClient(port()).get("/webhook?hub.mode=subscribe&hub.verify_token=scenario-token&hub.challenge=1"),
        403);
    EXPECT_EQ(TlsClient(port()).get("/health"), 200);
    EXPECT_EQ(post(&good, numbered(1, 0)), 200);
    EXPECT_TRUE(eventually([&] { return accepted() == 1; }));

    std::ofstream(file("clients.pem")) << stranger.certificate();
    reload("configuration reloaded");
    EXPECT_EQ(post(&good, numbered(1, 1)), 403);
    EXPECT_EQ(post(&forged, numbered(1, 1)), 200);
    EXPECT_TRUE(eventually([&] { return accepted() == 2; }));
}

}  // namespace
}  // namespace parley::scenario
