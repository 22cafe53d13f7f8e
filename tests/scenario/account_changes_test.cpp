// Accounts that run: changed, their templates and block lists, and calls that wait for Meta.
#include "accounts.hpp"

namespace parley::scenario {
namespace {

class AccountChanges : public Accounts {
  protected:
    void create_support() {
        const Answer made =
            create({{"account_id", "support"}, {"phone_number_id", "222"}, {"agent", "echo"}});
        ASSERT_EQ(made.status, 201) << made.body.dump();
    }
    Answer patch(const Json& change, const std::string& if_match = "") {
        return call("PATCH", "/api/accounts/support", change, "", if_match);
    }
    static std::string field_of(const Answer& answer) {
        return answer.body.contains("errors") ? answer.body["errors"][0].value("field", "")
                                              : answer.body.dump();
    }
    Json profile_at_meta() {
        HttpCall call;
        call.url =
            "http://" + graph_.address() + "/v25.0/222/whatsapp_business_profile?fields=email,vertical";
        call.headers = {{"Authorization", "Bearer scenario-token"}};
        const HttpOutcome outcome = ask(std::move(call));
        return outcome.reply ? Json::parse(outcome.reply->body, nullptr, false) : Json();
    }
    void add_fault(const Json& rule) {
        const auto added = graph->cloud().add_faults(rule);
        ASSERT_TRUE(added) << added.error().message();
    }
};

TEST_F(AccountChanges, take_effect_while_it_runs_or_change_nothing) {
    start();
    create_support();
    say("222", "to the first");
    EXPECT_TRUE(hears("to the first"));
    const std::string old =
        "\"" + std::to_string(get_json("/api/accounts/support").value("version", 0)) + "\"";

    const std::string bot = "http://" + bot_address_.address() + "/agent";
    const Answer moved = patch({{"agent", nullptr}, {"agent_webhook_url", bot}}, old);
    ASSERT_EQ(moved.status, 200) << moved.body.dump();
    EXPECT_EQ(moved.body.value("agent", ""), "http-forwarder");
    say("222", "to the second");
    EXPECT_TRUE(hears("bot: to the second"));
    EXPECT_EQ(patch({{"agent_webhook_url", bot}}).body, moved.body) << "the same again changes nothing";
    EXPECT_EQ(patch({{"config", {{"timeout", "5s"}}}}, old).status, 412);

    EXPECT_EQ(field_of(patch({{"phone_number_id", "111"}})), "phone_number_id");
    EXPECT_EQ(field_of(patch({{"config", {{"no_such_key", 1}}}})).substr(0, 6), "config");
    EXPECT_EQ(field_of(patch({{"access_token", "not-a-token-of-this-number"}})), "access_token");
    EXPECT_EQ(field_of(patch({{"webhook_config", {{"events", {"message.failed"}}}}})),
              "webhook_config.events");
    EXPECT_EQ(call("PATCH", "/api/accounts/shop", Json{{"agent", "echo"}}).status, 409);
    EXPECT_EQ(get_json("/api/accounts/support"), moved.body);
    say("222", "after what was refused");
    EXPECT_TRUE(hears("bot: after what was refused"));

    const Answer described =
        patch({{"business_profile", {{"email", "help@acme.example"}, {"industry", "finance"}}}});
    ASSERT_EQ(described.status, 200) << described.body.dump();
    EXPECT_EQ(profile_at_meta()["data"][0].value("email", ""), "help@acme.example");
    restart();
    EXPECT_EQ(get_json("/api/accounts/support"), described.body);
    say("222", "after a restart");
    EXPECT_TRUE(hears("bot: after a restart"));
    EXPECT_FALSE(World::repeated());
}

TEST_F(AccountChanges, of_a_profile_that_meta_refuses_are_taken_back) {
    start();
    create_support();
    add_fault({{"match", {{"call", "whatsapp_business_profile"}}}, {"graph_code", 100}});
    const Answer refused = patch({{"agent", nullptr},
                                  {"agent_webhook_url", "http://" + bot_address_.address() + "/agent"},
                                  {"business_profile", {{"email", "help@acme.example"}}}});
    EXPECT_EQ(refused.status, 422) << refused.body.dump();
    EXPECT_EQ(refused.body.value("graph_code", 0), 100);
    EXPECT_EQ(get_json("/api/accounts/support").value("agent", ""), "echo");
    say("222", "as before");
    EXPECT_TRUE(hears("as before"));
}

TEST_F(AccountChanges, templates_come_and_go) {
    start();
    create_support();
    const auto of = [](const std::string& name) {
        return Json{{"name", name},
                    {"language", "en_US"},
                    {"category", "UTILITY"},
                    {"components", Json::array({{{"type", "BODY"}, {"text", "Hi"}}})}};
    };
    const std::string path = "/api/accounts/support/templates";
    const Answer made = post(path, of("one"));
    EXPECT_EQ(made.status, 201) << made.body.dump();
    EXPECT_EQ(made.body.value("name", ""), "one");
    EXPECT_EQ(post(path, of("two")).status, 201);
    const Answer twice = post(path, of("two"));
    EXPECT_EQ(twice.status, 422) << twice.body.dump();
    EXPECT_NE(twice.body.value("graph_code", 0), 0);
    const Json first = get_json(path + "?limit=1");
    ASSERT_EQ(first["data"].size(), 1U);
    const Json second = get_json(path + "?limit=1&after=" + first.value("next", ""));
    EXPECT_EQ(second["data"][0].value("name", ""), "two");
    EXPECT_TRUE(second["next"].is_null()) << second.dump();
    EXPECT_EQ(call("DELETE", path + "?name=one").status, 200);
    EXPECT_EQ(get_json(path)["data"].size(), 1U);
    EXPECT_EQ(get("/api/accounts/nobody/templates"), 404);
    EXPECT_EQ(get("/api/accounts/shop/templates"), 422) << "this deployment of the file names no waba_id";
}

TEST_F(AccountChanges, people_are_blocked_and_unblocked) {
    start();
    create_support();
    say("222", "hello");
    EXPECT_TRUE(hears("hello"));
    const std::string path = "/api/accounts/support/blocked";
    const Answer blocked = post(path, {{"users", {"+" + person(1), person(2)}}});
    EXPECT_EQ(blocked.status, 200) << blocked.body.dump();
    EXPECT_EQ(blocked.body["blocked"][0].value("wa_id", ""), person(1));
    EXPECT_NE(blocked.body["failed"][0].value("reason", ""), "") << "the other has never written";
    EXPECT_EQ(get_json(path)["data"][0].value("wa_id", ""), person(1));
    EXPECT_EQ(call("DELETE", path, Json{{"users", {person(1)}}}).status, 200);
    EXPECT_TRUE(get_json(path)["data"].empty());
    EXPECT_EQ(field_of(post(path, {{"users", Json::array()}})), "users");
}

TEST_F(AccountChanges, a_slow_meta_keeps_only_its_own_account_waiting_and_not_the_end) {
    start();
    create_support();
    add_fault({{"match", {{"call", "number"}, {"phone_number_id", "222"}}}, {"delay_ms", 60'000}});
    HttpCall slow;
    slow.url = door() + "/api/bsp/account-health/support";
    slow.headers = {{"X-API-Key", "scenario-key"}};
    slow.timeout = Millis{90'000};
    std::promise<void> over;
    http_.start(std::move(slow), [&](const HttpOutcome&) { over.set_value(); });
    EXPECT_TRUE(eventually([&] { return graph->cloud().state("-", 0).at("faults").empty(); }))
        << "Meta was asked";
    EXPECT_EQ(get("/api/accounts/support"), 200);
    EXPECT_EQ(get("/api/accounts"), 200);
    EXPECT_EQ(get("/api/bsp/account-health/shop"), 200);

    const auto began = std::chrono::steady_clock::now();
    process->signal(SIGTERM);
    EXPECT_TRUE(eventually([&] { return process->end().has_value(); }));
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20))
        << "Graph has 30 s to answer";
    over.get_future().wait();
}

}  // namespace
}  // namespace parley::scenario
