// Accounts created while the engine runs: a number's whole life over the API, and what is refused of it.
#include "accounts.hpp"

namespace parley::scenario {
namespace {

TEST_F(Accounts, live_from_their_creation_to_their_end) {
    start();
    const Answer created = create(order());
    ASSERT_EQ(created.status, 201) << created.body.dump();
    EXPECT_EQ(created.body.value("status", ""), "code_sent");
    const std::string number = created.body.value("phone_number_id", "");
    EXPECT_EQ(create(order()).status, 200);
    Json other = order();
    other["business_profile"]["name"] = "Another";
    EXPECT_EQ(create(other).status, 409);
    EXPECT_EQ(
        post("/api/bsp/send-message", {{"account_id", "acme-cards"}, {"to", person(1)}, {"message", "x"}})
            .status,
        409)
        << "its number is not verified yet";

    const Answer soon =
        post("/api/bsp/request-verification",
             {{"account_id", "acme-cards"}, {"verification_method", "voice"}, {"language", "en_US"}});
    EXPECT_EQ(soon.status, 429) << "the code of a moment ago may still arrive";
    EXPECT_EQ(post("/api/bsp/verify-phone", {{"account_id", "acme-cards"}, {"verification_code", "000-000"}})
                  .status,
              422);
    verify();

    say(number, "hello");
    EXPECT_TRUE(hears("bot: hello"));
    ASSERT_FALSE(bot_.asked().empty());
    EXPECT_EQ(bot_.asked().front().body.at("metadata").value("account_id", ""), "acme-cards");

    const Json message{{"account_id", "acme-cards"}, {"to", "+" + person(1)}, {"message", "from the API"}};
    const Answer sent = post("/api/bsp/send-message?wait=true", message, "once");
    EXPECT_EQ(sent.status, 200) << sent.body.dump();
    EXPECT_EQ(sent.body.value("wamid", "").substr(0, 6), "wamid.");

    EXPECT_EQ(post("/api/accounts/acme-cards/pause", nullptr).body.value("status", ""), "paused");
    say(number, "while it is paused");
    // Late statuses may be unrouted, too.
    EXPECT_TRUE(eventually([&] { return get_json("/api/status").at("stored").value("messages", 0) == 2; }));
    EXPECT_EQ(post("/api/bsp/send-message", message).status, 409);
    restart();
    EXPECT_EQ(status_of_account(), "paused");
    EXPECT_EQ(post("/api/accounts/acme-cards/resume", nullptr).body.value("status", ""), "active");
    EXPECT_TRUE(hears("bot: while it is paused"));
    say(number, "again");
    EXPECT_TRUE(hears("bot: again"));

    const std::uint64_t before = accepted();
    const Answer repeated = post("/api/bsp/send-message?wait=true", message, "once");
    EXPECT_EQ(repeated.status, 200) << "the key is remembered over the restart";
    EXPECT_EQ(repeated.body, sent.body);
    EXPECT_EQ(accepted(), before);
    EXPECT_EQ(post("/api/bsp/send-message",
                   {{"account_id", "acme-cards"}, {"to", person(2)}, {"message", "y"}}, "once")
                  .status,
              409);

    const Json health = get_json("/api/bsp/account-health/acme-cards");
    EXPECT_EQ(health.value("verdict", ""), "healthy") << health.dump();
    EXPECT_EQ(health.at("engine").at("last_24_hours").value("in", 0), 3);
    EXPECT_EQ(health.at("meta").value("status", ""), "CONNECTED");

    const Answer gone = call("DELETE", "/api/bsp/delete-account/acme-cards?deregister=true");
    EXPECT_EQ(gone.status, 200) << gone.body.dump();
    EXPECT_EQ(gone.body.value("dead_lettered", 9), 0);
    EXPECT_FALSE(gone.body.contains("not_deregistered_because")) << gone.body.dump();
    EXPECT_EQ(get("/api/accounts/acme-cards"), 404);
    EXPECT_EQ(get_json("/api/accounts").at("data").size(), 1U) << "the file's deployment is still there";
    EXPECT_FALSE(World::repeated());
}

TEST_F(Accounts, that_cannot_be_are_refused_whole_and_leave_nothing) {
    start();
    const Answer wrong =
        create({{"account_id", "no spaces"}, {"phone_numbr", "+91"}, {"agent", "../echo.so"}, {"pin", "12"}});
    EXPECT_EQ(wrong.status, 422);
    std::vector<std::string> fields;
    for (const Json& one : wrong.body.at("errors")) fields.push_back(one.at("field"));
    EXPECT_EQ(fields,
              (std::vector<std::string>{"phone_numbr", "account_id", "phone_number", "pin", "agent"}));

    const Json echo{{"account_id", "support"}, {"phone_number_id", "222"}, {"agent", "echo"}};
    Json changed = echo;
    changed["account_id"] = "shop";
    EXPECT_EQ(create(changed).status, 409) << "the file has the name";
    changed = echo;
    changed["phone_number_id"] = "111";
    EXPECT_NE(create(changed).body.value("detail", "").find("the deployment shop"), std::string::npos);
    changed = echo;
    changed["agent"] = "credit-card-agent";
    changed["config"] = {{"facts", "/etc/passwd"}, {"no_such_key", 1}};
    const Answer refused = create(changed);
    EXPECT_EQ(refused.status, 422);
    EXPECT_NE(refused.body.dump().find("config.facts"), std::string::npos) << refused.body.dump();
    EXPECT_NE(refused.body.dump().find("no_such_key"), std::string::npos) << refused.body.dump();
    EXPECT_EQ(call("DELETE", "/api/bsp/delete-account/shop").status, 409);
    EXPECT_EQ(get_json("/api/accounts").at("data").size(), 1U);

    meta.post(
        envelope({change("222", R"("messages":[)" + text_message(person(1), "wamid.early", "early") + "]")}));
    EXPECT_EQ(create(echo).status, 201) << "nothing of the others stood in its way";
    EXPECT_TRUE(hears("early")) << "what came before it was kept";
    const Answer long_text =
        post("/api/bsp/send-message",
             {{"account_id", "support"}, {"to", person(1)}, {"message", std::string(5000, 'x')}});
    EXPECT_EQ(long_text.status, 202);
    EXPECT_EQ(long_text.body.at("messages").size(), 2U);
    const Answer over = post("/api/bsp/send-message", {{"account_id", "support"},
                                                       {"to", person(1)},
                                                       {"type", "text"},
                                                       {"text", {{"body", std::string(5000, 'x')}}}});
    EXPECT_EQ(over.status, 422);
    EXPECT_EQ(over.body.at("errors").at(0).value("field", ""), "text.body");
}

TEST_F(Accounts, tell_their_agents_the_statuses_that_they_name_and_store_all) {
    start();
    const Json order{
        {"account_id", "support"},
        {"phone_number_id", "222"},
        {"agent", "http-forwarder"},
        {"config",
         {{"url", "http://" + bot_address_.address() + "/hook"}, {"format", "whatsapp"}, {"statuses", true}}},
        {"webhook_config", {{"events", {"message.received", "message.delivered"}}}}};
    Json wrong = order;
    wrong["webhook_config"]["events"] = {"message.received", "message.opened"};
    const Answer refused = create(wrong);
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.body.at("errors").at(0).value("field", ""), "webhook_config.events");
    ASSERT_EQ(create(order).status, 201);

