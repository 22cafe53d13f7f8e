#include <gtest/gtest.h>

#include "app/doctor/number_check.hpp"
#include "fakes/answering_http_client.hpp"
#include "fakes/fake_clock.hpp"
#include "fakes/fake_phone_setup.hpp"
#include "unit/app/doctor_case.hpp"

namespace parley::doctor {
namespace {

using namespace test;

class DoctorNumberCheck : public testing::Test {
  protected:
    DoctorNumberCheck() {
        app.app_id = "600";
        app.app_secrets = {Secret("the app's secret")};
        deployment.deployment.id = DeploymentId("shop");
        deployment.deployment.channel = PhoneNumberId("111");
        deployment.deployment.access_token = Secret("EAAtoken-of-shop");
        deployment.deployment.waba_id = "2";
        meta.token_facts.is_valid = true;
        meta.token_facts.app_id = "600";
        meta.token_facts.scopes = {"whatsapp_business_messaging", "whatsapp_business_management"};
        meta.facts.display_number = "+91 98000 00100";
        meta.facts.verified_name = "Acme Cards";
        meta.facts.status = "CONNECTED";
        meta.facts.quality = "GREEN";
        meta.facts.code_verification = "VERIFIED";
        meta.facts.health = SendingHealth{"AVAILABLE", {{"PHONE_NUMBER", "111", "AVAILABLE", {}, {}}}};
        meta.subscriptions = {{"600", "Acme", ""}};
    }
    NumberAnswer examine() {
        AnsweringHttpClient http(
            [this](const HttpCall&) { return AnsweringHttpClient::reply(200, addresses); });
        GraphWebhookSettings webhooks({}, http);
        NumberAnswer answer = examine_number(deployment, &app, {meta, webhooks}, clock.wall());
        EXPECT_TRUE(every_trouble_has_a_remedy(answer.report)) << lines(answer.report);
        for (const char* secret : {"EAAtoken-of-shop", "the app's secret"})
            EXPECT_FALSE(has(answer.report, secret));
        return answer;
    }

