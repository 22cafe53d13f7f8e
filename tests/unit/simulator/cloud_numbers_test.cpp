// The pretended cloud's side of an account's life: numbers added, verified, registered, described, subscribed.
#include <gtest/gtest.h>

#include "fakes/fake_clock.hpp"
#include "fakes/fake_random.hpp"
#include "simulator/cloud.hpp"

namespace parley::sim {
namespace {

using namespace std::chrono_literals;

class CloudNumbersTest : public ::testing::Test {
  protected:
    CloudNumbersTest() {
        CloudOptions options;
        options.app_secret = Secret("app secret");
        options.webhook_url = "http://engine/webhook";
        options.numbers = {{"111", "15550001111", "w1", "token", "Cards"},
                           {"222", "15550002222", "w2", "other", "Shop"}};
        cloud_ = std::make_unique<Cloud>(options, clock_, random_);
    }
    GraphAnswer graph(const char* method, const std::string& node, const std::string& edge,
                      const Json& body = nullptr, const std::string& query = "",
                      const char* token = "Bearer token") {
        const std::string text = body.is_null() ? "" : body.dump();
        return cloud_->graph(
            {method, "v25.0", node, edge, token, query, "application/json", text, "http://sim.test"});
    }
    // "ok", or the code, with "/subcode" when there is one.
    std::string post(const std::string& node, const std::string& edge, const Json& body = nullptr,
                     const std::string& query = "") {
        return outcome(graph("POST", node, edge, body, query).response);
    }
    static std::string outcome(const HttpResponse& response) {
        const Json body = Json::parse(response.body);
        if (response.status == 200) return "ok";
        std::string text = body["error"]["code"].dump();
        if (body["error"].contains("error_subcode")) text += '/' + body["error"]["error_subcode"].dump();
        return text;
    }
    Json get(const std::string& node, const std::string& edge, const std::string& query = "") {
        return Json::parse(graph("GET", node, edge, nullptr, query).response.body);
    }
    std::string add(const std::string& digits = "9800000100") {
        const GraphAnswer made =
            graph("POST", "w1", "phone_numbers",
                  {{"cc", "91"}, {"phone_number", digits}, {"verified_name", "Acme Cards"}});
        EXPECT_EQ(made.response.status, 200) << made.response.body;
        return Json::parse(made.response.body)["id"];
    }
    std::string ask_for_code(const std::string& id) {
        return post(id, "request_code", {{"code_method", "SMS"}, {"language", "en_US"}});
    }
    std::string code() { return cloud_->codes()["codes"][0]["code"]; }
    std::string enroll(const std::string& id, const std::string& pin = "212834") {
        return post(id, "register", {{"messaging_product", "whatsapp"}, {"pin", pin}});
    }
    std::string verified() {
        const std::string id = add();
        EXPECT_EQ(ask_for_code(id), "ok");
        EXPECT_EQ(post(id, "verify_code", {{"code", code()}}), "ok");
        return id;
    }
    std::string send(const std::string& id) {
        const Json body{{"messaging_product", "whatsapp"},
                        {"to", "+919811111111"},
                        {"type", "text"},
                        {"text", {{"body", "Hi"}}}};
        return outcome(cloud_->send("v25.0", id, "Bearer token", body.dump()).response);
    }
    bool writes(const std::string& id) {
        return cloud_->user_message({{"from", "919811111111"}, {"text", "Hi"}, {"phone_number_id", id}})
            .has_value();
    }
    // Where webhooks go now, each answered 200.
    std::vector<std::string> urls() {
        std::vector<std::string> list;
        for (const WebhookPost& post : cloud_->step(clock_.mono())) {
            list.push_back(post.url);
            cloud_->answered(post.id, {200, ""});
        }
        return list;
    }
    std::string fault(const Json& rule) {
        const auto added = cloud_->add_faults(rule);
        return added ? "" : added.error().message();
    }

