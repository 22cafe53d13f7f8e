#include "whatsapp/canonical_message.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "unit/whatsapp/samples.hpp"
#include "whatsapp/followup_item.hpp"
#include "whatsapp/webhook_parser.hpp"

namespace parley {
namespace {

using nlohmann::json;
using samples::receipt;

Deployment jupiter() {
    Deployment deployment;
    deployment.id = DeploymentId("jupiter-edge");
    deployment.channel = PhoneNumberId("300000000000001");
    return deployment;
}

WebhookItem first_item(const std::string& body) {
    auto batch = parse_webhook(body, receipt);
    return batch && !batch->items.empty() ? std::move(batch->items.front()) : WebhookItem{};
}

json canonical(const std::string& sample) {
    return json::parse(to_canonical(first_item(samples::load(sample)), jupiter()));
}

json schema_document() {
    std::ifstream file(std::filesystem::path(PARLEY_SOURCE_DIR) / "docs/canonical-message.schema.json");
    return json::parse(file);
}

class Schema {
  public:
    Schema() {
        const json document = schema_document();
        valijson::SchemaParser parser;
        parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(document), schema_);
    }
    // The first complaint, or nothing.
    std::string complaint(const json& document) const {
        valijson::Validator validator;
        valijson::ValidationResults results;
        if (validator.validate(schema_, valijson::adapters::NlohmannJsonAdapter(document), &results))
            return {};
        valijson::ValidationResults::Error error;
        std::string text;
        while (results.popError(error)) {
            for (const auto& step : error.context) text += step;
            text += ": " + error.description + "; ";
        }
        return text.empty() ? "invalid" : text;
    }

  private:
    valijson::Schema schema_;
};

TEST(CanonicalMessage, of_a_followup_says_what_the_agent_gave) {
    auto item = read_followup(
        R"({"followup":{"key":"nudge \"1\"","payload":{"step":{"n":1}}},"scheduled_at":1790000000000,)"
        R"("due":1790003600000,"wa_id":"919800000001","user_id":"IN.1","name":"Asha"})");
    ASSERT_TRUE(item) << item.error().message();
    item->channel = jupiter().channel;
    item->waba_id = "w1";
    const json message = json::parse(to_canonical(*item, jupiter()));
    EXPECT_EQ(Schema().complaint(message), "");
    EXPECT_EQ(message["event"], "followup");
    EXPECT_EQ(message["message_type"], "followup");
    EXPECT_EQ(message["content"], "nudge \"1\"");
    EXPECT_EQ(message["from"], "+919800000001");
    EXPECT_EQ(message["timestamp"], "2026-09-21T15:13:20Z");
    EXPECT_EQ(message["followup"], (json{{"key", "nudge \"1\""},
                                         {"payload", {{"step", {{"n", 1}}}}},
                                         {"scheduled_at", "2026-09-21T14:13:20Z"}}));
    EXPECT_EQ(item->message->kind, EventKind::followup);
    EXPECT_TRUE(item->message->is_note) << "nobody expects an answer, so nobody gets the fallback";
}

TEST(CanonicalMessage, of_a_followup_that_cannot_be_read_is_an_error) {
    for (const char* broken : {"", "{", "{}", R"({"due":1})", R"({"followup":{},"due":"x"})"})
        EXPECT_EQ(read_followup(broken).error().code(), Errc::corrupt) << broken;
}

TEST(CanonicalMessage, has_the_seeds_names) {
    const json message = canonical("button_reply");
    EXPECT_EQ(message["message_id"], "wamid.HBgM0013");
    EXPECT_EQ(message["from"], "+919800000001");
    EXPECT_EQ(message["content"], "Apply");
    EXPECT_EQ(message["message_type"], "interactive");
    EXPECT_EQ(message["timestamp"], "2026-09-21T14:13:33Z");
    EXPECT_EQ(message["context"], (json{{"message_id", "wamid.OUT1"}, {"from", "+15550001111"}}));
    EXPECT_EQ(message["business_info"], (json{{"name", "jupiter-edge"}, {"phone", "+15550001111"}}));
    EXPECT_EQ(message["metadata"], (json{{"deployment_id", "jupiter-edge"}, {"account_id", "jupiter-edge"}}));
    EXPECT_EQ(message["profile_name"], "Asha");
    EXPECT_EQ(message["user_id"], "");
    EXPECT_EQ(message["origin"]["contacts"][0]["profile"]["name"], "Asha");
    EXPECT_FALSE(message["origin"]["waba_id"].get<std::string>().empty());
    EXPECT_FALSE(message["origin"]["phone_number_id"].get<std::string>().empty());
}

