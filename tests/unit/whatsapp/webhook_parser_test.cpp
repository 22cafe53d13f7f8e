#include "whatsapp/webhook_parser.hpp"

#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "unit/whatsapp/describe.hpp"
#include "unit/whatsapp/samples.hpp"

namespace parley {
namespace {

using samples::receipt;
using Lines = std::vector<std::string>;

WebhookBatch parse(const std::string& body) {
    auto batch = parse_webhook(body, receipt);
    EXPECT_TRUE(batch) << batch.error().message() << "\n" << body;
    return batch ? std::move(*batch) : WebhookBatch{};
}

WebhookItem only_item(const std::string& sample) {
    WebhookBatch batch = parse(samples::load(sample));
    EXPECT_EQ(batch.items.size(), 1U) << sample;
    return batch.items.at(0);
}

Lines describe_all(const WebhookBatch& batch) {
    Lines lines;
    for (const WebhookItem& item : batch.items) lines.push_back(samples::describe(item, receipt));
    return lines;
}

// One line an item, in the order of the body; describe.hpp says how to read them.
const std::map<std::string, Lines> expected_items{
    {"about_a_product",
     {R"(message text "is this still there?" 919800000001//Asha at 1121 quotes wamid.C9)"}},
    {"account_alert", {R"(change account_alerts of  at 1011)"}},
    {"account_partner_removed", {R"(change account_update of  at 1009)"}},
    {"account_restriction", {R"(change account_update of  at 1008)"}},
    {"account_review", {R"(change account_review_update of  at 1010)"}},
    {"account_settings", {R"(change account_settings_update of 300000000000001 at 1015)"}},
    {"account_update", {R"(change account_update of  at 301)"}},
    {"address_reply",
     {"message interactive \"Asha\n1 A St, Pune\" 919800000001//Asha at 1123 quotes wamid.OUT3"}},
    {"audio_file", {R"(message audio "" 919800000001//Asha at 1122)"}},
    {"audio_voice", {R"(message audio "" 919800000001//Asha at 6)"}},
    {"automatic_event", {R"(change automatic_events of 300000000000001 at 1110)"}},
    {"business_app_contacts", {R"(change smb_app_state_sync of 300000000000001 at 1107)"}},
    {"business_app_echo", {R"(change smb_message_echoes of 300000000000001 at 500)"}},
    {"business_app_echo_revoked", {R"(change smb_message_echoes of 300000000000001 at 1102)"}},
    {"business_capability", {R"(change business_capability_update of  at 1012)"}},
    {"business_capability_tier", {R"(change business_capability_update of  at 1013)"}},
    {"business_username", {R"(change business_username_update of  at 1020)"}},
    {"button", {R"(message button "Stop promotions" 919800000001//Asha at 19 quotes wamid.OUT1)"}},
    {"button_reply", {R"(message interactive "Apply" 919800000001//Asha at 13 quotes wamid.OUT1)"}},
    {"button_without_context", {R"(message button "Yes" 919800000001//Asha at 20)"}},
    {"call_connect", {R"(change calls of 300000000000001 at 700)"}},
    {"call_permission_refused", {R"(message interactive "" 919800000001//Asha at 1124 quotes wamid.OUT4)"}},
    {"call_permission_reply", {R"(message interactive "" 919800000001//Asha at 17 quotes wamid.OUT1)"}},
    {"call_status", {R"(change calls of 300000000000001 at 1109)"}},
    {"call_terminate", {R"(change calls of 300000000000001 at 1108)"}},
    {"contacts", {R"(message contacts "Dr. Ravi K. Rao" 919800000001//Asha at 11)"}},
    {"contacts_requested", {R"(message contacts "" 919800000001//Asha at 12)"}},
    {"dashboard_test",
     {R"(message text "this is a text message" 16315551181//test user name at -285097012)"}},
    {"document", {R"(message document "salary slip" 919800000001//Asha at 7)"}},
    {"echo_of_another_app", {R"(change message_echoes of 300000000000001 at 1101)"}},
    {"edit", {R"(message edit "corrected" 919800000001//Asha at 31 silent)"}},
    {"edit_of_caption", {R"(message edit "my PAN, sharper" 919800000001//Asha at 1130 silent)"}},
    {"field_missing", {R"(message text "no field" 919800000001//Asha at 48)"}},
    {"flow_latency", {R"(change flows of  at 1017)"}},
    {"flow_published", {R"(change flows of  at 1016)"}},
    {"flow_reply", {R"(message interactive "Sent" 919800000001//Asha at 15 quotes wamid.OUT1)"}},
    {"flow_reply_no_object", {R"(message interactive "Sent" 919800000001//Asha at 16 quotes wamid.OUT1)"}},
    {"forwarded", {R"(message text "read this" 919800000001//Asha at 37)"}},
    {"frequently_forwarded", {R"(message text "passed on by many" 919800000001//Asha at 1120)"}},
    {"group_created", {R"(change group_lifecycle_update of 300000000000001 at 1111)"}},
    {"group_participants", {R"(change group_participants_update of 300000000000001 at 1112)"}},
    {"group_settings", {R"(change group_settings_update of 300000000000001 at 1113)"}},
    {"group_suspended", {R"(change group_status_update of 300000000000001 at 1114)"}},
    {"group_text", {R"(message text "hello group" 919800000001//Asha at 33 group Y2FwaV9ncm91cDo1 silent)"}},
    {"handover", {R"(change messaging_handovers of 300000000000001 at 1104)"}},
    {"history", {R"(change history of 300000000000001 at 47)"}},
    {"history_declined", {R"(change history of 300000000000001 at 1105)"}},
    {"history_media", {R"(change history of 300000000000001 at -9999894)"}},
    {"identity_key", {R"(message text "the same person" 919800000001//Asha at 1129)"}},
    {"image", {R"(message image "my PAN card" 919800000001//Asha at 4)"}},
    {"interactive_without_object", {R"(message interactive "" 919800000001//Asha at 18)"}},
    {"list_reply", {R"(message interactive "Fees" 919800000001//Asha at 14 quotes wamid.OUT1)"}},
    {"location", {R"(message location "Cafe X, 12 MG Road, Mumbai" 919800000001//Asha at 9)"}},
    {"location_bare", {R"(message location "" 919800000001//Asha at 10)"}},
    {"media_failed", {R"(message image "" 919800000001//Asha at 29)"}},
    {"misplaced_keys", {R"(change  of  at 900)"}},
    {"mixed_batch",
     {R"(message text "one" 919800000001//Asha at 49)", R"(message text "two" 3620000000001//Béla at 50)",
      R"(status delivered delivered of wamid.OUT1 at 600)",
      R"(message image "three" 919800000001//Asha at 51)", R"(message text "four" 919800000001//Asha at 52)",
      R"(message button "five" 919800000001//Asha at 53)", R"(status read read of wamid.OUT2 at 601)"}},
    {"no_id", {R"(message text "no id" 919800000001//Asha at 44)"}},
    {"no_metadata", {R"(message text "from a test kit" 919800000001//Asha at 40)"}},
    {"no_sender", {R"(message text "from nobody" // at 41 silent)"}},
    {"no_type", {R"(message text "no type" 919800000001//Asha at 43)"}},
    {"number_name", {R"(change phone_number_name_update of  at 1007)"}},
    {"number_quality", {R"(change phone_number_quality_update of  at 1006)"}},
    {"odd_elements",
     {R"(change  of  at receipt)", R"(change  of  at receipt)", R"(change  of  at receipt)",
      R"(change messages of  at receipt)", R"(change messages of 300000000000001 at receipt)",
      R"(change messages of 300000000000001 at receipt)",
      R"(message text "the good one" 919800000001// at 54)", R"(message unknown "" // at receipt silent)",
      R"(status  - of  at receipt)"}},
    {"order", {R"(message order "please" 919800000001//Asha at 21)"}},
    {"partner_solution", {R"(change partner_solutions of  at 1018)"}},
    {"payment_configuration", {R"(change payment_configuration_update of  at 1019)"}},
    {"product_reply", {R"(message interactive "" 919800000001//Asha at 1131 quotes wamid.OUT6)"}},
    {"reaction", {R"(message reaction "👍" 919800000001//Asha at 22 silent)"}},
    {"reaction_removed", {R"(message reaction "" 919800000001//Asha at 23 silent)"}},
    {"reaction_removed_empty", {R"(message reaction "" 919800000001//Asha at 1125 silent)"}},
    {"referral", {R"(message text "I saw the ad" 919800000001//Asha at 36)"}},
    {"request_welcome", {R"(message request_welcome "" 919800000001//Asha at 30 silent)"}},
    {"revoke", {R"(message revoke "" 919800000001//Asha at 32 silent)"}},
    {"security", {R"(change security of  at 1014)"}},
    {"sender_from_only_contact", {R"(message text "one contact, no ids" 919800000001//Asha at 42)"}},
    {"standby", {R"(change standby of 300000000000001 at 46)"}},
    {"standby_statuses", {R"(change standby of 300000000000001 at 1103)"}},
    {"status_deleted", {R"(status deleted - of wamid.OUT11 at 1143)"}},
    {"status_delivered", {R"(status delivered delivered of wamid.OUT1 at 102)"}},
    {"status_failed",
     {R"(status failed failed of wamid.OUT9 at 170 callback p1.X error 131047 Re-engagement message: More than 24 hours have passed.)"}},
    {"status_failed_without_details",
     {R"(status failed failed of wamid.OUT10 at 1142 error 131026 Message undeliverable)"}},
    {"status_group_read", {R"(status read read of wamid.OUTG at 180 participant 919800000001)"}},
    {"status_payment", {R"(status failed - of wamid.OUT1 at 195)"}},
    {"status_played", {R"(status played played of wamid.OUT5 at 160)"}},
    {"status_read", {R"(status read read of wamid.OUT1 at 150)"}},
    {"status_sent", {R"(status sent sent of wamid.OUT1 at 101 callback p1.01K5TESTULID00000000000000)"}},
    {"status_sent_with_contact",
     {R"(status sent sent of wamid.OUT7 at 1140 callback p1.01K5TESTULID00000000000001)"}},
    {"status_unknown_word", {R"(status teleported - of wamid.OUT1 at 190)"}},
    {"status_user_id_only", {R"(status delivered delivered of wamid.OUT8 at 1141)"}},
    {"status_warning", {R"(status warning - of wamid.OUT12 at 1144 error 131051 Unsupported message type)"}},
    {"sticker", {R"(message sticker "" 919800000001//Asha at 8)"}},
    {"system_identity", {R"(message system "User identity changed" 919800000001// at 26 silent)"}},
    {"system_number",
     {R"(message system "User Asha changed from 919800000001 to 919800000009" 919800000001/IN.4812/ at 24 becomes 919800000009/IN.4899 silent)"}},
    {"system_number_no_user_id",
     {R"(message system "User Asha changed from 919800000001 to 919800000009" 919800000001// at 1127 becomes 919800000009/ silent)"}},
    {"system_number_old",
     {R"(message system "User changed from 919800000001 to 919800000009" 919800000001// at 1126 becomes 919800000009/ silent)"}},
    {"system_user_id",
     {R"(message system "User Asha changed from IN.4812 to IN.4899" /IN.4812/ at 25 becomes /IN.4899 silent)"}},
    {"template_category_done", {R"(change template_category_update of  at 1004)"}},
    {"template_category_impending", {R"(change template_category_update of  at 1003)"}},
    {"template_components", {R"(change message_template_components_update of  at 1002)"}},
    {"template_quality", {R"(change message_template_quality_update of  at 1001)"}},
    {"template_rejected", {R"(change message_template_status_update of  at 1005)"}},
    {"template_status", {R"(change message_template_status_update of  at 300)"}},
    {"text", {R"(message text "Hi, I want a credit card" 919800000001//Asha at 1)"}},
    {"text_escaped", {R"(message text "नमस्ते 😀 a@b.in 10% </x>" 919800000001//Asha at 2)"}},
    {"text_type_last", {R"(message text "the type stands last" 919800000001//Asha at 3)"}},
    {"timestamp_as_number", {R"(message text "a number for a time" 919800000001//Asha at 38)"}},
    {"timestamp_missing", {R"(message text "no time" 919800000001//Asha at receipt)"}},
    {"tracking_events", {R"(change tracking_events of  at 1021)"}},
    {"unavailable", {R"(message unsupported "" 919800000001//Asha at 1128 silent)"}},
    {"unknown_field", {R"(change telepathy_update of  at 800)"}},
    {"unknown_type", {R"(message hologram "" 919800000001//Asha at 45 silent)"}},
    {"unsupported", {R"(message unsupported "" 919800000001//Asha at 27 silent)"}},
    {"unsupported_old", {R"(message unknown "" 919800000001//Asha at 28 silent)"}},
    {"user_id_in_from", {R"(message text "a user id in from" /IN.4812/Asha at 35)"}},
    {"user_id_only", {R"(message text "no number" /IN.48120000000000000001/Asha at 34)"}},
    {"user_preferences", {R"(change user_preferences of 300000000000001 at 400)"}},
    {"value_errors", {R"(error messages of 300000000000001 at 200)"}},
    {"video", {R"(message video "" 919800000001//Asha at 5)"}},
};

class WebhookSample : public testing::TestWithParam<std::string> {};

TEST_P(WebhookSample, becomes_the_expected_items) {
    const auto expected = expected_items.find(GetParam());
    const Lines items = describe_all(parse(samples::load(GetParam())));
    ASSERT_TRUE(expected != expected_items.end())
        << "a sample without expectations: " << testing::PrintToString(items);
    EXPECT_EQ(items, expected->second);
}

TEST_P(WebhookSample, keeps_every_item_as_json_that_reads_the_same_again) {
    for (const WebhookItem& item : parse(samples::load(GetParam())).items) {
        ASSERT_TRUE(nlohmann::json::accept(item.raw_json)) << item.raw_json;
        const auto again = read_stored(item.raw_json, item.waba_id, receipt);
        ASSERT_TRUE(again) << again.error().message();
        EXPECT_EQ(again->kind, item.kind);
        EXPECT_EQ(again->raw_json, item.raw_json);
        EXPECT_EQ(again->waba_id, item.waba_id);
        EXPECT_EQ(again->channel, item.channel);
        EXPECT_EQ(is_for_agent(*again, nullptr), is_for_agent(item, nullptr));
        if (item.kind == ItemKind::change || item.kind == ItemKind::error)
            continue;  // their time may be the entry's
        EXPECT_EQ(samples::describe(*again, receipt), samples::describe(item, receipt));
        EXPECT_EQ(again->dedup_id, item.dedup_id);
    }
}

TEST_P(WebhookSample, gives_each_item_a_key_that_a_second_delivery_repeats) {
    const WebhookBatch first = parse(samples::load(GetParam()));
    const auto second = parse_webhook(samples::load(GetParam()), receipt + std::chrono::hours(5));
    ASSERT_TRUE(second);
    for (std::size_t i = 0; i < first.items.size(); ++i) {
        EXPECT_FALSE(first.items[i].dedup_id.empty());
        EXPECT_EQ(first.items[i].dedup_id, second->items[i].dedup_id);
    }
}

std::string sample_name(const testing::TestParamInfo<std::string>& info) {
    return info.param;
}
INSTANTIATE_TEST_SUITE_P(All, WebhookSample, testing::ValuesIn(samples::names()), sample_name);

TEST(WebhookParser, has_a_sample_for_every_expectation) {
    for (const auto& [name, lines] : expected_items)
        EXPECT_TRUE(std::filesystem::exists(samples::folder() / (name + ".json"))) << name;
}

TEST(WebhookParser, reduces_a_value_to_one_element_byte_for_byte) {
    const std::string element =
        R"({"from" : "919800000001","id":"wamid.1","timestamp":"1790000000","type":"text","text":{"body":"caf\u00e9 \/x \ud83d\ude00"}})";
    const std::string value =
        R"({"messages":[{"from":"1","id":"other"},)" + element +
        R"(],"contacts":[{"wa_id":"1","profile":{"name":"No"}}, {"profile":{"name":"As\u0068a"},"wa_id":"919800000001"}],"metadata":{ "phone_number_id":"3"}})";
    const WebhookBatch batch = parse(samples::envelope(value));
    ASSERT_EQ(batch.items.size(), 2U);
    EXPECT_EQ(
        batch.items[1].raw_json,
        R"({"messaging_product":"whatsapp","metadata":{ "phone_number_id":"3"},"contacts":[{"profile":{"name":"As\u0068a"},"wa_id":"919800000001"}],"messages":[)" +
            element + "]}");
    EXPECT_EQ(batch.items[1].message->from.name, "Asha");
    EXPECT_EQ(batch.items[1].message->text, "caf\u00e9 /x \U0001F600");
}

TEST(WebhookParser, keeps_each_change_with_its_own_number) {
    const WebhookBatch batch = parse(samples::load("mixed_batch"));
    std::vector<std::pair<std::string, std::string>> owners;
    for (const WebhookItem& item : batch.items) owners.emplace_back(item.waba_id, item.channel.str());
    const std::pair<std::string, std::string> first{"200000000000001", "300000000000001"};
    const std::pair<std::string, std::string> second{"200000000000001", "300000000000002"};
    const std::pair<std::string, std::string> third{"200000000000002", "300000000000002"};
    EXPECT_EQ(owners, (std::vector{first, first, first, second, third, third, third}));
}

TEST(WebhookParser, never_takes_a_contact_by_its_place) {
    const WebhookBatch batch = parse(samples::envelope(
        R"({"contacts":[{"wa_id":"1","profile":{"name":"One"}},{"wa_id":"2","profile":{"name":"Two"}}],"messages":[{"from":"2","id":"a","type":"text"},{"from":"3","id":"b","type":"text"},{"id":"c","type":"text"}]})"));
    ASSERT_EQ(batch.items.size(), 3U);
    EXPECT_EQ(batch.items[0].message->from.name, "Two");
    EXPECT_EQ(batch.items[1].message->from.name, "");
    EXPECT_EQ(batch.items[2].message->from.name, "");
}

TEST(WebhookParser, completes_ids_from_the_contact) {
    const WebhookBatch batch = parse(samples::envelope(
        R"({"contacts":[{"wa_id":"919","user_id":"IN.1","parent_user_id":"IN.ENT.2"}],"messages":[{"from":"919","id":"a","type":"text"}]})"));
    const Party& party = batch.items.at(0).message->from;
    EXPECT_EQ(party.wa_id + " " + party.user_id + " " + party.parent_user_id, "919 IN.1 IN.ENT.2");
}

TEST(WebhookParser, takes_a_thousand_messages_with_a_contact_each) {
    std::string messages;
    std::string contacts;
    for (int i = 0; i < 1000; ++i) {
        const std::string number = std::to_string(919800000000 + i);
        messages += (i ? "," : "") +
                    samples::text_message("wamid." + std::to_string(i), number, "text " + std::to_string(i));
        contacts = R"({"profile":{"name":"N)" + std::to_string(i) + R"("},"wa_id":")" + number + "\"}" +
                   (i ? "," : "") + contacts;
    }
    const WebhookBatch batch = parse(samples::envelope(R"({"metadata":{"phone_number_id":"3"},"contacts":[)" +
                                                       contacts + R"(],"messages":[)" + messages + "]}"));
    ASSERT_EQ(batch.items.size(), 1000U);
    for (int i = 0; i < 1000; ++i) {
        const WebhookItem& item = batch.items[static_cast<std::size_t>(i)];
        EXPECT_EQ(item.message->from.name, "N" + std::to_string(i));
        EXPECT_EQ(item.dedup_id, "wamid." + std::to_string(i));
        EXPECT_EQ(item.channel.str(), "3");
    }
}

TEST(WebhookParser, takes_more_than_a_thousand_items_but_not_more_than_real_ones_fit_into_a_body) {
    std::string real;
    std::string hollow;
    for (int i = 0; i < 5000; ++i) {
        real += (i ? "," : "") + samples::text_message("wamid." + std::to_string(i), "919800000001", "x");
        hollow += i ? ",{}" : "{}";
    }
    EXPECT_EQ(parse(samples::envelope(samples::messages_of("3", real))).items.size(), 5000U);
    const auto refused = parse_webhook(samples::envelope(samples::messages_of("3", hollow)), receipt);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), Errc::invalid_input);
}

