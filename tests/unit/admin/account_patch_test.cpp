// What PATCH makes of the request that created an account.
#include "admin/account_patch.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace parley {
namespace {

using nlohmann::json;

CurrentAccount acme() {
    const json request{
        {"account_id", "acme"},
        {"phone_number", "+919800000100"},
        {"business_profile", {{"name", "Acme"}, {"industry", "technology"}, {"email", "a@acme.example"}}},
        {"webhook_config", {{"url", "https://acme.example/hook"}}},
        {"agent", "echo"},
        {"config", {{"greeting", "hello"}, {"limit", 3}}}};
    return {DeploymentId("acme"), PhoneNumberId("300"), "2000", true, request.dump()};
}

std::vector<std::string> wrong_fields(const json& patch) {
    const auto read = read_change(acme(), patch.dump());
    std::vector<std::string> fields;
    EXPECT_FALSE(read) << patch;
    if (read) return fields;
    EXPECT_EQ(read.error().kind, Errc::invalid_input);
    for (const FieldMistake& one : read.error().fields) fields.push_back(one.field);
    return fields;
}

TEST(AccountPatch, merges_members_and_takes_away_what_is_null) {
    const auto read = read_change(
        acme(), R"({"config":{"limit":null,"tone":"kind"},"access_token":"EAAG-new","webhook_config":null})");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(json::parse(read->account.config_json), (json{{"greeting", "hello"}, {"tone", "kind"}}));
    EXPECT_TRUE(read->account.access_token.equals("EAAG-new"));
    EXPECT_EQ(read->account.agent, "echo");
    EXPECT_FALSE(json::parse(read->account.details_json).contains("webhook_config"));
    EXPECT_EQ(read->account.channel.str(), "300") << "as it is, though the request did not have it";
    EXPECT_EQ(read->fields, "access_token, config, webhook_config");
    EXPECT_FALSE(tells_anything(read->profile));
}

TEST(AccountPatch, tells_meta_only_what_of_the_profile_has_changed) {
    const auto read = read_change(
        acme(), R"({"business_profile":{"description":"Cards","industry":"technology","email":null}})");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->profile.description, "Cards");
    EXPECT_EQ(read->profile.email, "") << "an empty one takes it away at Meta";
    EXPECT_FALSE(read->profile.vertical);
    CurrentAccount unknown = acme();
    unknown.channel = PhoneNumberId();
    const auto early = read_change(unknown, R"({"business_profile":{"name":"Acme Two","about":"Hi"}})");
    ASSERT_TRUE(early) << early.error().message;
    EXPECT_EQ(early->account.verified_name, "Acme Two");
    EXPECT_FALSE(tells_anything(early->profile)) << "its creation will tell all of it";
}

TEST(AccountPatch, says_which_fields_stay_as_they_are) {
    EXPECT_EQ(wrong_fields({{"account_id", "other"},
                            {"phone_number_id", 301},
                            {"waba_id", nullptr},
                            {"phone_number", "+919800000101"},
                            {"pin", "123456"},
                            {"business_profile", {{"name", "Other"}, {"industry", nullptr}}}}),
              (std::vector<std::string>{"account_id", "phone_number_id", "waba_id", "phone_number", "pin",
                                        "business_profile.name", "business_profile.industry"}));
    const auto same = read_change(
        acme(),
        R"({"account_id":"acme","phone_number_id":300,"waba_id":"2000","phone_number":"+91 98000-00100"})");
    ASSERT_TRUE(same) << same.error().message;
    EXPECT_EQ(same->account.request_json, acme().request_json) << "nothing has changed";
}

TEST(AccountPatch, holds_the_whole_against_the_rules_of_a_new_account) {
    EXPECT_EQ(wrong_fields({{"agnt", "echo"}}), std::vector<std::string>{"agnt"});
    EXPECT_EQ(wrong_fields({{"agent", "./echo.so"}}), std::vector<std::string>{"agent"});
    EXPECT_EQ(wrong_fields({{"agent_webhook_url", "https://acme.example/agent"}}),
              std::vector<std::string>{"agent_webhook_url"});
    EXPECT_EQ(wrong_fields({{"webhook_config", {{"events", {"message.seen"}}}}}),
              std::vector<std::string>{"webhook_config.events"});
    EXPECT_EQ(wrong_fields({{"access_token", ""}}), std::vector<std::string>{"access_token"});
    EXPECT_EQ(wrong_fields(json::array()), std::vector<std::string>{""});
    const auto moved = read_change(
        acme(), R"({"agent":null,"config":null,"agent_webhook_url":"https://acme.example/agent"})");
    ASSERT_TRUE(moved) << moved.error().message;
    EXPECT_EQ(moved->account.agent, "http-forwarder");
}

TEST(AccountPatch, compares_if_match_as_http_does) {
    EXPECT_EQ(etag_of(7), "\"7\"");
    EXPECT_TRUE(is_match("", 7));
    EXPECT_TRUE(is_match("*", 7));
    EXPECT_TRUE(is_match("\"3\" , \"7\"", 7));
    EXPECT_FALSE(is_match("\"8\"", 7));
    EXPECT_FALSE(is_match("W/\"7\"", 7)) << "a weak one says less than that it is the same";
    EXPECT_FALSE(is_match("7", 7));
}

}  // namespace
}  // namespace parley
