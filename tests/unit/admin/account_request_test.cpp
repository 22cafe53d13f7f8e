// The bodies of the account calls, and how accounts and failures are shown.
#include "admin/account_request.hpp"

#include <gtest/gtest.h>

#include "admin/account_api.hpp"
#include "admin/account_json.hpp"

namespace parley {
namespace {

using nlohmann::json;

json seed() {
    return {{"account_id", "acme"},
            {"phone_number", "+91 98000-00100"},
            {"business_profile", {{"name", "Acme"}, {"industry", "technology"}, {"description", "Cards"}}},
            {"webhook_config", {{"url", "https://acme.example/hook"}, {"events", {"message.received"}}}},
            {"agent_webhook_url", "https://acme.example/agent"}};
}

std::vector<std::string> wrong_fields(const json& body) {
    const auto read = read_new_account(body.dump());
    std::vector<std::string> fields;
    EXPECT_FALSE(read);
    if (read) return fields;
    EXPECT_EQ(read.error().kind, Errc::invalid_input);
    for (const FieldMistake& one : read.error().fields) fields.push_back(one.field);
    return fields;
}

TEST(AccountRequest, takes_the_seeds_body_and_what_goes_beyond) {
    const auto read = read_new_account(seed().dump());
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->id.str(), "acme");
    EXPECT_EQ(read->phone_number, "919800000100");
    EXPECT_EQ(read->agent, "http-forwarder");
    EXPECT_EQ(read->config_json, R"({"url":"https://acme.example/agent"})");
    EXPECT_EQ(read->profile.vertical, "PROF_SERVICES");
    EXPECT_EQ(read->verified_name, "Acme");
    json more = seed();
    more["config"] = {{"secret", "whsec_c2VjcmV0"}};
    more["phone_number_id"] = 300;
    more["pin"] = "123456";
    const auto richer = read_new_account(more.dump());
    ASSERT_TRUE(richer);
    EXPECT_EQ(richer->channel.str(), "300");
    EXPECT_EQ(json::parse(richer->config_json).at("secret"), "whsec_c2VjcmV0");
    EXPECT_EQ(richer->details_json.find("123456"), std::string::npos);
    EXPECT_EQ(richer->details_json.find("whsec"), std::string::npos);
}

TEST(AccountRequest, is_the_same_in_whatever_order_its_fields_stand) {
    const auto one = read_new_account(R"({"account_id":"a","phone_number_id":"1","agent":"echo"})");
    const auto two = read_new_account(R"({ "agent": "echo", "phone_number_id": "1", "account_id": "a" })");
    ASSERT_TRUE(one && two);
    EXPECT_EQ(one->request_json, two->request_json);
}

TEST(AccountRequest, names_every_wrong_field_at_once) {
    json body = seed();
    body["acount"] = 1;
    body["account_id"] = "-x";
    body["phone_number"] = "call me";
    body["access_token"] = "";
    body["business_profile"]["industry"] = "wizardry";
    body["business_profile"]["websites"] = {"ftp://a"};
    body["webhook_config"]["events"] = "all";
    body["agent"] = "echo";
    EXPECT_EQ(wrong_fields(body),
              (std::vector<std::string>{"acount", "account_id", "phone_number", "access_token",
                                        "business_profile.industry", "business_profile.websites",
                                        "webhook_config.events", "agent_webhook_url"}));
    EXPECT_EQ(wrong_fields(json::array()), std::vector<std::string>{""});
    EXPECT_EQ(wrong_fields(json::object()),
              (std::vector<std::string>{"account_id", "phone_number", "agent"}));
    for (const char* path : {"./echo.so", "echo.so", "/opt/a"})
        EXPECT_EQ(wrong_fields({{"account_id", "a"}, {"phone_number_id", "1"}, {"agent", path}}),
                  std::vector<std::string>{"agent"})
            << path;
}

TEST(AccountRequest, knows_the_names_of_events) {
    const auto told = [](const json& events) {
        json body = seed();
        body["webhook_config"]["events"] = events;
        const auto read = read_new_account(body.dump());
        return read ? std::string() : read.error().message;
    };
    EXPECT_EQ(told({"message.received", "message.sent", "message.delivered", "message.read", "message.played",
                    "message.failed"}),
              "");
    const std::string unknown = told({"message.received", "message.opened"});
    EXPECT_NE(unknown.find("webhook_config.events: \"message.opened\" is not known"), std::string::npos)
        << unknown;
    EXPECT_NE(unknown.find("message.delivered"), std::string::npos) << "and which are";
    EXPECT_NE(told({"message.received", 7}).find("\"7\""), std::string::npos);
    for (const json& without : {json::array(), json{"message.failed"}})
        EXPECT_NE(told(without).find("message.received is missing"), std::string::npos);
}

TEST(AccountRequest, reads_codes_as_people_write_them) {
    EXPECT_EQ(read_code_answer(R"({"account_id":"a","verification_code":"123-830"})")->code.reveal(),
              "123830");
    EXPECT_FALSE(read_code_answer(R"({"account_id":"a","verification_code":"12"})"));
    EXPECT_EQ(
        read_code_request(R"({"account_id":"a","verification_method":"VOICE","language":"hi"})")->method,
        CodeMethod::voice);
    EXPECT_FALSE(read_code_request(R"({"account_id":"a","verification_method":"pigeon"})"));
}

TEST(AccountFailures, become_problem_documents_with_their_fields) {
    AccountFailure failure(Errc::busy, "too many codes");
    failure.remedy = "wait";
    failure.wait = Millis{1500};
    failure.graph_code = 136024;
    failure.fields.push_back({"pin", "expected six digits"});
    const HttpResponse response = to_problem(failure);
    EXPECT_EQ(response.status, 429);
    EXPECT_EQ(response.content_type, "application/problem+json");
    EXPECT_EQ(json::parse(response.body),
              json({{"type", "about:blank"},
                    {"title", "Too Many Requests"},
                    {"status", 429},
                    {"detail", "too many codes"},
                    {"remedy", "wait"},
                    {"graph_code", 136024},
                    {"errors", {{{"field", "pin"}, {"message", "expected six digits"}}}}}));
    ASSERT_EQ(response.headers.size(), 1U);
    EXPECT_EQ(response.headers[0].second, "2");
    const std::vector<std::pair<Errc, int>> kinds{{Errc::invalid_input, 422}, {Errc::not_found, 404},
                                                  {Errc::conflict, 409},      {Errc::unauthorized, 422},
                                                  {Errc::unavailable, 503},   {Errc::fault, 500}};
    for (const auto& [kind, status] : kinds) EXPECT_EQ(to_problem({kind, "x"}).status, status);
}

TEST(AccountHealth, is_as_bad_as_the_worst_that_either_side_says) {
    HealthParts parts{};
    parts.account.id = DeploymentId("acme");
    parts.account.channel = PhoneNumberId("1");
    parts.meta.emplace(NumberFacts{});
    (*parts.meta)->status = "CONNECTED";
    EXPECT_EQ(health_json(parts).at("verdict"), "healthy");
    (*parts.meta)->quality = "RED";
    EXPECT_EQ(health_json(parts).at("verdict"), "degraded");
    (*parts.meta)->status = "BANNED";
    EXPECT_EQ(health_json(parts).at("verdict"), "unhealthy");
    parts.meta.emplace(AccountFailure(Errc::unavailable, "no answer"));
    const Json unknown = health_json(parts);
    EXPECT_EQ(unknown.at("verdict"), "degraded");
    EXPECT_EQ(unknown.at("meta").at("error"), "no answer");
    parts.account.state = AccountState::code_sent;
    const Json waiting = health_json(parts);
    EXPECT_EQ(waiting.at("verdict"), "unhealthy");
    EXPECT_EQ(waiting.at("reasons").at(0).at("remedy"), "POST /api/bsp/verify-phone with the six digits");
}

}  // namespace
}  // namespace parley
