#include <gtest/gtest.h>

#include "app/doctor/app_check.hpp"
#include "fakes/answering_http_client.hpp"
#include "unit/app/doctor_case.hpp"

namespace parley::doctor {
namespace {

using namespace test;

class DoctorAppCheck : public testing::Test {
  protected:
    DoctorAppCheck() {
        app.id = AppId("default");
        app.app_secrets = {Secret("s3cret-of-the-app")};
    }
    AppAnswer examine(HttpOutcome outcome, const std::string& app_id = "600") {
        AnsweringHttpClient http([&](const HttpCall& call) {
            asked = call.method + " " + call.url;
            token = call.headers.front().second;
            return outcome;
        });
        GraphWebhookSettings meta({.graph_url = "https://graph.example"}, http);
        AppAnswer answer = examine_app(app, app_id, whatsapp, meta);
        EXPECT_TRUE(every_trouble_has_a_remedy(answer.report)) << lines(answer.report);
        EXPECT_FALSE(has(answer.report, "s3cret-of-the-app"));
        return answer;
    }
    static HttpOutcome webhook(const std::string& fields, const std::string& more = "") {
        return AnsweringHttpClient::reply(
            200, R"({"data":[{"object":"page"},{"object":"whatsapp_business_account",)"
                 R"("callback_url":"https://bot.example.com/webhook","fields":[)" +
                     fields + "]" + more + "}]}");
    }

    AppConfig app;
    WhatsappConfig whatsapp;
    std::string asked, token;
};

TEST_F(DoctorAppCheck, finds_the_webhook_with_its_messages) {
    const AppAnswer answer = examine(
        webhook(R"({"name":"account_update","version":"v25.0"},{"name":"messages","version":"v25.0"})",
                R"(,"active":true)"));
    EXPECT_EQ(lines(answer.report),
              "pass app default: Meta posts messages to https://bot.example.com/webhook\n");
    EXPECT_EQ(answer.callback_url, "https://bot.example.com/webhook");
    EXPECT_EQ(asked, "GET https://graph.example/v25.0/600/subscriptions");
    EXPECT_EQ(token, "Bearer 600|s3cret-of-the-app");
}

TEST_F(DoctorAppCheck, fails_without_messages_without_a_webhook_and_when_it_is_off) {
    EXPECT_TRUE(has(examine(webhook(R"("account_update")")).report, "the field messages is not subscribed"));
    EXPECT_TRUE(
        has(examine(AnsweringHttpClient::reply(200, R"({"data":[]})")).report, "no WhatsApp webhook"));
    EXPECT_TRUE(
        has(examine(webhook(R"("messages")", R"(,"active":false)")).report, "switched its webhook off"));
}

TEST_F(DoctorAppCheck, tells_that_the_secret_is_not_the_apps) {
    const AppAnswer answer = examine(AnsweringHttpClient::reply(
        400, R"({"error":{"message":"Invalid token signature: 600|s3cret-of-the-app","code":190}})"));
    EXPECT_TRUE(has(answer.report, "fail app default: Meta does not take its secret for the app 600"));
    EXPECT_TRUE(has(answer.report, "***")) << lines(answer.report);
}

TEST_F(DoctorAppCheck, compares_with_the_address_that_the_file_names) {
    whatsapp.webhook_base_url = "https://other.example.com";
    EXPECT_TRUE(has(examine(webhook(R"("messages")")).report,
                    "warn app default: Meta posts to https://bot.example.com/webhook, while"));
}

TEST_F(DoctorAppCheck, asks_nothing_without_the_apps_id) {
    const AppAnswer answer = examine(webhook(""), "");
    EXPECT_EQ(asked, "");
    EXPECT_TRUE(has(answer.report, "skip app default: its id is not known"));
}

}  // namespace
}  // namespace parley::doctor
