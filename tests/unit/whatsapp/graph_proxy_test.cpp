// The door for bots of somebody's own: who may use it, what a send becomes, and what else passes.
#include "whatsapp/graph_proxy.hpp"

#include <nlohmann/json.hpp>

#include "fakes/fake_exchange.hpp"
#include "fakes/fake_http_client.hpp"
#include "unit/core/movers_fixture.hpp"

namespace parley {
namespace {

using Json = nlohmann::json;

class Proxy : public fakes::Movers {
  protected:
    Proxy() {
        Deployment deployment = current();
        deployment.access_token = Secret("real-token");
        deployment.proxy_token = Secret("bot-token");
        deployment.waba_id = "2";
        Deployment closed = deployment;
        closed.id = DeploymentId("closed");
        closed.channel = PhoneNumberId("222");
        closed.waba_id = "3";
        closed.proxy_token = Secret();
        accounts.replace({deployment, closed});
        proxy.add_routes(router);
    }

    FakeExchange& ask(const std::string& method, const std::string& path, const std::string& body = "",
                      const std::string& token = "bot-token", const std::string& type = "application/json") {
        requests_.emplace_back();
        FakeRequest& request = requests_.back();
        request.verb = method;
        request.where = path.substr(0, path.find('?'));
        if (path.find('?') != std::string::npos) request.question = path.substr(path.find('?') + 1);
        request.content = body;
        request.headers = {
            {"Authorization", "Bearer " + token}, {"Content-Type", type}, {"Host", "parley:8000"}};
        exchanges_.emplace_back();
        router.handle(request, exchanges_.back().responder());
        return exchanges_.back();
    }
    FakeExchange& send(const std::string& members = R"("type":"text","text":{"body":"Hello"})") {
        return ask("POST", messages,
                   R"({"messaging_product":"whatsapp","to":"+91 98000-00001",)" + members + "}");
    }
    static Json body_of(FakeExchange& exchange) { return Json::parse(exchange.answer().body); }
    // The call that Graph got last; answered with `body`.
    HttpCall graph_gets(std::size_t count, int status, const std::string& body) {
        const auto call = http.wait_for_call(count);
        EXPECT_TRUE(call);
        if (!call) return {};
        http.answer(call->first, status, body);
        return call->second;
    }
    void expect_refused(FakeExchange& exchange, int status, int code) {
        HttpResponse answer = exchange.answer();
        EXPECT_EQ(answer.status, status) << answer.body;
        EXPECT_EQ(Json::parse(answer.body)["error"]["code"], code) << answer.body;
        EXPECT_EQ(answer.body.find("real-token"), std::string::npos);
        EXPECT_EQ(http.open_calls(), 0U) << "nothing reached Graph";
        EXPECT_EQ(sender.open(), 0U);
    }