    using Urls = std::vector<std::string>;
    FakeClock clock_;
    FakeRandom random_;
    std::unique_ptr<Cloud> cloud_;
};

TEST_F(CloudNumbersTest, a_number_comes_to_life_step_by_step) {
    const std::string id = add();
    Json facts =
        get(id, "", "fields=status,code_verification_status,name_status,is_pin_enabled,health_status");
    EXPECT_EQ(facts["status"], "PENDING");
    EXPECT_EQ(facts["code_verification_status"], "NOT_VERIFIED");
    EXPECT_EQ(facts["name_status"], "PENDING_REVIEW");
    EXPECT_EQ(facts["health_status"]["can_send_message"], "BLOCKED");
    EXPECT_EQ(enroll(id), "133006");
    EXPECT_EQ(send(id), "133010");
    EXPECT_FALSE(writes(id));

    EXPECT_EQ(ask_for_code(id), "ok");
    const Json sent = cloud_->codes()["codes"][0];
    EXPECT_EQ(sent["phone_number_id"], id);
    EXPECT_EQ(sent["method"], "SMS");
    EXPECT_EQ(sent["state"], "waiting");
    EXPECT_EQ(post(id, "verify_code", nullptr, "code=" + code()), "ok");
    EXPECT_TRUE(cloud_->codes()["codes"].empty());
    EXPECT_EQ(enroll(id), "ok");
    facts = get(id, "", "fields=status,code_verification_status,is_pin_enabled,health_status");
    EXPECT_EQ(facts["status"], "CONNECTED");
    EXPECT_EQ(facts["is_pin_enabled"], true);
    EXPECT_EQ(facts["health_status"]["can_send_message"], "AVAILABLE");
    EXPECT_EQ(facts["health_status"]["entities"].size(), 4U);
    EXPECT_EQ(send(id), "ok");
    EXPECT_TRUE(writes(id));
}

TEST_F(CloudNumbersTest, refuses_numbers_that_are_none_or_taken) {
    const auto adding = [&](const Json& body) { return post("w1", "phone_numbers", body); };
    EXPECT_EQ(adding({{"phone_number", "9800000100"}, {"verified_name", "Acme"}}), "100");
    EXPECT_EQ(adding({{"cc", "91"}, {"phone_number", "98-0"}, {"verified_name", "Acme"}}), "100");
    EXPECT_EQ(adding({{"cc", "91"}, {"phone_number", "9800000100"}}), "100");
    EXPECT_EQ(adding({{"cc", "1"}, {"phone_number", "5550001111"}, {"verified_name", "Acme"}}),
              "100/2388012");
    EXPECT_EQ(post("w9", "phone_numbers", {{"cc", "1"}}), "100/33");
    EXPECT_EQ(post("w2", "phone_numbers", {{"cc", "1"}}), "190");
}

TEST_F(CloudNumbersTest, lists_the_numbers_of_an_account_in_pages) {
    const std::string second = add();
    const std::string third = add("9800000200");
    Json page = get("w1", "phone_numbers", "limit=2&fields=display_phone_number,status");
    ASSERT_EQ(page["data"].size(), 2U);
    EXPECT_EQ(page["data"][0],
              Json::parse(R"({"display_phone_number":"15550001111","status":"CONNECTED","id":"111"})"));
    EXPECT_EQ(page["data"][1]["id"], second);
    EXPECT_EQ(page["data"][1]["display_phone_number"], "+91 9800000100");
    page =
        get("w1", "phone_numbers", "limit=2&after=" + page["paging"]["cursors"]["after"].get<std::string>());
    ASSERT_EQ(page["data"].size(), 1U);
    EXPECT_EQ(page["data"][0]["id"], third);
    EXPECT_EQ(page["data"][0]["verified_name"], "Acme Cards");
    EXPECT_FALSE(page["paging"].contains("next"));
    EXPECT_EQ(get("w1", "phone_numbers", "fields=nonsense")["error"]["code"], 100);
}

TEST_F(CloudNumbersTest, takes_the_right_code_in_time_only) {
    const std::string id = add();
    EXPECT_EQ(post(id, "verify_code", {{"code", "123456"}}), "136025");
    EXPECT_EQ(post(id, "request_code", {{"code_method", "PIGEON"}, {"language", "de"}}), "100");
    EXPECT_EQ(post(id, "request_code", {{"code_method", "VOICE"}}), "100");
    EXPECT_EQ(post(id, "request_code", nullptr, "code_method=VOICE&language=de"), "ok");
    const std::string digits = code();
    EXPECT_EQ(post(id, "verify_code", {{"code", digits == "000000" ? "1" : "000000"}}), "136025");
    EXPECT_EQ(post(id, "verify_code"), "100");
    clock_.advance(10min);
    EXPECT_EQ(cloud_->codes()["codes"][0]["state"], "expired");
    EXPECT_EQ(post(id, "verify_code", {{"code", digits}}), "136025");
    EXPECT_EQ(ask_for_code(id), "ok");
    EXPECT_EQ(post(id, "verify_code", {{"code", code()}}), "ok");
    EXPECT_EQ(ask_for_code(id), "136024/2388366");
}

TEST_F(CloudNumbersTest, sends_ten_codes_in_72_hours) {
    const std::string id = add();
    for (int i = 0; i < 10; ++i) EXPECT_EQ(ask_for_code(id), "ok");
    const HttpResponse refused =
        graph("POST", id, "request_code", {{"code_method", "SMS"}, {"language", "de"}}).response;
    EXPECT_EQ(outcome(refused), "136024/2388367");
    EXPECT_TRUE(Json::parse(refused.body)["error"].contains("error_user_msg"));
    clock_.advance(72h);
    EXPECT_EQ(ask_for_code(id), "ok");
}

TEST_F(CloudNumbersTest, the_first_registration_sets_the_pin) {
    const std::string id = verified();
    EXPECT_EQ(post(id, "register", {{"pin", "212834"}}), "100");
    EXPECT_EQ(enroll(id, "12"), "100");
    EXPECT_EQ(enroll(id), "ok");
    EXPECT_EQ(enroll(id), "ok");
    EXPECT_EQ(enroll(id, "111111"), "133005");
    EXPECT_EQ(post(id, "", {{"pin", "111111"}}), "ok");
    EXPECT_EQ(enroll(id, "111111"), "ok");
    EXPECT_EQ(post(id, "", {{"pin", "1"}}), "100");
}

TEST_F(CloudNumbersTest, five_wrong_pins_block_the_number_for_an_hour) {
    const std::string id = verified();
    EXPECT_EQ(enroll(id), "ok");
    for (int i = 0; i < 4; ++i) EXPECT_EQ(enroll(id, "111111"), "133005");
    EXPECT_EQ(enroll(id, "111111"), "133008");
    EXPECT_EQ(enroll(id), "133008");
    clock_.advance(1h);
    EXPECT_EQ(enroll(id), "ok");
}

TEST_F(CloudNumbersTest, ten_registrations_in_72_hours_lock_the_number_for_72_more) {
    const std::string id = verified();
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(enroll(id), "ok");
        clock_.advance(1h);
    }
    EXPECT_EQ(enroll(id), "133016");
    clock_.advance(63h);
    EXPECT_EQ(post(id, "deregister"), "133016");
    clock_.advance(9h);
    EXPECT_EQ(post(id, "deregister"), "ok");
    cloud_->reset();
    EXPECT_EQ(post(id, "deregister"), "133010");
}

TEST_F(CloudNumbersTest, a_deregistered_number_sends_and_gets_nothing) {
    EXPECT_EQ(post("111", "deregister"), "ok");
    EXPECT_EQ(send("111"), "133010");
    EXPECT_FALSE(writes("111"));
    EXPECT_EQ(get("111", "")["status"], "DISCONNECTED");
    EXPECT_EQ(enroll("111"), "ok");
    EXPECT_EQ(send("111"), "ok");
}

TEST_F(CloudNumbersTest, keeps_a_profile) {
    const char* const edge = "whatsapp_business_profile";
    const auto write = [&](Json body) {
        body["messaging_product"] = "whatsapp";
        return post("111", edge, body);
    };
    EXPECT_EQ(get("111", edge), Json::parse(R"({"data":[{"messaging_product":"whatsapp"}]})"));
    EXPECT_EQ(write({{"about", "Cards"}, {"vertical", "FINANCE"}, {"websites", {"https://a.example"}}}),
              "ok");
    EXPECT_EQ(write({{"address", "1 Street"}}), "ok");
    const Json profile = get("111", edge, "fields=about,address,email,vertical,websites")["data"][0];
    EXPECT_EQ(profile["about"], "Cards");
    EXPECT_EQ(profile["address"], "1 Street");
    EXPECT_EQ(profile["vertical"], "FINANCE");
    EXPECT_EQ(profile["websites"][0], "https://a.example");
    EXPECT_FALSE(profile.contains("email"));
    EXPECT_EQ(write({{"about", ""}}), "131009");
    EXPECT_EQ(write({{"description", std::string(257, 'x')}}), "131009");
    EXPECT_EQ(write({{"vertical", "technology"}}), "100");
    EXPECT_EQ(write({{"websites", {"https://a", "https://b", "https://c"}}}), "131009");
    EXPECT_EQ(write({{"nickname", "x"}}), "100");
    EXPECT_EQ(post("111", edge, {{"about", "x"}}), "100");
}

TEST_F(CloudNumbersTest, only_subscribed_accounts_have_webhooks) {
    ASSERT_TRUE(writes("111"));
    EXPECT_EQ(urls(), Urls{""});
    EXPECT_EQ(get("w1", "subscribed_apps")["data"][0]["whatsapp_business_api_data"]["name"], "Simulated app");
    EXPECT_EQ(outcome(graph("DELETE", "w1", "subscribed_apps").response), "ok");
    EXPECT_TRUE(get("w1", "subscribed_apps")["data"].empty());
    ASSERT_TRUE(writes("111"));
    EXPECT_EQ(send("111"), "ok");
    clock_.advance(1s);
    EXPECT_EQ(urls(), Urls{});
    EXPECT_EQ(post("w1", "subscribed_apps"), "ok");
    ASSERT_TRUE(writes("111"));
    EXPECT_EQ(urls(), Urls{""});
}

TEST_F(CloudNumbersTest, a_verified_override_gets_the_accounts_webhooks) {
    const Json wanted{{"override_callback_uri", "https://h/x"}, {"verify_token", "vt"}};
    const GraphAnswer waits = graph("POST", "w1", "subscribed_apps", wanted);
    ASSERT_TRUE(waits.handshake);
    EXPECT_EQ(waits.handshake->url, "https://h/x");
    EXPECT_EQ(waits.handshake->verify_token, "vt");
    EXPECT_EQ(outcome(cloud_->shaken(*waits.handshake, "answered 403")), "2200");
    ASSERT_TRUE(writes("111"));
    EXPECT_EQ(urls(), Urls{""});

    EXPECT_EQ(outcome(cloud_->shaken(*waits.handshake, "")), "ok");
    EXPECT_EQ(get("w1", "subscribed_apps")["data"][0]["override_callback_uri"], "https://h/x");
    ASSERT_TRUE(cloud_->change_behaviour({{"batch", 10}}));
    ASSERT_TRUE(writes("111"));
    ASSERT_TRUE(writes("222"));
    EXPECT_EQ(urls(), (Urls{"https://h/x", ""}));

    EXPECT_EQ(post("w1", "subscribed_apps"), "ok");
    ASSERT_TRUE(writes("111"));
    EXPECT_EQ(urls(), Urls{""});
    EXPECT_EQ(post("w1", "subscribed_apps", {{"override_callback_uri", "https://h/x"}}), "100");
    EXPECT_EQ(post("w1", "subscribed_apps", {{"override_callback_uri", "ftp://h"}, {"verify_token", "v"}}),
              "100");
}

TEST_F(CloudNumbersTest, tells_about_tokens) {
    const auto facts = [&](const char* token, const char* caller) {
        return Json::parse(
            graph("GET", "debug_token", "", nullptr, std::string("input_token=") + token, caller)
                .response.body);
    };
    Json data = facts("other", "Bearer 600000000000001|app secret")["data"];
    EXPECT_EQ(data["is_valid"], true);
    EXPECT_EQ(data["granular_scopes"][0]["target_ids"], Json::array({"w2"}));
    data = facts("stolen", "Bearer token")["data"];
    EXPECT_EQ(data["is_valid"], false);
    EXPECT_EQ(data["error"]["code"], 190);
    EXPECT_EQ(facts("", "Bearer token")["error"]["code"], 100);
    EXPECT_EQ(facts("token", "")["error"]["code"], 190);
    ASSERT_TRUE(cloud_->change_behaviour({{"token_expired", true}}));
    EXPECT_EQ(facts("token", "Bearer token")["error"]["code"], 190);
    EXPECT_EQ(facts("token", "Bearer 600000000000001|app secret")["data"]["error"]["subcode"], 463);
}

TEST_F(CloudNumbersTest, takes_an_apps_secret_for_its_token_and_no_other) {
    const auto error_of = [&](const char* path, const char* caller) {
        return Json::parse(graph("GET", path, "", nullptr, "input_token=token", caller).response.body)
            .value("error", Json::object())
            .value("code", 0);
    };
    EXPECT_EQ(error_of("debug_token", "Bearer 600000000000001|guessed"), 190);
    EXPECT_EQ(error_of("debug_token", "Bearer 600000000000001|app secret"), 0);
}

TEST_F(CloudNumbersTest, shows_and_moves_the_apps_own_webhook) {
    const char* app = "600000000000001";
    const char* caller = "Bearer 600000000000001|app secret";
    const auto shown = [&] {
        return Json::parse(graph("GET", app, "subscriptions", nullptr, "", caller).response.body);
    };
    EXPECT_EQ(shown()["data"][0]["callback_url"], "http://engine/webhook");
    EXPECT_EQ(shown()["data"][0]["fields"][0]["name"], "messages");
    EXPECT_EQ(
        Json::parse(
            graph("GET", app, "subscriptions", nullptr, "", "Bearer token").response.body)["error"]["code"],
        190);

    const GraphAnswer asked = graph("POST", app, "subscriptions",
                                    {{"object", "whatsapp_business_account"},
                                     {"callback_url", "https://h/x"},
                                     {"verify_token", "v"},
                                     {"fields", "calls,messages"}},
                                    "", caller);
    ASSERT_TRUE(asked.handshake);
    EXPECT_EQ(cloud_->shaken(*asked.handshake, "").status, 200);
    EXPECT_EQ(shown()["data"][0]["callback_url"], "https://h/x");
    EXPECT_EQ(get("111", "", "fields=webhook_configuration")["webhook_configuration"],
              Json({{"application", "https://h/x"}}));
    ASSERT_TRUE(writes("111"));
    EXPECT_EQ(urls(), Urls{"https://h/x"});

    graph("DELETE", app, "subscriptions", {{"object", "whatsapp_business_account"}}, "", caller);
    EXPECT_EQ(shown()["data"], Json::array());
    ASSERT_TRUE(writes("111"));
    EXPECT_EQ(urls(), Urls{}) << "no field, no webhook";
}

TEST_F(CloudNumbersTest, shows_a_number_as_it_is_told_to) {
    EXPECT_TRUE(cloud_->change_number(
        {{"phone_number_id", "111"}, {"facts", {{"quality_rating", "RED"}, {"status", "FLAGGED"}}}}));
    EXPECT_EQ(get("111", "")["quality_rating"], "RED");
    EXPECT_EQ(get("111", "")["status"], "FLAGGED");
    EXPECT_FALSE(cloud_->change_number({{"phone_number_id", "111"}, {"facts", {{"colour", "RED"}}}}));
    EXPECT_FALSE(cloud_->change_number({{"phone_number_id", "999"}, {"facts", Json::object()}}));
}

TEST_F(CloudNumbersTest, plays_the_faults_of_every_call) {
    const std::string id = verified();
    EXPECT_EQ(fault({{"match", {{"call", "register"}}}, {"graph_code", 133008}}), "");
    EXPECT_EQ(fault({{"match", {{"call", "deregister"}, {"phone_number_id", "222"}}}, {"graph_code", 2}}),
              "");
    EXPECT_EQ(
        fault({{"match", {{"call", "request_code"}}}, {"graph_code", 136024}, {"graph_subcode", 2388091}}),
        "");
    EXPECT_EQ(enroll(id), "133008");
    EXPECT_EQ(enroll(id), "ok");
    EXPECT_EQ(post(id, "deregister"), "ok");
    EXPECT_EQ(ask_for_code(id), "136024/2388091");

    EXPECT_EQ(fault({{"match", {{"call", "register"}}}, {"cut", "after"}}), "");
    const GraphAnswer cut =
        graph("POST", id, "register", {{"messaging_product", "whatsapp"}, {"pin", "212834"}});
    EXPECT_TRUE(cut.response.abort_connection);
    EXPECT_EQ(send(id), "ok");

    EXPECT_EQ(fault({{"match", {{"call", "number"}}}, {"http_status", 502}, {"delay_ms", 30}}), "");
    const GraphAnswer broken = graph("GET", id, "");
    EXPECT_EQ(broken.response.status, 502);
    EXPECT_EQ(broken.delay, Millis{30});
    EXPECT_NE(fault({{"match", {{"call", "nonsense"}}}, {"graph_code", 1}}).find("whatsapp_business_profile"),
              std::string::npos);
    EXPECT_NE(fault({{"match", {{"call", "register"}}}, {"graph_code", 1}, {"later", true}}), "");
}

TEST(LearningCloud, knows_any_account_and_subscribes_to_none_of_them) {
    FakeClock clock;
    FakeRandom random;
    Cloud cloud({}, clock, random);
    const auto graph = [&](const char* method, const char* node, const char* edge, const std::string& body) {
        const GraphCall call{method, "v25.0", node, edge, "Bearer x", "", "application/json", body, ""};
        return Json::parse(cloud.graph(call).response.body);
    };
    const std::string id = graph("POST", "900", "phone_numbers",
                                 R"({"cc":"91","phone_number":"9800000100","verified_name":"Acme"})")["id"];
    EXPECT_TRUE(graph("GET", "900", "subscribed_apps", "")["data"].empty());
    EXPECT_EQ(graph("GET", "900", "phone_numbers", "")["data"][0]["id"], id);
}

}  // namespace
}  // namespace parley::sim