    const FakeClock clock;
    AppConfig app;
    DeploymentConfig deployment;
    FakePhoneSetup meta;
    std::string addresses = R"({"webhook_configuration":{"application":"https://a.example/webhook"}})";
};

TEST_F(DoctorNumberCheck, passes_what_is_well) {
    const NumberAnswer answer = examine();
    EXPECT_EQ(lines(answer.report),
              "pass token shop: valid, without an end\n"
              "pass number shop: +91 98000 00100, \"Acme Cards\", CONNECTED, quality GREEN\n"
              "pass health shop: Meta lets it send\n"
              "pass subscription shop: the app gets the webhooks of account 2\n");
    EXPECT_EQ(meta.steps().front(), "inspect_token EAAtoken-of-shop");
}

TEST_F(DoctorNumberCheck, looks_at_a_token_in_the_apps_name_and_else_in_its_own) {
    meta.fail_next("inspect_token",
                   refuse_setup(Errc::unauthorized, "the app's secret is wrong", "correct it"));
    const NumberAnswer answer = examine();
    EXPECT_TRUE(has(answer.report, "pass token shop")) << lines(answer.report);
    EXPECT_EQ(meta.steps()[1], "inspect_token EAAtoken-of-shop");
    app.app_id.clear();
    EXPECT_EQ(examine().app_id, "600") << "as the token tells";
}

TEST_F(DoctorNumberCheck, asks_for_nothing_else_when_the_token_does_not_work) {
    meta.token_facts.is_valid = false;
    meta.token_facts.problem = "Session has expired on Friday";
    const NumberAnswer answer = examine();
    EXPECT_TRUE(
        has(answer.report, "fail token shop: Meta does not take the access token: Session has expired"));
    EXPECT_TRUE(has(answer.report, "skip number shop"));
    EXPECT_EQ(meta.steps().size(), 1U);

    app.app_id.clear();
    meta.fail_next("inspect_token", refuse_setup(Errc::unauthorized,
                                                 "the access token has expired or was revoked", "renew it"));
    EXPECT_TRUE(
        has(examine().report, "fail token shop: the access token has expired or was revoked → renew it"));
}

TEST_F(DoctorNumberCheck, counts_the_days_that_a_token_has_left) {
    meta.token_facts.expires = clock.wall() + std::chrono::hours(24 * 40);
    EXPECT_TRUE(has(examine().report, "pass token shop: valid, ends in 40 days"));
    meta.token_facts.data_expire = clock.wall() + std::chrono::hours(24 * 5 + 1);
    EXPECT_TRUE(has(examine().report, "warn token shop: ends at 2026-09-26T15:13Z, in 5 days"));
    meta.token_facts.expires = clock.wall() + std::chrono::hours(3);
    EXPECT_TRUE(has(examine().report, "within a day → the token that API Setup shows lasts hours only"));
    meta.token_facts.expires = clock.wall();
    EXPECT_TRUE(has(examine().report, "fail token shop: ended at 2026-09-21T14:13Z"));
}

TEST_F(DoctorNumberCheck, tells_what_a_token_lacks) {
    meta.token_facts.scopes = {"public_profile"};
    meta.token_facts.app_id = "601";
    const NumberAnswer answer = examine();
    EXPECT_TRUE(has(answer.report, "fail token shop: lacks the permission whatsapp_business_messaging"));
    EXPECT_TRUE(has(answer.report, "warn token shop: lacks the permission whatsapp_business_management"));
    EXPECT_TRUE(has(answer.report, "warn token shop: belongs to the app 601, the configuration says 600"));
}

TEST_F(DoctorNumberCheck, tells_a_number_that_cannot_send_and_why) {
    meta.facts.status = "PENDING";
    EXPECT_TRUE(has(examine().report, "PENDING: it cannot send → register it"));
    meta.facts.status = "BANNED";
    EXPECT_TRUE(has(examine().report, "BANNED: it cannot send → look at the number in WhatsApp Manager"));
    meta.fail_next("read_number", refuse_setup(Errc::not_found, "Meta has no such number", "check the id"));
    EXPECT_TRUE(has(examine().report, "fail number shop: Meta has no such number → check the id"));
}

TEST_F(DoctorNumberCheck, warns_of_what_lowers_limits) {
    meta.facts.quality = "RED";
    meta.facts.name_status = "DECLINED";
    meta.facts.account_mode = "SANDBOX";
    meta.facts.code_verification = "NOT_VERIFIED";
    const Report report = examine().report;
    EXPECT_TRUE(has(report, "warn number shop: +91 98000 00100, \"Acme Cards\", CONNECTED, quality RED"));
    EXPECT_TRUE(has(report, "display name is DECLINED"));
    EXPECT_TRUE(has(report, "is a test number"));
    EXPECT_TRUE(has(report, "is not verified by code"));
}

TEST_F(DoctorNumberCheck, passes_on_what_meta_says_and_advises) {
    meta.facts.health = SendingHealth{
        "BLOCKED",
        {{"PHONE_NUMBER", "111", "LIMITED", {}, {"Your display name has not been approved yet."}},
         {"WABA", "2", "BLOCKED", {{141006, "There is an error\nwith the payment method.", "Add one."}}, {}},
         {"BUSINESS", "5", "BLOCKED", {}, {}},
         {"APP", "6", "AVAILABLE", {}, {}}}};
    const Report report = examine().report;
    EXPECT_TRUE(has(report, "warn health shop: PHONE_NUMBER 111 is LIMITED: Your display name"));
    EXPECT_TRUE(has(
        report,
        "fail health shop: WABA 2 is BLOCKED: 141006 There is an error with the payment method. → Add one."))
        << lines(report);
    EXPECT_TRUE(has(report, "fail health shop: BUSINESS 5 is BLOCKED →"));
    EXPECT_FALSE(has(report, "Meta lets it send"));
}

TEST_F(DoctorNumberCheck, fails_where_the_app_is_not_subscribed) {
    meta.subscriptions = {{"999", "Another", ""}};
    EXPECT_TRUE(has(examine().report, "the app 600 is not subscribed to account 2: no message arrives"));
    meta.subscriptions.clear();
    const Report report = examine().report;
    EXPECT_TRUE(has(report, "/2/subscribed_apps`")) << lines(report);
}

TEST_F(DoctorNumberCheck, knows_the_account_from_the_token_and_where_its_messages_go) {
    deployment.deployment.waba_id.clear();
    meta.subscriptions.front().override_url = "https://bot.example.com/webhook";
    EXPECT_TRUE(has(examine().report, "skip subscription shop: its WhatsApp Business Account is not known"));
    meta.token_facts.granular_scopes = {{"whatsapp_business_messaging", {"77"}}};
    const NumberAnswer answer = examine();
    EXPECT_TRUE(has(answer.report, "webhooks of account 77, at https://bot.example.com/webhook"));
    EXPECT_EQ(answer.url, "https://a.example/webhook") << "as the number itself tells";
    addresses = "{}";
    EXPECT_EQ(examine().url, "https://bot.example.com/webhook");
    addresses = R"({"webhook_configuration":{"phone_number":"https://n.example/webhook"}})";
    EXPECT_TRUE(has(examine().report, "has an address of its own: https://n.example/webhook"));
}

}  // namespace
}  // namespace parley::doctor
