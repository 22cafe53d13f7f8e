#include "whatsapp/graph_phone_setup.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakes/fake_http_client.hpp"

namespace parley {
namespace {

using nlohmann::json;

const PhoneNumberId number{"300000000000001"};
const Secret token{"EAATOKENVALUE"};

struct GraphPhoneSetupTest : testing::Test {
    FakeHttpClient http;
    GraphPhoneSetup setup{{.graph_url = "https://graph.example"}, http};
    std::optional<SetupResult<>> done;
    SetupDone<> note() {
        return [this](SetupResult<> result) { done.emplace(std::move(result)); };
    }
    HttpCall call(std::size_t index) { return http.wait_for_call(index).value().second; }

    // One call that ends well: its method, its path behind the version, its body.
    void expect_call(const std::string& method, const std::string& path, const std::string& body) {
        ASSERT_EQ(http.started_calls(), 1U);
        EXPECT_EQ(call(1).method, method);
        EXPECT_EQ(call(1).url, "https://graph.example/v25.0/" + path);
        EXPECT_EQ(call(1).headers.front().second, "Bearer EAATOKENVALUE");
        if (body.empty())
            EXPECT_EQ(call(1).body, "");
        else
            EXPECT_EQ(json::parse(call(1).body), json::parse(body));
        http.answer(1, 200, R"({"success":true})");
        EXPECT_TRUE(done && done->has_value());
    }
    void expect_refused(const std::string& meaning) {
        EXPECT_EQ(http.started_calls(), 0U);
        ASSERT_TRUE(done && done->has_error());
        EXPECT_EQ(done->error().meaning, meaning);
        EXPECT_FALSE(done->error().remedy.empty());
        done.reset();
    }
};

TEST_F(GraphPhoneSetupTest, adds_a_number_in_metas_spelling) {
    std::optional<SetupResult<PhoneNumberId>> added;
    const auto note_id = [&](auto result) { added.emplace(std::move(result)); };
    setup.add_number("200", {"+91", "98000 00-100", "Acme Cards"}, token, note_id);
    EXPECT_EQ(call(1).method, "POST");
    EXPECT_EQ(call(1).url, "https://graph.example/v25.0/200/phone_numbers");
    EXPECT_EQ(json::parse(call(1).body),
              json::parse(R"({"cc":"91","phone_number":"9800000100","verified_name":"Acme Cards"})"));
    http.answer(1, 200, R"({"id":"300000000000001"})");
    EXPECT_EQ(added->value(), number);

    setup.add_number("200", {"91", "9800000100", "Acme Cards"}, token, note_id);
    http.answer(2, 200, "{}");
    EXPECT_EQ(added->error().kind, Errc::unavailable);
    for (const NewNumber& wrong : {NewNumber{"0", "9800000100", "Acme"}, NewNumber{"91", "98x00", "Acme"},
                                   NewNumber{"91", "9800000100", "A"}}) {
        setup.add_number("200", wrong, token, note_id);
        EXPECT_EQ(added->error().kind, Errc::invalid_input);
    }
    EXPECT_EQ(http.started_calls(), 2U);
}

TEST_F(GraphPhoneSetupTest, asks_for_a_code_by_sms) {
    setup.request_code(number, CodeMethod::sms, "en_US", token, note());
    expect_call("POST", "300000000000001/request_code", R"({"code_method":"SMS","language":"en_US"})");
}

TEST_F(GraphPhoneSetupTest, asks_for_a_code_by_voice) {
    setup.request_code(number, CodeMethod::voice, "de", token, note());
    expect_call("POST", "300000000000001/request_code", R"({"code_method":"VOICE","language":"de"})");
}

TEST_F(GraphPhoneSetupTest, verifies_a_code_without_its_hyphen) {
    setup.verify_code(number, Secret("123-830"), token, note());
    expect_call("POST", "300000000000001/verify_code", R"({"code":"123830"})");
}

TEST_F(GraphPhoneSetupTest, registers_with_the_pin) {
    setup.register_number(number, Secret("212834"), "", token, note());
    expect_call("POST", "300000000000001/register", R"({"messaging_product":"whatsapp","pin":"212834"})");
}

TEST_F(GraphPhoneSetupTest, registers_in_a_region) {
    setup.register_number(number, Secret("212834"), "IN", token, note());
    expect_call("POST", "300000000000001/register",
                R"({"messaging_product":"whatsapp","pin":"212834","data_localization_region":"IN"})");
}

TEST_F(GraphPhoneSetupTest, deregisters_without_a_body) {
    setup.deregister_number(number, token, note());
    expect_call("POST", "300000000000001/deregister", "");
}

TEST_F(GraphPhoneSetupTest, sets_the_pin) {
    setup.set_pin(number, Secret("999111"), token, note());
    expect_call("POST", "300000000000001", R"({"pin":"999111"})");
}

TEST_F(GraphPhoneSetupTest, subscribes_without_a_body) {
    setup.subscribe("200", std::nullopt, token, note());
    expect_call("POST", "200/subscribed_apps", "");
}

TEST_F(GraphPhoneSetupTest, subscribes_with_an_override) {
    setup.subscribe("200", WebhookOverride{"https://h/x", Secret("vt")}, token, note());
    expect_call("POST", "200/subscribed_apps",
                R"({"override_callback_uri":"https://h/x","verify_token":"vt"})");
}

TEST_F(GraphPhoneSetupTest, unsubscribes) {
    setup.unsubscribe("200", token, note());
    expect_call("DELETE", "200/subscribed_apps", "");
}

TEST_F(GraphPhoneSetupTest, what_meta_would_refuse_is_not_called) {
    setup.deregister_number(PhoneNumberId("../1"), token, note());
    expect_refused("the phone_number_id is missing or no id");
    setup.deregister_number(number, Secret(), note());
    expect_refused("the account has no access token");
    setup.unsubscribe("", token, note());
    expect_refused("the waba_id is missing or no id");
    setup.verify_code(number, Secret("12a456"), token, note());
    expect_refused("the verification code is not six digits");
    setup.register_number(number, Secret("1234"), "", token, note());
    expect_refused("the PIN is not six digits");
    setup.register_number(number, Secret("123456"), "india", token, note());
    expect_refused("the data localisation region is no country code");
    setup.request_code(number, CodeMethod::sms, "en-US", token, note());
    expect_refused("the language of the code is no language code");
    setup.subscribe("200", WebhookOverride{"http://h/x", Secret("vt")}, token, note());
    expect_refused("Meta takes no such webhook URL");
    setup.subscribe("200", WebhookOverride{"https://h/" + std::string(200, 'x'), Secret("vt")}, token,
                    note());
    expect_refused("Meta takes no such webhook URL");
    setup.subscribe("200", WebhookOverride{"https://h/x", Secret()}, token, note());
    expect_refused("a webhook URL of its own needs a verify token");
}

TEST_F(GraphPhoneSetupTest, no_secret_gets_into_a_failure) {
    setup.register_number(number, Secret("212834"), "", token, note());
    http.answer(1, 400,
                R"({"error":{"message":"(#133005) 212834 is wrong for EAATOKENVALUE","code":133005}})");
    EXPECT_EQ(done->error().reason, "(#133005) *** is wrong for ***");
    EXPECT_EQ(done->error().code, 133005);
    std::optional<SetupResult<TokenFacts>> facts;
    setup.inspect_token(Secret("a|b c"), token, [&](auto result) { facts.emplace(std::move(result)); });
    http.fail(2, {HttpFailure::Kind::not_sent, false, "no way to /debug_token?input_token=a%7Cb%20c"});
    EXPECT_EQ(facts->error().reason, "no way to /debug_token?input_token=***");
}

TEST_F(GraphPhoneSetupTest, reads_everything_that_is_told_of_a_number) {
    std::optional<SetupResult<NumberFacts>> read;
    setup.read_number(number, token, [&](auto result) { read.emplace(std::move(result)); });
    EXPECT_EQ(
        call(1).url,
        "https://graph.example/v25.0/300000000000001?fields=id,display_phone_number,verified_name,"
        "name_status,code_verification_status,quality_rating,status,platform_type,throughput,account_mode,"
        "is_pin_enabled,whatsapp_business_manager_messaging_limit,health_status");
    http.answer(
        1, 200,
        R"({"id":"300000000000001","display_phone_number":"+91 98000 00100","verified_name":"Acme Cards",
            "name_status":"APPROVED","code_verification_status":"VERIFIED","quality_rating":"GREEN",
            "status":"CONNECTED","platform_type":"CLOUD_API","throughput":{"level":"STANDARD"},
            "account_mode":"LIVE","is_pin_enabled":true,"whatsapp_business_manager_messaging_limit":"TIER_2K",
            "health_status":{"can_send_message":"BLOCKED","entities":[
              {"entity_type":"PHONE_NUMBER","id":"300000000000001","can_send_message":"LIMITED",
               "additional_info":["the name is not approved"]},
              {"entity_type":"WABA","id":"200","can_send_message":"BLOCKED","errors":[
               {"error_code":141006,"error_description":"no card","possible_solution":"add one"}]}]}})");
    const NumberFacts facts = read->value();
    EXPECT_EQ(facts.id, number);
    EXPECT_EQ(facts.display_number, "+91 98000 00100");
    EXPECT_EQ(facts.verified_name, "Acme Cards");
    EXPECT_EQ(facts.name_status, "APPROVED");
    EXPECT_TRUE(facts.is_verified());
    EXPECT_TRUE(facts.is_registered());
    EXPECT_EQ(facts.quality, "GREEN");
    EXPECT_EQ(facts.platform, "CLOUD_API");
    EXPECT_EQ(facts.throughput, "STANDARD");
    EXPECT_EQ(facts.messaging_limit, "TIER_2K");
    EXPECT_EQ(facts.account_mode, "LIVE");
    EXPECT_EQ(facts.has_pin, true);
    ASSERT_TRUE(facts.health);
    EXPECT_EQ(facts.health->can_send, "BLOCKED");
    ASSERT_EQ(facts.health->entities.size(), 2U);
    EXPECT_EQ(facts.health->entities[0].remarks, std::vector<std::string>{"the name is not approved"});
    ASSERT_EQ(facts.health->entities[1].issues.size(), 1U);
    EXPECT_EQ(facts.health->entities[1].issues[0].code, 141006);
    EXPECT_EQ(facts.health->entities[1].issues[0].possible_solution, "add one");
}

TEST_F(GraphPhoneSetupTest, an_answer_without_a_number_is_no_number) {
    std::optional<SetupResult<NumberFacts>> read;
    setup.read_number(number, token, [&](auto result) { read.emplace(std::move(result)); });
    http.answer(1, 200, "[]");
    EXPECT_EQ(read->error().kind, Errc::unavailable);
}

TEST(GraphPhoneSetupVersions, before_24_the_limit_has_another_name) {
    FakeHttpClient http;
    GraphPhoneSetup setup({.graph_url = "https://graph.example", .api_version = "v23.0"}, http);
    setup.read_number(number, token, [](auto) {});
    EXPECT_NE(http.wait_for_call(1)->second.url.find(",messaging_limit_tier,"), std::string::npos);
    http.answer(1, 200, "{}");
}

TEST_F(GraphPhoneSetupTest, finds_a_number_on_any_page) {
    std::optional<SetupResult<std::optional<NumberFacts>>> found;
    const auto note_found = [&](auto result) { found.emplace(std::move(result)); };
    setup.find_number("200", "+91 98000-00100", token, note_found);
    EXPECT_TRUE(call(1).url.starts_with("https://graph.example/v25.0/200/phone_numbers?fields=id,"));
    EXPECT_TRUE(call(1).url.ends_with("&limit=100"));
    http.answer(1, 200,
                R"({"data":[{"id":"1","display_phone_number":"+1 555-000-1111"}],
                    "paging":{"cursors":{"after":"QX=="},"next":"https://x"}})");
    EXPECT_TRUE(call(2).url.ends_with("&limit=100&after=QX%3D%3D"));
    http.answer(2, 200,
                R"({"data":[{"id":"2","display_phone_number":"+91 98000 00100","status":"PENDING"}],
                    "paging":{"cursors":{"after":"R"},"next":"https://x"}})");
    ASSERT_TRUE(found->has_value() && found->value());
    EXPECT_EQ(found->value()->id, PhoneNumberId("2"));
    EXPECT_FALSE(found->value()->is_registered());

    setup.find_number("200", "15550001112", token, note_found);
    http.answer(3, 200, R"({"data":[{"id":"1","display_phone_number":"+1 555-000-1111"}],"paging":{}})");
    EXPECT_FALSE(found->value());
    setup.find_number("200", "15550001112", token, note_found);
    http.answer(4, 400, R"({"error":{"code":100,"error_subcode":33,"message":"no EAATOKENVALUE"}})");
    EXPECT_EQ(found->error().kind, Errc::not_found);
    EXPECT_EQ(found->error().reason, "no ***");
    setup.find_number("200", "acme", token, note_found);
    EXPECT_EQ(found->error().kind, Errc::invalid_input);
}

TEST_F(GraphPhoneSetupTest, reads_the_profile) {
    std::optional<SetupResult<BusinessProfile>> read;
    setup.read_profile(number, token, [&](auto result) { read.emplace(std::move(result)); });
    EXPECT_EQ(call(1).url,
              "https://graph.example/v25.0/300000000000001/whatsapp_business_profile?fields=about,address,"
              "description,email,profile_picture_url,websites,vertical");
    http.answer(1, 200,
                R"({"data":[{"about":"a","websites":["https://w"],"vertical":"FINANCE",
                    "profile_picture_url":"https://p","messaging_product":"whatsapp"}]})");
    const BusinessProfile profile = read->value();
    EXPECT_EQ(profile.about, "a");
    EXPECT_FALSE(profile.address);
    EXPECT_EQ(profile.websites, std::vector<std::string>{"https://w"});
    EXPECT_EQ(profile.vertical, "FINANCE");
    EXPECT_EQ(profile.picture_url, "https://p");
}