TEST(WebhookParser, does_not_let_a_body_multiply_itself) {
    std::string elements;
    for (int i = 0; i < 900; ++i) elements += (i ? "," : "") + samples::text_message("w", "1", "x");
    const std::string value = R"({"metadata":{"phone_number_id":"3","x":")" + std::string(200'000, 'x') +
                              R"("},"messages":[)" + elements + "]}";
    EXPECT_FALSE(parse_webhook(samples::envelope(value), receipt));
}

TEST(WebhookParser, refuses_what_is_no_webhook) {
    for (const char* body :
         {"", "not json", "[]", "7", "\"x\"", "{}", R"({"object":"whatsapp_business_account"})",
          R"({"entry":{}})", R"({"object":"page","entry":[]})", R"({"object":7,"entry":[]})",
          R"({"object":null,"entry":[]})",
          "{\"object\":\"whatsapp_business_account\",\"entry\":[\"\xff\"]}"}) {
        const auto batch = parse_webhook(body, receipt);
        ASSERT_FALSE(batch) << body;
        EXPECT_EQ(batch.error().code(), Errc::invalid_input) << body;
    }
}

TEST(WebhookParser, takes_an_empty_one) {
    EXPECT_TRUE(parse(R"({"object":"whatsapp_business_account","entry":[]})").items.empty());
}

