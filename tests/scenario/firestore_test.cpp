// Accounts and webhook logs in a Firestore emulator: they outlive the engine, and its absence stops no webhook.
#include <fstream>

#include "base/base64.hpp"
#include "fakes/firestore_emulator.hpp"
#include "served.hpp"

namespace parley::scenario {
namespace {

using sim::Json;

class InFirestore : public Served {
  protected:
    void SetUp() override {
        if (!fakes::FirestoreEmulator::is_installed()) GTEST_SKIP() << fakes::FirestoreEmulator::missing;
        sim::Behaviour silent;  // no statuses: they would be logged whenever they come
        silent.statuses = false;
        start_graph(std::move(silent));
        emulator = std::make_unique<fakes::FirestoreEmulator>(port());
    }
    std::string port() const { return address_.address().substr(address_.address().rfind(':') + 1); }

    void start() {
        std::ofstream(folder_.path() / ".env")
            << "SECRET=" << secret
            << "\nTOKEN=scenario-token\nKEY=scenario-key\nACCOUNTS_KEY=" << to_base64(std::string(32, 'a'))
            << "\nFIRESTORE_EMULATOR_HOST=" << address_.address() << "\n";
        std::ofstream(config()) << config_text()
                                << "accounts:\n  store: firestore\n  key: ${ACCOUNTS_KEY}\n"
                                   "  firestore: { project: demo-parley, webhook_logs: true }\n";
        serve();
    }
    void stop() {
        process->signal(SIGTERM);
        EXPECT_EQ(process->wait().code, 0) << text_of(folder_.path() / "engine.log");
    }

    Json call(const std::string& method, const std::string& path, int expected, const Json& body = nullptr) {
        HttpCall call;
        call.method = method;
        call.url = door() + path;
        call.headers = {{"X-API-Key", "scenario-key"}, {"Content-Type", "application/json"}};
        if (!body.is_null()) call.body = body.dump();
        call.timeout = Millis{40'000};
        const HttpOutcome outcome = ask(std::move(call));
        if (!outcome.reply) return {};
        EXPECT_EQ(outcome.reply->status, expected) << outcome.reply->body;
        return Json::parse(outcome.reply->body, nullptr, false);
    }
    void create_support() {
        call("POST", "/api/bsp/create-account", 201,
             {{"account_id", "support"},
              {"phone_number_id", "222"},
              {"agent", "echo"},
              {"access_token", "scenario-token"}});
    }
    void say(const std::string& number, int user, const std::string& id) {
        EXPECT_EQ(meta.post(envelope(
                      {change(number, R"("messages":[)" + text_message(person(user), id, id) + "]")})),
                  200);
    }

    // The fields of all documents of a collection, as the emulator has them.
    Json documents(const std::string& collection) {
        HttpCall call;
        call.url = "http://" + address_.address() +
                   "/v1/projects/demo-parley/databases/(default)/documents/" + collection + "?pageSize=1000";
        call.headers = {{"Authorization", "Bearer owner"}};
        const HttpOutcome outcome = ask(std::move(call));
        Json all = Json::array();
        if (!outcome.reply) return all;
        const Json answer = Json::parse(outcome.reply->body, nullptr, false);
        for (const Json& one : answer.value("documents", Json::array())) all.push_back(one.at("fields"));
        return all;
    }
    std::size_t logs_of(int user) {
        std::size_t count = 0;
        for (const Json& fields : documents("whatsapp_webhook_logs"))
            if (fields.value("user", Json::object()).value("stringValue", "") == person(user)) ++count;
        return count;
    }
    bool hears(int user, const std::string& text) {
        return eventually([&] {
            const auto texts = texts_to(person(user));
            return std::find(texts.begin(), texts.end(), text) != texts.end();
        });
    }

    FreePort address_;
    std::unique_ptr<fakes::FirestoreEmulator> emulator;
};

TEST_F(InFirestore, accounts_outlive_the_engine_and_their_end_is_theirs) {
    start();
    create_support();
    const Json stored = documents("whatsapp_accounts");
    ASSERT_EQ(stored.size(), 1U);
    EXPECT_EQ(stored.at(0).at("deployment_id").at("stringValue"), "support");
    EXPECT_EQ(stored.at(0).at("status").at("stringValue"), "active");
    EXPECT_EQ(stored.dump().find("scenario-token"), std::string::npos) << "it is sealed";

    stop();
    start();
    EXPECT_EQ(call("GET", "/api/accounts/support", 200).value("status", ""), "active");
    say("222", 1, "wamid.after");
    EXPECT_TRUE(hears(1, "wamid.after"));

    call("DELETE", "/api/bsp/delete-account/support", 200);
    EXPECT_TRUE(documents("whatsapp_accounts").empty());
    call("GET", "/api/accounts/support", 404);
    stop();
}

TEST_F(InFirestore, accounts_that_cannot_be_read_end_the_start_with_the_reason) {
    emulator.reset();
    start();
    EXPECT_EQ(process->wait().code, 1);
    const std::string told = text_of(folder_.path() / "engine.log");
    EXPECT_NE(told.find("parley serve: Firestore cannot be reached: "), std::string::npos) << told;
}

TEST_F(InFirestore, webhook_logs_are_written_wait_while_it_is_down_and_go_with_the_person) {
    start();
    say("111", 1, "wamid.1");
    say("111", 2, "wamid.2");
    EXPECT_TRUE(eventually([&] { return logs_of(1) == 1 && logs_of(2) == 1; }));
    EXPECT_TRUE(hears(1, "wamid.1"));

    EXPECT_TRUE(eventually([&] { return get_json("/api/status").at("backlog").value("unsent", 9) == 0; }));
    call("DELETE", "/api/conversations/shop/" + person(1), 200);
    EXPECT_EQ(logs_of(1), 0U);
    EXPECT_EQ(logs_of(2), 1U);

    emulator.reset();
    say("111", 3, "wamid.3");
    EXPECT_TRUE(hears(3, "wamid.3")) << "whether it is there or not";
    emulator = std::make_unique<fakes::FirestoreEmulator>(port());
    EXPECT_TRUE(eventually([&] { return logs_of(3) >= 1; })) << text_of(folder_.path() / "engine.log");
    stop();
}

}  // namespace
}  // namespace parley::scenario