TEST_F(GraphPhoneSetupTest, writes_what_is_set_of_the_profile) {
    BusinessProfile profile;
    profile.description = "Cards";
    profile.vertical = "banking";
    profile.websites = {{"https://acme.example"}};
    setup.write_profile(number, profile, token, note());
    expect_call("POST", "300000000000001/whatsapp_business_profile",
                R"({"messaging_product":"whatsapp","description":"Cards","vertical":"FINANCE",
                    "websites":["https://acme.example"]})");
}

TEST_F(GraphPhoneSetupTest, a_profile_over_metas_limits_is_not_written) {
    BusinessProfile profile;
    profile.about = std::string(140, 'a');
    setup.write_profile(number, profile, token, note());
    expect_refused("about has 140 characters; Meta takes 1 to 139");
    profile = {};
    profile.websites = {{"ftp://x"}};
    setup.write_profile(number, profile, token, note());
    expect_refused("Meta takes no such websites");
    profile = {};
    profile.vertical = "space mining";
    setup.write_profile(number, profile, token, note());
    ASSERT_TRUE(done && done->has_error());
    EXPECT_NE(done->error().meaning.find("OTHER, AUTO"), std::string::npos);
}

TEST_F(GraphPhoneSetupTest, lists_who_gets_the_webhooks) {
    std::optional<SetupResult<std::vector<AppSubscription>>> read;
    setup.list_subscriptions("200", token, [&](auto result) { read.emplace(std::move(result)); });
    EXPECT_EQ(call(1).method + ' ' + call(1).url, "GET https://graph.example/v25.0/200/subscribed_apps");
    http.answer(1, 200,
                R"({"data":[{"whatsapp_business_api_data":{"id":"600","link":"l","name":"Engine"},
                    "override_callback_uri":"https://h/x"}]})");
    ASSERT_EQ(read->value().size(), 1U);
    EXPECT_EQ(read->value()[0].app_id, "600");
    EXPECT_EQ(read->value()[0].app_name, "Engine");
    EXPECT_EQ(read->value()[0].override_url, "https://h/x");
}