TEST(CanonicalMessage, carries_the_native_object_byte_for_byte) {
    const std::string native =
        R"({"from":"919800000001", "id":"w","timestamp":"1790000000","type":"text","text":{"body":"caf\u00e9 \/x"}})";
    const WebhookItem item = first_item(samples::envelope(samples::messages_of("3", native)));
    const std::string text = to_canonical(item, jupiter());
    EXPECT_TRUE(text.ends_with(R"("message":)" + native + "}")) << text;
    EXPECT_EQ(json::parse(text)["content"], "caf\u00e9 /x");
}

TEST(CanonicalMessage, tells_what_is_missing_by_null_or_nothing) {
    const json nameless = canonical("user_id_only");
    EXPECT_TRUE(nameless["from"].is_null());
    EXPECT_EQ(nameless["user_id"], "IN.48120000000000000001");
    EXPECT_TRUE(nameless["context"].is_null());
    EXPECT_TRUE(canonical("no_metadata")["business_info"]["phone"].is_null());
    EXPECT_TRUE(canonical("forwarded")["context"].is_null());
}

TEST(CanonicalMessage, names_the_business) {
    Deployment deployment = jupiter();
    deployment.business_name = "Jupiter \"Edge\"";
    const json message = json::parse(to_canonical(first_item(samples::load("text")), deployment));
    EXPECT_EQ(message["business_info"]["name"], "Jupiter \"Edge\"");
}

TEST(CanonicalMessage, of_every_sample_is_what_its_schema_says) {
    const Schema schema;
    int messages = 0, events = 0;
    for (const std::string& name : samples::names()) {
        const auto batch = parse_webhook(samples::load(name), receipt);
        ASSERT_TRUE(batch) << name;
        for (const WebhookItem& item : batch->items) {
            if (item.kind == ItemKind::change && (item.field.empty() || item.field == "messages")) continue;
            ++(item.kind == ItemKind::message ? messages : events);
            std::string text = to_canonical(item, jupiter());
            if (item.kind == ItemKind::status) add_names(text, {"order \"7\"", "wamid.early"});
            EXPECT_EQ(schema.complaint(json::parse(text)), "") << name;
        }
    }
    EXPECT_GT(messages, 45);
    EXPECT_GT(events, 45);
}

TEST(CanonicalMessage, of_an_event_says_what_it_is_and_whom_it_is_about) {
    const json status = canonical("status_failed");
    EXPECT_EQ(status["event"], "status");
    EXPECT_EQ(status["message_id"], "wamid.OUT9");
    EXPECT_EQ(status["from"], "+919800000001");
    EXPECT_EQ(status["message_type"], "failed");
    EXPECT_EQ(status["message"]["status"], "failed");
    EXPECT_FALSE(status.contains("callback"));
    const json call = canonical("call_connect");
    EXPECT_EQ(call["event"], "system");
    EXPECT_EQ(call["from"], "+919800000001");
    EXPECT_EQ(call["message_type"], "calls");
    EXPECT_EQ(call["business_info"]["phone"], "+15550001111");
    EXPECT_EQ(call["message"]["calls"][0]["event"], "connect");
    EXPECT_EQ(canonical("business_app_echo")["from"], "+919800000001");
    EXPECT_EQ(canonical("handover")["from"], "+919800000001");
    EXPECT_EQ(canonical("user_preferences")["profile_name"], "Asha");
    EXPECT_TRUE(canonical("template_status")["from"].is_null());
    EXPECT_EQ(canonical("value_errors")["message_type"], "errors");
    EXPECT_FALSE(canonical("text").contains("event"));
}

TEST(CanonicalMessage, schema_names_every_member_and_refuses_others) {
    const Schema schema;
    const json message = canonical("text");
    const json document = schema_document();
    EXPECT_TRUE(
        document["$id"].get<std::string>().ends_with(":" + std::to_string(canonical_message_version)));
    EXPECT_EQ(document["required"].size(), message.size());
    for (const auto& [name, value] : message.items()) {
        json without = message;
        without.erase(name);
        EXPECT_NE(schema.complaint(without), "") << name;
        EXPECT_TRUE(document["properties"].contains(name)) << name;
    }
    json more = message;
    more["extra"] = 1;
    EXPECT_NE(schema.complaint(more), "");
    json wrong = message;
    wrong["from"] = "919800000001";
    EXPECT_NE(schema.complaint(wrong), "");
}

TEST(CanonicalMessage, writes_times_as_iso_8601) {
    EXPECT_EQ(to_iso8601(from_unix_ms(0)), "1970-01-01T00:00:00Z");
    EXPECT_EQ(to_iso8601(from_unix_ms(1'790'000'000'999)), "2026-09-21T14:13:20Z");
    EXPECT_EQ(to_iso8601(from_unix_ms(951'827'696'000)), "2000-02-29T12:34:56Z");
}

}  // namespace
}  // namespace parley
