// The format whatsapp: what the bot gets is what Meta would have sent, and it waits in the host until it is accepted.
#include <nlohmann/json.hpp>

#include "fixture.hpp"
#include "webhook_signature.hpp"

namespace forwarder::tests {
namespace {

using Json = nlohmann::ordered_json;

const std::string coffee =
    R"({"message_id":"wamid.A","from":"+919800000001","content":"50% of café/bar <a@b> & more 😀",)"
    R"("message_type":"text","timestamp":"2026-09-21T14:13:20Z","context":null,)"
    R"("business_info":{"name":"Jupiter","phone":"+918000000000"},)"
    R"("metadata":{"deployment_id":"edge","account_id":"edge"},"user_id":"IN.4812","profile_name":"Asha",)"
    R"("origin":{"waba_id":"200","phone_number_id":"300","contacts":[{"profile":{"name":"Asha"},"wa_id":"919800000001"}]},)"
    R"("message":{"from":"919800000001","id":"wamid.A","timestamp":"1790000000","type":"text",)"
    R"("text":{"body":"50% of café/bar <a@b> & more 😀"}}})";

const std::string failed_status =
    R"({"event":"status","message_id":"wamid.OUT","from":"+919800000001","content":"","message_type":"delivered",)"
    R"("timestamp":"2026-09-21T14:13:20Z","context":null,"business_info":{"name":"J","phone":"+918000000000"},)"
    R"("metadata":{"deployment_id":"edge","account_id":"edge"},"user_id":"","profile_name":"",)"
    R"("origin":{"waba_id":"200","phone_number_id":"300"},)"
    R"("message":{"id":"wamid.OUT","status":"delivered","timestamp":"1790000000","recipient_id":"919800000001",)"
    R"("biz_opaque_callback_data":"p1.01"})";

class WhatsappFormat : public ForwarderTest {
  protected:
    void start_whatsapp(const std::string& more = R"("app_secret":"bot-secret")") {
        start_with(R"("format":"whatsapp",)" + more);
    }
    std::string header(const std::string& name) const {
        const auto& headers = host.http_requests().back().headers;
        const auto found = headers.find(name);
        return found == headers.end() ? std::string() : found->second;
    }
};

TEST_F(WhatsappFormat, is_metas_envelope_with_metas_escapes_and_the_bots_signature) {
    start_whatsapp();
    bot().reply(200, "ignored");
    const auto& turn = forward(coffee);
    EXPECT_TRUE(turn.committed());
    EXPECT_TRUE(turn.replies.empty());
    const std::string body = host.http_requests().back().body;
    EXPECT_EQ(
        body,
        R"({"object":"whatsapp_business_account","entry":[{"id":"200","changes":[{"value":{"messaging_product":"whatsapp",)"
        R"("metadata":{"display_phone_number":"918000000000","phone_number_id":"300"},)"
        R"("contacts":[{"profile":{"name":"Asha"},"wa_id":"919800000001"}],)"
        R"("messages":[{"from":"919800000001","id":"wamid.A","timestamp":"1790000000","type":"text",)"
        R"("text":{"body":"50\u0025 of caf\u00e9\/bar \u003ca\u0040b\u003e \u0026 more \ud83d\ude00"}}]},)"
        R"("field":"messages"}]}]})");
    EXPECT_EQ(header("X-Hub-Signature-256"), sign_as_meta("bot-secret", body));
}

TEST_F(WhatsappFormat, signs_as_meta_does) {
    // The vector of Meta's own scheme, from another implementation.
    EXPECT_EQ(
        sign_as_meta("0f1e2d3c4b5a69788796a5b4c3d2e1f0",
                     R"({"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"value":{"b":)"
                     R"("caf\u00e9 \ud83d\ude00 a\u0040b.in 10\u0025 \/x"},"field":"messages"}]}]})"),
        "sha256=525f1404216ffbbbe4370292b8df2019b07542db62df0aa07178d8509f3a92dc");
}

TEST_F(WhatsappFormat, shows_a_status_as_its_bot_knows_the_message) {
    start_whatsapp();
    bot().reply(200, "");
    send({.type = "delivered", .message_json = failed_status + "}", .kind = PARLEY_EVENT_STATUS});
    Json status =
        Json::parse(host.http_requests().back().body)["entry"][0]["changes"][0]["value"]["statuses"][0];
    EXPECT_EQ(status["id"], "wamid.OUT");
    EXPECT_FALSE(status.contains("biz_opaque_callback_data")) << "the engine's own";
    send({.type = "delivered",
          .message_json = failed_status + R"(,"callback":"order 7","provisional_id":"wamid.early"})",
          .kind = PARLEY_EVENT_STATUS});
    status = Json::parse(host.http_requests().back().body)["entry"][0]["changes"][0]["value"]["statuses"][0];
    EXPECT_EQ(status["id"], "wamid.early");
    EXPECT_EQ(status["biz_opaque_callback_data"], "order 7");
}

TEST_F(WhatsappFormat, waits_in_the_host_whatever_the_bot_answers_instead_of_2xx) {
    start_whatsapp();
    bot().reply(500).then(404).then(302).fail(PARLEY_INTERNAL, "connection refused").then(204, "");
    for (int attempt = 0; attempt < 4; ++attempt) {
        const auto& turn = forward(coffee);
        ASSERT_TRUE(turn.finished);
        ASSERT_TRUE(turn.postponed_ms) << attempt;
        EXPECT_GE(*turn.postponed_ms, 400u);
        EXPECT_LE(*turn.postponed_ms, 600u);
    }
    EXPECT_TRUE(forward(coffee).committed());
}

TEST_F(WhatsappFormat, waits_as_long_as_the_bot_asks) {
    start_whatsapp();
    bot().reply(503, "", R"({"retry-after":"90"})");
    EXPECT_EQ(forward(coffee).postponed_ms, 90'000u);
}

TEST_F(WhatsappFormat, spares_a_bot_that_is_down) {
    start_whatsapp();
    bot().fail(PARLEY_INTERNAL, "connection refused");
    for (int n = 0; n < 20; ++n) {
        const auto& turn = send({.text = "x", .sender = std::to_string(9000 + n), .message_json = coffee});
        ASSERT_TRUE(turn.postponed_ms);
    }
    EXPECT_EQ(tries(), 5u) << "then the circuit is open";
    host.advance(seconds(2));
    send({.text = "x", .sender = "9100", .message_json = coffee});
    send({.text = "x", .sender = "9101", .message_json = coffee});
    EXPECT_EQ(tries(), 6u) << "one asks whether it is back";
}

TEST_F(WhatsappFormat, one_conversation_that_fails_stops_nobody_else) {
    start_whatsapp();
    bot().reply(500);
    for (int n = 0; n < 20; ++n) EXPECT_TRUE(forward(coffee).postponed_ms);
    EXPECT_EQ(tries(), 20u);
}

TEST_F(WhatsappFormat, refuses_the_keys_of_the_other_format) {
    EXPECT_NE(host.start(R"({"url":"https://bot.test/","format":"whatsapp","secret":"s"})")
                  .error.find("secret: belongs"),
              std::string::npos);
    EXPECT_NE(host.start(R"({"url":"https://bot.test/","retry_for":"1h"})").error.find("retry_for: belongs"),
              std::string::npos);
    EXPECT_NE(host.start(R"({"url":"https://bot.test/","format":"whatsapp","retry_for":"soon"})")
                  .error.find("retry_for: expected"),
              std::string::npos);
    EXPECT_NE(host.start(R"({"url":"https://bot.test/","format":"whatsapp","app_secret":["hunter2"]})")
                  .error.find("app_secret: expected a text"),
              std::string::npos);
}

}  // namespace
}  // namespace forwarder::tests