TEST_F(GraphPhoneSetupTest, tells_what_a_token_may_do) {
    std::optional<SetupResult<TokenFacts>> read;
    const auto note_facts = [&](auto result) { read.emplace(std::move(result)); };
    setup.inspect_token(Secret("EAA+X"), token, note_facts);
    EXPECT_EQ(call(1).url, "https://graph.example/v25.0/debug_token?input_token=EAA%2BX");
    http.answer(1, 200,
                R"({"data":{"app_id":"600","type":"SYSTEM_USER","application":"Engine","expires_at":0,
                    "data_access_expires_at":1790000000,"is_valid":true,"issued_at":1780000000,
                    "scopes":["whatsapp_business_messaging"],
                    "granular_scopes":[{"scope":"whatsapp_business_messaging","target_ids":["200",201]}]}})");
    const TokenFacts facts = read->value();
    EXPECT_TRUE(facts.is_valid);
    EXPECT_EQ(facts.app_id, "600");
    EXPECT_EQ(facts.application, "Engine");
    EXPECT_EQ(facts.type, "SYSTEM_USER");
    EXPECT_EQ(facts.scopes, std::vector<std::string>{"whatsapp_business_messaging"});
    ASSERT_EQ(facts.granular_scopes.size(), 1U);
    EXPECT_EQ(facts.granular_scopes[0].targets, (std::vector<std::string>{"200", "201"}));
    EXPECT_FALSE(facts.expires);
    EXPECT_EQ(facts.data_expire, from_unix_ms(1'790'000'000'000));
    EXPECT_EQ(facts.issued, from_unix_ms(1'780'000'000'000));

    setup.inspect_token(Secret("old"), token, note_facts);
    http.answer(2, 200, R"({"data":{"is_valid":false,"error":{"code":190,"message":"expired"}}})");
    EXPECT_FALSE(read->value().is_valid);
    EXPECT_EQ(read->value().problem, "expired");
}

}  // namespace
}  // namespace parley