TEST(WebhookParser, repairs_a_cut_emoji_instead_of_losing_the_batch) {
    const WebhookBatch batch = parse(
        samples::envelope(samples::messages_of("3", samples::text_message("a", "1", "fine") + "," +
                                                        samples::text_message("b", "1", "cut \\ud83d"))));
    ASSERT_EQ(batch.items.size(), 2U);
    EXPECT_EQ(batch.items[0].message->text, "fine");
    EXPECT_EQ(batch.items[1].message->text, "cut \uFFFD");
    EXPECT_NE(batch.items[1].raw_json.find("cut \\ufffd"), std::string::npos);
}

TEST(WebhookParser, tells_statuses_of_a_group_apart_by_participant) {
    const std::string status =
        R"({"id":"w","status":"read","timestamp":"1790000000","recipient_participant_id":"1"})";
    const std::string other =
        R"({"id":"w","status":"read","timestamp":"1790000000","recipient_participant_id":"2"})";
    const WebhookBatch batch = parse(samples::envelope(R"({"statuses":[)" + status + "," + other + "]}"));
    EXPECT_EQ(batch.items.at(0).dedup_id, "w|read|1");
    EXPECT_EQ(batch.items.at(1).dedup_id, "w|read|2");
}

TEST(WebhookParser, treats_times_outside_of_reason_as_missing) {
    for (const char* time : {R"("0")", R"("-5")", R"("soon")", R"("99999999999999999999")", "1790000000000",
                             "1.5", "null", "{}"}) {
        const WebhookBatch batch = parse(samples::envelope(
            std::string(R"({"messages":[{"id":"a","type":"text","timestamp":)") + time + "}]}"));
        EXPECT_EQ(batch.items.at(0).timestamp, receipt) << time;
    }
}

TEST(WebhookParser, falls_back_to_the_entrys_time) {
    const WebhookBatch batch = parse(
        R"({"entry":[{"id":"1","time":1790000007,"changes":[{"field":"messages","value":{"messages":[{"id":"a","type":"text"}]}}]}]})");
    EXPECT_EQ(unix_ms(batch.items.at(0).timestamp), 1'790'000'007'000);
}

TEST(StoredItem, that_cannot_be_read_is_corrupt) {
    const auto item = read_stored("{\"messages\":[", "1", receipt);
    ASSERT_FALSE(item);
    EXPECT_EQ(item.error().code(), Errc::corrupt);
}

TEST(WebhookParser, names_the_media_and_types_that_wait_for_an_answer) {
    EXPECT_TRUE(is_for_agent(only_item("sticker"), nullptr));
    EXPECT_FALSE(is_for_agent(only_item("status_sent"), nullptr));
    EXPECT_FALSE(is_for_agent(only_item("unknown_type"), nullptr));
}

}  // namespace
}  // namespace parley
