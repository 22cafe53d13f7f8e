// The simulator over real sockets: Graph and control calls, long polls, cut connections, retries to a real
// webhook.
#include "simulator/simulator.hpp"

#include <future>

#include <gtest/gtest.h>

#include "fakes/fake_clock.hpp"
#include "fakes/fake_http_client.hpp"
#include "fakes/fake_random.hpp"
#include "net/curl_client.hpp"

namespace parley {
namespace {

using sim::Json;

constexpr std::chrono::seconds patience{20};

HttpCall request(const std::string& method, const std::string& url, const Json& body = nullptr) {
    HttpCall call;
    call.method = method;
    call.url = url;
    call.headers = {{"Authorization", "Bearer token"}, {"Content-Type", "application/json"}};
    if (!body.is_null()) call.body = body.dump();
    return call;
}

Json text_message(const std::string& to = "+919800000001") {
    return {{"messaging_product", "whatsapp"}, {"to", to}, {"type", "text"}, {"text", {{"body", "Hello"}}}};
}

SimulatorOptions options() {
    SimulatorOptions made;
    made.webhook_url = "http://webhook.test/webhook";
    made.app_secret = Secret("app secret");
    made.numbers = {{"111", "15550001111", "w1", "", "Cards"}};
    made.own_thread = false;
    return made;
}

// Time moves by hand; webhooks go to a fake client.
class SimulatorTest : public ::testing::Test {
  protected:
    void start(SimulatorOptions made = options()) {
        simulator_ = std::make_unique<Simulator>(std::move(made), clock_, random_, webhook_);
        ASSERT_TRUE(simulator_->start());
    }
    std::future<HttpOutcome> open(HttpCall call) {
        auto promise = std::make_shared<std::promise<HttpOutcome>>();
        auto future = promise->get_future();
        client_.start(std::move(call),
                      [promise](HttpOutcome outcome) { promise->set_value(std::move(outcome)); });
        return future;
    }
    HttpOutcome exchange(HttpCall call) {
        auto future = open(std::move(call));
        if (future.wait_for(patience) != std::future_status::ready) return {};
        return future.get();
    }
    HttpReply reply(const std::string& method, const std::string& path, const Json& body = nullptr) {
        const HttpOutcome outcome = exchange(request(method, simulator_->url() + path, body));
        EXPECT_TRUE(outcome.reply) << outcome.failure.reason;
        return outcome.reply.value_or(HttpReply{});
    }