    static constexpr const char* messages = "/graph/v24.0/111/messages";
    FakeHttpClient http;
    GraphMedia media{{}, http};
    GraphProxy proxy{{}, {store, pump, http, media, accounts, clock, random, wakeup}};
    Router router;
    std::deque<FakeRequest> requests_;
    std::deque<FakeExchange> exchanges_;
};

TEST_F(Proxy, answers_a_send_as_meta_does_once_it_is_durable) {
    FakeExchange& answer =
        send(R"("type":"text","text":{"body":"Hello"},"biz_opaque_callback_data":"order 7")");
    EXPECT_FALSE(answer.is_answered());
    const OutboundMessage sent = sender.front();
    EXPECT_EQ(sent.to.wa_id, "919800000001");
    EXPECT_EQ(sent.user_callback, "order 7");
    EXPECT_TRUE(sent.callback.starts_with("p1."));
    sender.answer(Sent{MessageId("wamid.META")});
    EXPECT_EQ(body_of(answer),
              Json::parse(R"({"messaging_product":"whatsapp","contacts":[{"input":"+91 98000-00001",)"
                          R"("wa_id":"919800000001"}],"messages":[{"id":"wamid.META"}]})"));
}

TEST_F(Proxy, gives_a_provisional_id_that_later_statuses_carry_when_the_message_stays) {
    FakeExchange& answer = send();
    sender.answer(RetryLater{Millis{60'000}, Scope::number, 130429, "slow down"});
    clock.advance(Millis{9'999});
    proxy.step(clock.mono());
    EXPECT_FALSE(answer.is_answered());
    clock.advance(Millis{1});
    proxy.step(clock.mono());
    const std::string id = body_of(answer)["messages"][0]["id"];
    const auto& row = store.tables().outbound.begin()->second;
    EXPECT_EQ(id, provisional_id(row.message.callback));
    EXPECT_EQ(store.authors_names(row.message.callback).value().provisional_id, id);
    advance(Millis{60'000});
    sender.answer(Sent{MessageId("wamid.META")});
    EXPECT_EQ(state_of(row.message.id), OutboundState::sent) << "and the bot is not answered twice";
}

TEST_F(Proxy, says_what_graph_said_of_a_message_that_it_refused) {
    FakeExchange& answer = send();
    const std::string words = R"({"error":{"message":"(#131030) not in allowed list","code":131030}})";
    sender.answer(Rejected{'U', 131030, "not in allowed list", 400, words});
    HttpResponse got = answer.answer();
    EXPECT_EQ(got.status, 400);
    EXPECT_EQ(got.body, words);
}

TEST_F(Proxy, refuses_what_graph_would_refuse_in_its_words) {
    expect_refused(ask("POST", messages, "{"), 400, 100);
    expect_refused(ask("POST", messages, R"({"to":"919800000001","type":"text","text":{"body":"x"}})"), 400,
                   100);
    expect_refused(
        ask("POST", messages, R"({"messaging_product":"whatsapp","type":"text","text":{"body":"x"}})"), 400,
        100);
    expect_refused(ask("POST", messages,
                       R"({"messaging_product":"whatsapp","to":"me","type":"text","text":{"body":"x"}})"),
                   400, 100);
    expect_refused(send(R"("type":"text","text":{"body":""})"), 400, 100);
    expect_refused(send(R"("type":"text","text":{"body":")" + std::string(5000, 'x') + "\"}"), 400, 100);
    expect_refused(send(R"("recipient_type":"group","type":"text","text":{"body":"x"})"), 400, 100);
    expect_refused(send(R"("method":"delete","type":"text","text":{"body":"x"})"), 400, 100);
}

TEST_F(Proxy, says_that_it_cannot_take_a_message_now) {
    store.refuse_as_busy(true);
    expect_refused(send(), 503, 2);
}

TEST_F(Proxy, opens_for_the_deployments_own_token_only) {
    const std::string hello =
        R"({"messaging_product":"whatsapp","to":"1","type":"text","text":{"body":"x"}})";
    for (const char* token : {"", "bot-toke", "bot-token2", "real-token"})
        expect_refused(ask("POST", messages, hello, token), 401, 190);
    expect_refused(ask("POST", "/graph/v24.0/222/messages", hello), 401, 190);
    expect_refused(ask("POST", "/graph/v24.0/222/messages", hello, ""), 401, 190);
    expect_refused(ask("POST", "/graph/v24.0/999/messages", hello), 401, 190);
    expect_refused(ask("GET", "/graph/v24.0/3/message_templates"), 401, 190);
    expect_refused(ask("GET", "/graph/v24.0/12345", "", "wrong"), 401, 190);
    expect_refused(ask("GET", "/graph/media/222/12345"), 401, 190);
}

TEST_F(Proxy, passes_a_read_mark_at_once) {
    FakeExchange& answer = ask("POST", messages,
                               R"({"messaging_product":"whatsapp","status":"read","message_id":"wamid.A",)"
                               R"("typing_indicator":{"type":"text"}})");
    const HttpCall call = graph_gets(1, 200, R"({"success":true})");
    EXPECT_EQ(call.url, "https://graph.facebook.com/v25.0/111/messages");
    EXPECT_EQ(Json::parse(call.body),
              Json::parse(R"({"messaging_product":"whatsapp","status":"read","message_id":"wamid.A",)"
                          R"("typing_indicator":{"type":"text"}})"));
    EXPECT_EQ(answer.answer().body, R"({"success":true})");
}

TEST_F(Proxy, brings_media_urls_back_to_itself) {
    const std::string facts =
        R"({"url":"https://lookaside.fbsbx.com/x?real-token","mime_type":"image/png","sha256":"00","id":"77"})";
    FakeExchange& looked_up = ask("GET", "/graph/v24.0/77?phone_number_id=111");
    const HttpCall call = graph_gets(1, 200, facts);
    EXPECT_EQ(call.url, "https://graph.facebook.com/v25.0/77?phone_number_id=111");
    EXPECT_EQ(body_of(looked_up)["url"], "http://parley:8000/graph/media/111/77");
    FakeExchange& downloaded = ask("GET", "/graph/media/111/77");
    graph_gets(2, 200, facts);
    EXPECT_EQ(graph_gets(3, 200, "bytes").url, "https://lookaside.fbsbx.com/x?real-token");
    HttpResponse file = downloaded.answer();
    EXPECT_EQ(file.content_type, "image/png");
    EXPECT_EQ(file.body, "bytes");
}

TEST_F(Proxy, deletes_nothing_but_media) {
    FakeExchange& refused = ask("DELETE", "/graph/v24.0/2");
    graph_gets(1, 200, R"({"id":"2","name":"the account"})");
    expect_refused(refused, 403, 10);
    FakeExchange& deleted = ask("DELETE", "/graph/v24.0/77");
    graph_gets(2, 200,
               R"({"url":"https://lookaside.fbsbx.com/x","mime_type":"image/png","sha256":"00","id":"77"})");
    EXPECT_EQ(graph_gets(3, 200, R"({"success":true})").method, "DELETE");
    EXPECT_EQ(deleted.answer().status, 200);
}

TEST_F(Proxy, passes_the_profile_and_the_templates_of_its_own) {
    ask("GET", "/graph/v24.0/111/whatsapp_business_profile?fields=about,email&access_token=x");
    HttpCall call = graph_gets(1, 200, "{}");
    EXPECT_EQ(call.url,
              "https://graph.facebook.com/v25.0/111/whatsapp_business_profile?fields=about%2Cemail");
    ask("POST", "/graph/v24.0/2/message_templates", R"({"name":"hello"})");
    call = graph_gets(2, 200, "{}");
    EXPECT_EQ(call.url, "https://graph.facebook.com/v25.0/2/message_templates");
    EXPECT_EQ(call.body, R"({"name":"hello"})");
    ask("DELETE", "/graph/v24.0/2/message_templates?name=hello");
    EXPECT_EQ(graph_gets(3, 200, "{}").method, "DELETE");
    ask("POST", "/graph/v24.0/111/media?messaging_product=whatsapp", "--b\r\n\r\nx\r\n--b--\r\n", "bot-token",
        "multipart/form-data; boundary=b");
    call = graph_gets(4, 200, R"({"id":"9"})");
    EXPECT_EQ(call.url, "https://graph.facebook.com/v25.0/111/media?messaging_product=whatsapp");
}

TEST_F(Proxy, lets_nothing_else_reach_graph) {
    expect_refused(ask("GET", "/graph/v24.0/111/whatsapp_business_profile?fields=owner{name}"), 400, 100);
    expect_refused(ask("GET", "/graph/v24.0/111/whatsapp_business_profile?method=delete"), 400, 100);
    expect_refused(ask("POST", "/graph/v24.0/2/message_templates", R"({"method":"delete"})"), 400, 100);
    expect_refused(ask("GET", "/graph/v24.0/2/phone_numbers"), 403, 10);
    expect_refused(ask("POST", "/graph/v24.0/2/subscribed_apps"), 403, 10);
    expect_refused(ask("POST", "/graph/v24.0/111/register"), 403, 10);
    expect_refused(ask("GET", "/graph/v24.0/..%2f2"), 403, 10);
    expect_refused(ask("GET", "/graph/me"), 403, 10);
    expect_refused(ask("POST", "/graph/v24.0/111/media", "x"), 400, 100);
}

TEST_F(Proxy, says_when_graph_is_away_without_the_token) {
    FakeExchange& answer = ask("GET", "/graph/v24.0/2/message_templates");
    const auto call = http.wait_for_call(1);
    http.fail(call->first, {HttpFailure::Kind::not_sent, false, "no way to real-token"});
    expect_refused(answer, 502, 2);
}

}  // namespace
}  // namespace parley
