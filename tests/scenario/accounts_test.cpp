// Accounts created while the engine runs: a number's whole life over the API, and what is refused of it.
#include <fstream>

#include "base/base64.hpp"
#include "bot.hpp"
#include "served.hpp"

namespace parley::scenario {
namespace {

using sim::Json;

std::string sealing_key(char fill) {
    return to_base64(std::string(32, fill));
}

class Accounts : public Served {
  protected:
    Accounts() {
        start_graph(quick_statuses());
        EXPECT_TRUE(bot_.start());
    }
    void start(const std::string& keys = "${KEY_A}") {
        std::ofstream(folder_.path() / ".env")
            << "SECRET=" << secret << "\nTOKEN=scenario-token\nKEY=scenario-key\nKEY_A=" << sealing_key('a')
            << "\nKEY_B=" << sealing_key('b') << "\n";
        std::string text = config_text();
        const std::string after = "\n  app_secret: ${SECRET}";
        text.insert(text.find(after),
                    "\n  waba_id: \"2\"\n  access_token: ${TOKEN}\n  webhook_base_url: " + door());
        if (!keys.empty()) text += "accounts: { key: " + keys + ", allow_private_networks: true }\n";
        std::ofstream(config()) << text;
        serve();
    }
    void restart(const std::string& keys = "${KEY_A}") {
        process->signal(SIGTERM);
        EXPECT_TRUE(eventually([&] { return process->end().has_value(); }));
        start(keys);
    }

    struct Answer {
        int status = 0;
        Json body;
    };
    Answer call(const std::string& method, const std::string& path, const Json& body = nullptr,
                const std::string& idempotency_key = "") {
        HttpCall call;
        call.method = method;
        call.url = door() + path;
        call.headers = {{"X-API-Key", "scenario-key"}, {"Content-Type", "application/json"}};
        if (!idempotency_key.empty()) call.headers.emplace_back("Idempotency-Key", idempotency_key);
        if (!body.is_null()) call.body = body.dump();
        call.timeout = Millis{40'000};
        const HttpOutcome outcome = ask(std::move(call));
        if (!outcome.reply) return {};
        EXPECT_EQ(outcome.reply->body.find("scenario-token"), std::string::npos) << path;
        return {outcome.reply->status, Json::parse(outcome.reply->body, nullptr, false)};
    }
    Answer post(const std::string& path, const Json& body, const std::string& idempotency_key = "") {
        return call("POST", path, body, idempotency_key);
    }
    Answer create(Json body) { return post("/api/bsp/create-account", body); }

    // The seed's own example, and where its agent listens.
    Json order() const {
        return {{"account_id", "acme-cards"},
                {"phone_number", "+919800000100"},
                {"business_profile",
                 {{"name", "Acme Cards"}, {"industry", "technology"}, {"description", "Cards for everyone"}}},
                {"webhook_config",
                 {{"url", "https://acme.example/webhook"},
                  {"events", {"message.received", "message.delivered"}}}},
                {"agent_webhook_url", "http://" + bot_address_.address() + "/agent"}};
    }
    std::string status_of_account() { return get_json("/api/accounts/acme-cards").value("status", ""); }
    void verify() {
        const Json codes = graph->cloud().codes();
        const std::string code = codes.at("codes").at(0).at("code");
        const Answer verified =
            post("/api/bsp/verify-phone",
                 {{"account_id", "acme-cards"}, {"verification_code", code}, {"verification_method", "sms"}});
        EXPECT_EQ(verified.status, 200) << verified.body.dump();
        EXPECT_EQ(verified.body.value("status", ""), "active");
    }
    void say(const std::string& number, const std::string& text) {
        EXPECT_TRUE(
            graph->cloud().user_message({{"from", person(1)}, {"text", text}, {"phone_number_id", number}}));
    }
    bool hears(const std::string& text) {
        return eventually([&] {
            const auto texts = texts_to(person(1));
            return std::find(texts.begin(), texts.end(), text) != texts.end();
        });
    }

    FreePort bot_address_;
    Bot bot_{bot_address_.address(), [](const Bot::Request& asked) {
                 return HttpResponse::json(200, Json{{"message", "bot: " + asked.body.value("content", "")},
                                                     {"message_type", "text"}}
                                                    .dump());
             }};
};

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