    FakeClock clock_;
    FakeRandom random_;
    FakeHttpClient webhook_;
    CurlClient client_{CurlOptions{}};
    std::unique_ptr<Simulator> simulator_;
};

TEST_F(SimulatorTest, answers_graph_calls) {
    start();
    const HttpReply sent = reply("POST", "/v25.0/111/messages", text_message());
    EXPECT_EQ(sent.status, 200) << sent.body;
    EXPECT_EQ(reply("GET", "/v25.0/111").status, 200);
    EXPECT_EQ(Json::parse(reply("GET", "/v25.0/111").body)["quality_rating"], "GREEN");
    HttpCall anonymous = request("POST", simulator_->url() + "/v25.0/111/messages", text_message());
    anonymous.headers.clear();
    const HttpOutcome refused = exchange(std::move(anonymous));
    ASSERT_TRUE(refused.reply);
    EXPECT_EQ(refused.reply->status, 401);
    EXPECT_NE(refused.reply->header("www-authenticate").find("invalid_token"), std::string::npos);
    EXPECT_EQ(Json::parse(refused.reply->body)["error"]["code"], 190);
}

TEST_F(SimulatorTest, posts_signed_webhooks_when_stepped) {
    start();
    EXPECT_EQ(reply("POST", "/sim/messages", {{"from", "919800000001"}, {"text", "Hi"}}).status, 200);
    simulator_->step(clock_.mono());
    const auto call = webhook_.wait_for_call(1);
    ASSERT_TRUE(call);
    EXPECT_EQ(call->second.url, "http://webhook.test/webhook");
    std::string signature;
    for (const auto& [name, value] : call->second.headers) {
        if (name == "X-Hub-Signature-256") signature = value;
    }
    EXPECT_EQ(signature, "sha256=" + to_hex(HmacSha256(Secret("app secret")).mac(call->second.body)));
    ASSERT_TRUE(webhook_.answer(call->first, 500, "no"));
    simulator_->step(clock_.mono());
    const auto again = webhook_.wait_for_call(2);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->second.body, call->second.body);
    ASSERT_TRUE(webhook_.answer(again->first, 200, ""));
    EXPECT_TRUE(simulator_->cloud().wait_idle(patience));
}

TEST_F(SimulatorTest, verifies_the_webhook_until_the_challenge_comes_back) {
    SimulatorOptions made = options();
    made.verify_token = "a&b c";
    start(made);
    simulator_->step(clock_.mono());
    const auto first = webhook_.wait_for_call(1);
    ASSERT_TRUE(first);
    EXPECT_NE(first->second.url.find("hub.verify_token=a%26b%20c"), std::string::npos);
    ASSERT_TRUE(webhook_.answer(first->first, 403, ""));
    EXPECT_EQ(simulator_->cloud().state("", 1)["webhooks"]["verification"]["state"], "refused");
    clock_.advance(Millis{30'000});
    simulator_->step(clock_.mono());
    const auto second = webhook_.wait_for_call(2);
    ASSERT_TRUE(second);
    const std::string mark = "hub.challenge=";
    const auto from = second->second.url.find(mark) + mark.size();
    const std::string challenge = second->second.url.substr(from, second->second.url.find('&', from) - from);
    ASSERT_TRUE(webhook_.answer(second->first, 200, challenge));
    EXPECT_EQ(simulator_->cloud().state("", 1)["webhooks"]["verification"]["state"], "verified");
    clock_.advance(Millis{60'000});
    simulator_->step(clock_.mono());
    EXPECT_EQ(webhook_.started_calls(), 2U);
}

TEST_F(SimulatorTest, shakes_hands_with_a_webhook_of_an_accounts_own) {
    start();
    const Json wanted{{"override_callback_uri", "https://own.test/hook"}, {"verify_token", "own token"}};
    const auto subscribe = [&](int status, bool echo) {
        const std::size_t calls = webhook_.started_calls();
        auto answer = open(request("POST", simulator_->url() + "/v25.0/w1/subscribed_apps", wanted));
        const auto asked = webhook_.wait_for_call(calls + 1);
        EXPECT_TRUE(asked && asked->second.url.starts_with("https://own.test/hook?hub.mode=subscribe&"));
        EXPECT_TRUE(asked->second.url.ends_with("&hub.verify_token=own%20token"));
        EXPECT_EQ(answer.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
        const std::string mark = "hub.challenge=";
        const auto from = asked->second.url.find(mark) + mark.size();
        const std::string challenge =
            asked->second.url.substr(from, asked->second.url.find('&', from) - from);
        webhook_.answer(asked->first, status, echo ? challenge : "hello");
        return answer.wait_for(patience) == std::future_status::ready ? answer.get().reply->body : "";
    };
    EXPECT_EQ(Json::parse(subscribe(403, true))["error"]["code"], 2200);
    EXPECT_EQ(Json::parse(subscribe(200, false))["error"]["code"], 2200);
    EXPECT_EQ(subscribe(200, true), R"({"success":true})");

    reply("POST", "/sim/messages", {{"from", "919800000001"}, {"text", "Hi"}});
    simulator_->step(clock_.mono());
    const auto post = webhook_.wait_for_call(4);
    ASSERT_TRUE(post);
    EXPECT_EQ(post->second.method, "POST");
    EXPECT_EQ(post->second.url, "https://own.test/hook");
    webhook_.answer(post->first, 200, "");
}

TEST_F(SimulatorTest, shows_codes_and_takes_facts_of_numbers) {
    start();
    const std::string id =
        Json::parse(reply("POST", "/v25.0/w1/phone_numbers",
                          {{"cc", "91"}, {"phone_number", "9800000100"}, {"verified_name", "Acme"}})
                        .body)["id"];
    EXPECT_EQ(reply("POST", "/v25.0/" + id + "/request_code?code_method=SMS&language=de").status, 200);
    const Json code = Json::parse(reply("GET", "/sim/codes").body)["codes"][0];
    EXPECT_EQ(code["phone_number_id"], id);
    EXPECT_EQ(reply("POST", "/v25.0/" + id + "/verify_code?code=" + code["code"].get<std::string>()).status,
              200);
    EXPECT_EQ(
        reply("PUT", "/sim/numbers", {{"phone_number_id", id}, {"facts", {{"status", "BANNED"}}}}).status,
        200);
    EXPECT_EQ(Json::parse(reply("GET", "/v25.0/" + id + "?fields=status").body)["status"], "BANNED");
    EXPECT_EQ(reply("PUT", "/sim/numbers", {{"phone_number_id", id}}).status, 400);
    EXPECT_EQ(reply("GET", "/v25.0/debug_token?input_token=x").status, 200);
}

TEST_F(SimulatorTest, holds_a_poll_until_something_happens) {
    start();
    auto poll = open(request("GET", simulator_->url() + "/sim/events?after=0&wait=25"));
    // The poll has reached the simulator before the message, because both use the same io thread in turn.
    EXPECT_EQ(reply("GET", "/sim/state").status, 200);
    simulator_->step(clock_.mono());
    EXPECT_EQ(reply("POST", "/sim/messages", {{"from", "919800000001"}, {"text", "Hi"}}).status, 200);
    std::future_status status = std::future_status::timeout;
    for (int i = 0; i < 1000 && status != std::future_status::ready; ++i) {
        simulator_->step(clock_.mono());
        status = poll.wait_for(std::chrono::milliseconds(20));
    }
    ASSERT_EQ(status, std::future_status::ready);
    const HttpOutcome outcome = poll.get();
    ASSERT_TRUE(outcome.reply);
    EXPECT_EQ(Json::parse(outcome.reply->body)["messages"].size(), 1U);
}

TEST_F(SimulatorTest, ends_a_poll_without_news_when_its_wait_is_over) {
    start();
    auto poll = open(request("GET", simulator_->url() + "/sim/events?after=0&wait=25"));
    std::future_status status = std::future_status::timeout;
    for (int i = 0; i < 1000 && status != std::future_status::ready; ++i) {
        clock_.advance(Millis{1000});
        simulator_->step(clock_.mono());
        status = poll.wait_for(std::chrono::milliseconds(20));
    }
    ASSERT_EQ(status, std::future_status::ready);
    const HttpOutcome outcome = poll.get();
    ASSERT_TRUE(outcome.reply);
    EXPECT_TRUE(Json::parse(outcome.reply->body)["messages"].empty());
}

TEST_F(SimulatorTest, cuts_the_connection_before_or_after_accepting) {
    start();
    ASSERT_EQ(reply("POST", "/sim/faults", Json::parse(R"([{"cut":"before"},{"cut":"after"}])")).status, 200);
    for (std::uint64_t accepted = 0; accepted < 2; ++accepted) {
        const HttpOutcome outcome =
            exchange(request("POST", simulator_->url() + "/v25.0/111/messages", text_message()));
        EXPECT_FALSE(outcome.reply);
        EXPECT_EQ(outcome.failure.kind, HttpFailure::Kind::in_doubt) << outcome.failure.reason;
        EXPECT_EQ(simulator_->cloud().accepted(), accepted);
    }
    EXPECT_EQ(reply("POST", "/v25.0/111/messages", text_message()).status, 200);
}

TEST_F(SimulatorTest, delays_an_answer_as_scripted) {
    start();
    ASSERT_EQ(reply("POST", "/sim/faults", {{"delay_ms", 5000}}).status, 200);
    auto sent = open(request("POST", simulator_->url() + "/v25.0/111/messages", text_message()));
    ASSERT_TRUE(simulator_->cloud().wait_accepted(1, patience));
    simulator_->step(clock_.mono());
    EXPECT_EQ(sent.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
    std::future_status status = std::future_status::timeout;
    for (int i = 0; i < 1000 && status != std::future_status::ready; ++i) {
        clock_.advance(Millis{5000});
        simulator_->step(clock_.mono());
        status = sent.wait_for(std::chrono::milliseconds(20));
    }
    ASSERT_EQ(status, std::future_status::ready);
    EXPECT_EQ(sent.get().reply.value_or(HttpReply{}).status, 200);
}

TEST_F(SimulatorTest, says_what_is_wrong_with_a_control_call) {
    start();
    EXPECT_EQ(reply("POST", "/sim/messages", {{"text", "Hi"}}).status, 400);
    EXPECT_EQ(
        reply("POST", "/sim/messages", {{"from", "91"}, {"text", "Hi"}, {"phone_number_id", "5"}}).status,
        404);
    EXPECT_NE(reply("PUT", "/sim/behaviour", {{"colour", 1}}).body.find("colour"), std::string::npos);
    HttpCall broken = request("POST", simulator_->url() + "/sim/faults");
    broken.body = "{";
    EXPECT_EQ(exchange(std::move(broken)).reply.value_or(HttpReply{}).status, 400);
    HttpCall foreign = request("POST", simulator_->url() + "/sim/reset", Json::object());
    foreign.headers.emplace_back("Origin", "https://evil.test");
    EXPECT_EQ(exchange(std::move(foreign)).reply.value_or(HttpReply{}).status, 403);
}

TEST_F(SimulatorTest, resets_and_tells_its_state) {
    start();
    reply("POST", "/v25.0/111/messages", text_message());
    EXPECT_EQ(Json::parse(reply("GET", "/sim/state?to=919800000001")
                              .body)["sends"]["recipients"]["919800000001"]["accepted"],
              1);
    EXPECT_EQ(reply("POST", "/sim/reset").status, 200);
    EXPECT_EQ(Json::parse(reply("GET", "/sim/state").body)["sends"]["accepted"], 0);
    EXPECT_EQ(reply("POST", "/sim/faults", {{"http_status", 503}}).status, 200);
    EXPECT_EQ(reply("DELETE", "/sim/faults").status, 200);
    EXPECT_EQ(reply("POST", "/v25.0/111/messages", text_message()).status, 200);
}

TEST_F(SimulatorTest, serves_the_page_with_a_policy_that_allows_no_foreign_content) {
    start();
    for (const char* path : {"/", "/phone", "/page/app.js", "/page/style.css"}) {
        const HttpReply page = reply("GET", path);
        EXPECT_EQ(page.status, 200) << path;
        EXPECT_NE(page.header("content-security-policy").find("default-src 'none'"), std::string::npos)
            << path;
        EXPECT_GT(page.body.size(), 100U) << path;
    }
    EXPECT_EQ(reply("GET", "/page/../simulator.cpp").status, 404);
}

TEST_F(SimulatorTest, cancels_open_webhooks_when_it_stops) {
    start();
    ASSERT_TRUE(simulator_->cloud().user_message({{"from", "919800000001"}, {"text", "Hi"}}));
    simulator_->step(clock_.mono());
    ASSERT_TRUE(webhook_.wait_for_call(1));
    simulator_->stop();
    EXPECT_EQ(webhook_.cancelled_calls(), 1U);
    EXPECT_EQ(webhook_.open_calls(), 0U);
}

// With its own thread and real time: a webhook that is down twice gets the message in the end.
TEST(SimulatorThread, repeats_a_webhook_until_it_is_answered_200) {
    SystemClock clock;
    SystemRandom random;
    CurlClient client{CurlOptions{}};
    std::atomic<int> posts{0};
    HttpServerOptions server_options;
    server_options.listen = "127.0.0.1:0";
    HttpServer webhook(server_options, [&](const HttpRequest&, Responder respond) {
        respond(HttpResponse::text(++posts < 3 ? 503 : 200, ""));
    });
    ASSERT_TRUE(webhook.start());
    SimulatorOptions made = options();
    made.own_thread = true;
    made.webhook_url = "http://127.0.0.1:" + std::to_string(webhook.port()) + "/webhook";
    made.behaviour.retry_first = Millis{10};
    Simulator simulator(made, clock, random, client);
    ASSERT_TRUE(simulator.start());
    ASSERT_TRUE(simulator.cloud().user_message({{"from", "919800000001"}, {"text", "Hi"}}));
    EXPECT_TRUE(simulator.cloud().wait_idle(patience));
    EXPECT_EQ(posts.load(), 3);
    EXPECT_EQ(simulator.cloud().state("", 1)["webhooks"]["retried"], 2);
}

}  // namespace
}  // namespace parley
