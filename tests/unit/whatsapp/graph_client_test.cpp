#include "whatsapp/graph_client.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakes/fake_clock.hpp"
#include "fakes/fake_http_client.hpp"

namespace parley {
namespace {

constexpr const char* token = "EAATOKENVALUE";

struct GraphClientTest : testing::Test {
    FakeHttpClient http;
    FakeClock clock;
    Metrics metrics;
    GraphClient client{
        {"https://graph.example/", "v25.0", Millis(30'000), Millis(5'000)}, http, clock, metrics};
    std::vector<SendOutcome> outcomes;

    static DeploymentPtr account(const char* access_token = token) {
        Deployment deployment;
        deployment.channel = PhoneNumberId("300000000000001");
        deployment.access_token = Secret(access_token);
        return std::make_shared<const Deployment>(deployment);
    }
    static OutboundMessage text() {
        OutboundMessage message;
        message.channel = PhoneNumberId("300000000000001");
        message.to.wa_id = "919800000001";
        message.callback = "p1.X";
        message.payload_json = R"({"type":"text","text":{"body":"Hello"}})";
        message.tries = 1;
        return message;
    }
    void send(const OutboundMessage& message, DeploymentPtr from) {
        client.send(message, std::move(from),
                    [this](SendOutcome outcome) { outcomes.push_back(std::move(outcome)); });
    }
    HttpCall call(std::size_t number) { return http.wait_for_call(number).value().second; }
};

TEST_F(GraphClientTest, posts_to_the_numbers_messages_with_the_accounts_token) {
    send(text(), account());
    const HttpCall made = call(1);
    EXPECT_EQ(made.method, "POST");
    EXPECT_EQ(made.url, "https://graph.example/v25.0/300000000000001/messages");
    EXPECT_EQ(made.headers.at(0).second, std::string("Bearer ") + token);
    EXPECT_EQ(nlohmann::json::parse(made.body)["to"], "+919800000001");
    EXPECT_TRUE(outcomes.empty());
    http.answer(1, 200, R"({"messages":[{"id":"wamid.OUT1"}]})");
    ASSERT_EQ(outcomes.size(), 1U);
    EXPECT_EQ(std::get<Sent>(outcomes[0]).wamid.str(), "wamid.OUT1");
    EXPECT_NE(metrics.text().find(R"(parley_graph_calls_total{result="sent"} 1)"), std::string::npos);
}

TEST_F(GraphClientTest, says_of_which_trace_each_call_is_a_step) {
    const auto parent_of = [](const HttpCall& made) {
        for (const auto& [name, value] : made.headers)
            if (name == "traceparent") return parse_traceparent(value);
        return std::optional<TraceParent>();
    };
    OutboundMessage reply = text();
    reply.id = OutboundId{34};
    reply.callback = "p1.01ARZ3NDEKTSV4RRFFQ69G5FAV";
    reply.answered_trace = to_trace_id("0123456789abcdef");
    send(reply, account());
    ++reply.tries;
    send(reply, account());
    reply.answered_trace = {};
    send(reply, account());
    const auto first = parent_of(call(1)), again = parent_of(call(2)), own = parent_of(call(3));
    ASSERT_TRUE(first && again && own);
    EXPECT_EQ(first->trace, to_trace_id("0123456789abcdef"));
    EXPECT_EQ(again->trace, first->trace);
    EXPECT_NE(again->span, first->span);
    EXPECT_EQ(own->trace, trace_of(reply));
    for (int number = 1; number <= 3; ++number) http.answer(static_cast<HttpCallId>(number), 200, "{}");
}

TEST_F(GraphClientTest, blots_the_token_out_of_what_graph_says) {
    send(text(), account());
    http.answer(1, 400,
                std::string(R"({"error":{"message":"bad )") + token + " and " + token + R"(","code":100}})");
    const std::string& reason = std::get<Rejected>(outcomes.at(0)).reason;
    EXPECT_EQ(reason, "bad *** and ***");
    send(text(), account());
    http.fail(2, {HttpFailure::Kind::in_doubt, true, std::string("sent Bearer ") + token, false});
    EXPECT_EQ(std::get<Unknown>(outcomes.at(1)).reason, "sent Bearer ***");
}

TEST_F(GraphClientTest, makes_no_call_for_what_cannot_be_sent) {
    OutboundMessage broken = text();
    broken.payload_json = "{";
    send(broken, account());
    send(text(), account(""));
    send(text(), nullptr);
    OutboundMessage escaping = text();
    escaping.channel = PhoneNumberId("1/../2");
    send(escaping, account());
    EXPECT_EQ(http.started_calls(), 0U);
    ASSERT_EQ(outcomes.size(), 4U);
    for (const SendOutcome& outcome : outcomes) EXPECT_EQ(std::get<Rejected>(outcome).error_class, 'N');
}

TEST_F(GraphClientTest, shows_presence_without_waiting_for_an_answer) {
    client.show_presence(MessageId("wamid.A1"), account(), true);
    EXPECT_EQ(
        call(1).body,
        R"({"messaging_product":"whatsapp","status":"read","message_id":"wamid.A1","typing_indicator":{"type":"text"}})");
    http.answer(1, 500, "");
    EXPECT_NE(metrics.text().find("parley_graph_presence_failed_total 1"), std::string::npos);
    client.show_presence(MessageId(""), account(), true);
    EXPECT_EQ(http.started_calls(), 1U);
}

TEST_F(GraphClientTest, passes_the_number_of_tries_on) {
    OutboundMessage again = text();
    again.tries = 3;
    send(again, account());
    http.answer(1, 400, R"({"error":{"message":"slow","code":131056}})");
    EXPECT_EQ(std::get<RetryLater>(outcomes.at(0)).after, Millis(16'000));
}

}  // namespace
}  // namespace parley
