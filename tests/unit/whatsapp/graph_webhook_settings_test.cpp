#include "whatsapp/graph_webhook_settings.hpp"

#include <gtest/gtest.h>

#include "fakes/fake_http_client.hpp"

namespace parley {
namespace {

struct GraphWebhookSettingsTest : testing::Test {
    FakeHttpClient http;
    GraphWebhookSettings meta{{.graph_url = "https://graph.example/"}, http};
    std::optional<SetupResult<std::optional<AppWebhook>>> answer;

    void read(const std::string& app_id, int status, const std::string& body) {
        answer.reset();
        meta.of_app(app_id, Secret("s3cret"), [this](auto result) { answer.emplace(std::move(result)); });
        http.answer(http.started_calls(), status, body);
    }
};

TEST_F(GraphWebhookSettingsTest, reads_the_webhook_of_whatsapp_among_others) {
    read("600", 200,
         R"({"data":[{"object":"user","callback_url":"https://a"},{"object":"whatsapp_business_account",
             "callback_url":"https://b","active":true,"fields":[{"name":"messages","version":"v25.0"},"calls"]}]})");
    const HttpCall call = http.wait_for_call(1)->second;
    EXPECT_EQ(call.url, "https://graph.example/v25.0/600/subscriptions");
    EXPECT_EQ(call.headers.front().second, "Bearer 600|s3cret");
    ASSERT_TRUE(answer && *answer && **answer);
    EXPECT_EQ((***answer).callback_url, "https://b");
    EXPECT_EQ((***answer).fields, (std::vector<std::string>{"messages", "calls"}));
    EXPECT_TRUE((***answer).is_active);
}

TEST_F(GraphWebhookSettingsTest, tells_an_app_without_one) {
    read("600", 200, R"({"data":[{"object":"user"}]})");
    ASSERT_TRUE(answer && *answer);
    EXPECT_FALSE((**answer).has_value());
    read("600", 200, R"({"data":7})");
    EXPECT_FALSE((**answer).has_value());
}

TEST_F(GraphWebhookSettingsTest, keeps_the_secret_out_of_what_went_wrong) {
    read("600", 400, R"({"error":{"message":"bad 600|s3cret, so s3cret","code":190}})");
    ASSERT_TRUE(answer && answer->has_error());
    EXPECT_EQ(answer->error().kind, Errc::unauthorized);
    EXPECT_EQ(answer->error().reason.find("s3cret"), std::string::npos) << answer->error().reason;
}

TEST_F(GraphWebhookSettingsTest, calls_nobody_for_an_id_that_is_none) {
    read("6/0", 200, "{}");
    EXPECT_EQ(http.started_calls(), 0U);
    EXPECT_EQ(answer->error().kind, Errc::invalid_input);
}

TEST_F(GraphWebhookSettingsTest, reads_where_the_messages_of_a_number_go) {
    std::optional<SetupResult<NumberWebhooks>> urls;
    const auto ask = [&](const std::string& body) {
        meta.of_number(PhoneNumberId("111"), Secret("EAAtoken"),
                       [&](auto result) { urls.emplace(std::move(result)); });
        http.answer(http.started_calls(), 200, body);
        return urls->value().effective();
    };
    EXPECT_EQ(ask(R"({"webhook_configuration":{"application":"https://a"},"id":"111"})"), "https://a");
    EXPECT_EQ(http.wait_for_call(1)->second.url,
              "https://graph.example/v25.0/111?fields=webhook_configuration");
    EXPECT_EQ(
        ask(R"({"webhook_configuration":{"application":"https://a","whatsapp_business_account":"https://w"}})"),
        "https://w");
    EXPECT_EQ(
        ask(R"({"webhook_configuration":{"phone_number":"https://n","whatsapp_business_account":"https://w"}})"),
        "https://n");
    EXPECT_EQ(ask(R"({"id":"111"})"), "");
    meta.of_number(PhoneNumberId("../me"), Secret("EAAtoken"),
                   [&](auto result) { urls.emplace(std::move(result)); });
    EXPECT_EQ(urls->error().kind, Errc::invalid_input);
    EXPECT_EQ(http.started_calls(), 4U);
}

}  // namespace
}  // namespace parley
