// co_await turn.http(…): what is sent, and what comes back in good and in bad times.
#include <string>

#include <parley/sdk.hpp>
#include <parley/testing/agent_test.hpp>
#include <parley/testing/sdk_agent.hpp>

namespace {

using namespace std::chrono_literals;
using parley::testing::FakeHost;
using parley::testing::plugin_of;

// Posts the message and replies with what came back; tries a 503 once more after 200 ms.
struct Forwarder : parley::Agent<Forwarder> {
    parley::Task on_message(parley::Turn turn) {
        auto answer = co_await turn.http("https://crm.test/lead?q=\"1\"")
                          .post(turn.message_json)
                          .header("Content-Type", "application/json")
                          .header("X-Key", "${secret:crm}")
                          .timeout(3s);
        if (answer.status == 503) {
            co_await turn.sleep(200ms);
            answer = co_await turn.http("https://crm.test/again");
        }
        turn.reply(std::string(answer.ok() ? "ok " : "bad ") + std::to_string(answer.status) + ' ' +
                   parley::status_name(answer.outcome) + ' ' + answer.body);
    }
};

struct SdkHttp : parley::testing::AgentTest {
    SdkHttp() : AgentTest(plugin_of<Forwarder>) {}
    void SetUp() override { start(); }
};

TEST_F(SdkHttp, sends_what_was_built) {
    host.on_http("POST", "https://crm.test/").reply(200, "thanks");
    send({.message_json = R"({"a":1})"});
    ASSERT_EQ(host.http_requests().size(), 1U);
    const auto& request = host.http_requests()[0];
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.url, "https://crm.test/lead?q=\"1\"");
    EXPECT_EQ(request.body, R"({"a":1})");
    EXPECT_EQ(request.headers.at("Content-Type"), "application/json");
    EXPECT_EQ(request.headers.at("X-Key"), "${secret:crm}");
    EXPECT_EQ(request.timeout, 3s);
}

TEST_F(SdkHttp, gives_status_and_body) {
    host.on_http("POST", "https://crm.test/").reply(201, "thanks");
    EXPECT_EQ(send({}).text(), "ok 201 ok thanks");
}

TEST_F(SdkHttp, can_be_tried_again_after_a_while) {
    host.on_http("POST", "https://crm.test/lead").reply(503);
    host.on_http("GET", "https://crm.test/again").reply(200, "second");
    const auto& turn = send({});
    EXPECT_TRUE(turn.open());
    host.advance(200ms);
    EXPECT_EQ(turn.text(), "ok 200 ok second");
    EXPECT_FALSE(host.http_requests()[1].timeout);
}

TEST_F(SdkHttp, makes_an_answer_of_a_broken_connection) {
    host.on_http("POST", "https://crm.test/").fail(PARLEY_INTERNAL, "connection refused");
    EXPECT_EQ(send({}).text(), "bad 0 internal connection refused");
}

TEST_F(SdkHttp, makes_an_answer_of_a_timeout) {
    host.on_http("*", "").hang();
    const auto& turn = send({});
    EXPECT_TRUE(turn.open());
    host.advance(3s);
    EXPECT_EQ(turn.text(), "bad 0 timeout no answer within 3000 ms");
}

TEST_F(SdkHttp, makes_an_answer_of_a_refusal) {
    host.on_http("*", "").refuse(PARLEY_DENIED);
    EXPECT_EQ(send({}).text(), "bad 0 denied the host refused the request: denied");
}

TEST_F(SdkHttp, ends_quietly_with_its_turn) {
    host.on_http("*", "").reply(200, "late").after(2s);
    const auto& turn = send({});
    host.cancel(turn.id);
    host.advance(5s);
    EXPECT_TRUE(turn.replies.empty());
    EXPECT_TRUE(send({.text = "again"}).open());
}

TEST(SdkHttpMissing, is_an_answer_too) {
    FakeHost host(plugin_of<Forwarder>, {.withheld = {PARLEY_EXT_HTTP}});
    ASSERT_TRUE(host.start().ok());
    EXPECT_EQ(host.send({}).text(), "bad 0 unsupported the host refused the request: unsupported");
}

}  // namespace