    const Answer sent = post("/api/bsp/send-message?wait=true",
                             {{"account_id", "support"}, {"to", person(1)}, {"message", "watched"}});
    ASSERT_EQ(sent.status, 200) << sent.body.dump();
    const std::string told = "/api/messages/" + sent.body.value("id", "");
    EXPECT_TRUE(eventually([&] { return get_json(told).dump().find("\"delivered\"") != std::string::npos; }));
    // What comes after the statuses of one conversation is told after them.
    meta.post(
        envelope({change("222", R"("messages":[)" + text_message(person(1), "wamid.after", "after") + "]")}));
    EXPECT_TRUE(eventually([&] {
        const auto asked = bot_.asked();
        return !asked.empty() && asked.back().raw.find("wamid.after") != std::string::npos;
    }));
    const auto asked = bot_.asked();
    ASSERT_EQ(asked.size(), 2U);
    EXPECT_EQ(asked.front().body["entry"][0]["changes"][0]["value"]["statuses"][0]["status"], "delivered")
        << asked.front().raw;
}

TEST_F(Accounts, are_sealed_again_when_the_key_changes_and_not_opened_by_another) {
    start();
    EXPECT_EQ(create({{"account_id", "support"},
                      {"phone_number_id", "222"},
                      {"agent", "echo"},
                      {"access_token", "scenario-token"}})
                  .status,
              201);
    restart("[\"${KEY_B}\", \"${KEY_A}\"]");
    restart("${KEY_B}");
    meta.post(
        envelope({change("222", R"("messages":[)" + text_message(person(1), "wamid.1", "sealed") + "]")}));
    EXPECT_TRUE(eventually([&] { return !texts_to(person(1)).empty(); }));
    restart("${KEY_A}");
    ASSERT_TRUE(process->end().has_value());
    const std::string told = text_of(folder_.path() / "engine.log");
    EXPECT_NE(told.find("accounts.key does not open"), std::string::npos) << told;
    EXPECT_NE(told.find("of the account support"), std::string::npos) << told;
    start("");
    EXPECT_NE(text_of(folder_.path() / "engine.log").find("accounts.key is not set"), std::string::npos);
}

TEST_F(Accounts, that_are_deleted_leave_what_cannot_be_sent_as_dead_letters) {
    agents_options = ", drain_timeout: 300ms";
    start();
    EXPECT_EQ(create({{"account_id", "support"}, {"phone_number_id", "222"}, {"agent", "echo"}}).status, 201);
    graph.reset();  // nothing can be sent any more
    const Json message{{"account_id", "support"}, {"to", person(1)}, {"message", "too late"}};
    EXPECT_EQ(post("/api/bsp/send-message", message).status, 202);
    const Answer gone = call("DELETE", "/api/bsp/delete-account/support");
    EXPECT_EQ(gone.status, 200) << gone.body.dump();
    EXPECT_EQ(gone.body.value("dead_lettered", 0), 1);
    EXPECT_EQ(get_json("/api/dead-letters").at("data").at(0).value("reason", ""), "its account was deleted");
    EXPECT_EQ(get_json("/api/status").at("backlog").value("unsent", 9), 0);
    restart();
    EXPECT_EQ(get_json("/api/status").at("backlog").value("unsent", 9), 0);
    EXPECT_EQ(post("/api/bsp/send-message", message).status, 404);
}

}  // namespace
}  // namespace parley::scenario
