// A person is erased from all that the engine keeps on disk.
#include "served.hpp"

namespace parley::scenario {
namespace {

class ErasedPerson : public Served {
  protected:
    void say(int user, const std::string& text) {
        const std::string id = "wamid." + text + std::to_string(user);
        const std::size_t before = texts_to(person(user)).size();
        EXPECT_EQ(meta.post(envelope(
                      {change("111", "\"messages\":[" + text_message(person(user), id, text) + "]")})),
                  200);
        EXPECT_TRUE(eventually([&] { return texts_to(person(user)).size() > before; }));
    }
    int erase(int user, sim::Json* answer = nullptr) {
        HttpCall call;
        call.method = "DELETE";
        call.url = door() + "/api/conversations/shop/" + person(user);
        call.headers = {{"X-API-Key", "scenario-key"}};
        const HttpOutcome outcome = ask(std::move(call));
        if (answer != nullptr && outcome.reply) *answer = sim::Json::parse(outcome.reply->body);
        return outcome.reply ? outcome.reply->status : 0;
    }
    // The files below the engine's folder in which the text stands.
    std::vector<std::string> files_with(const std::string& text) const {
        std::vector<std::string> found;
        for (const auto& one : std::filesystem::recursive_directory_iterator(store_folder))
            if (one.is_regular_file() && text_of(one.path()).find(text) != std::string::npos)
                found.push_back(one.path().filename().string());
        return found;
    }
    static std::string text_or_empty(const sim::Json& value) {
        return value.is_string() ? value.get<std::string>() : std::string();
    }
    std::size_t recorded_lines() const {
        std::size_t lines = 0;
        for (const auto& one :
             std::filesystem::directory_iterator(store_folder / "parley.db.records" / "shop")) {
            const std::string text = text_of(one.path());
            lines += static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) - 1;
        }
        return lines;
    }
};

TEST_F(ErasedPerson, leaves_records_keys_and_refused_webhooks_too) {
    deployments = deployment("shop", "111", "{}", "    record: true\n",
                             PARLEY_BINARY_DIR "/tests/scenario-agents/keeper-1.so");
    start_graph();
    write_config();
    serve();
    for (const int user : {1, 2}) {
        say(user, "note");
        say(user, "zebra" + std::to_string(user));
    }
    EXPECT_TRUE(eventually([&] { return recorded_lines() == 4; })) << recorded_lines();
    const std::string body =
        envelope({change("111", "\"messages\":[" + text_message(person(1), "wamid.x", "hi") + "]")});
    EXPECT_EQ(meta.post(body, "sha256=" + std::string(64, '0')), 401);

    sim::Json erased;
    EXPECT_TRUE(eventually([&] { return erase(1, &erased) == 200; })) << "once its sends are over";
    EXPECT_EQ(erased.at("erased").at("records"), 2) << erased.dump();
    EXPECT_EQ(erased.at("erased").at("keys"), 2) << erased.dump();
    EXPECT_EQ(erased.at("erased").at("refused_webhooks"), 1) << erased.dump();
    EXPECT_TRUE(erased.at("keys_naming_them").empty()) << "the second person's number stands there now";
    EXPECT_EQ(recorded_lines(), 2U);
    EXPECT_EQ(erase(1), 404);
    EXPECT_TRUE(get_json("/api/webhook-logs?outcome=refused").at("data").empty());
    say(1, "back");
    EXPECT_TRUE(eventually([&] { return recorded_lines() == 3; })) << "a stranger is recorded again";

    EXPECT_TRUE(eventually([&] { return erase(2, &erased) == 200; }));
    EXPECT_EQ(erased.at("keys_naming_them"), sim::Json({"guests"})) << erased.dump();
    process->signal(SIGTERM);
    process->wait();
    EXPECT_TRUE(files_with("zebra1").empty());
    EXPECT_TRUE(files_with("zebra2").empty());
    EXPECT_FALSE(files_with("back").empty());
}

TEST_F(ErasedPerson, is_masked_in_refused_webhooks_where_the_operator_wants_that) {
    deployments = deployment("shop", "111", "{}");
    start_graph();
    const auto refuse = [&] {
        const std::string body =
            envelope({change("111", "\"messages\":[" + text_message(person(1), "wamid.x", "hi") + "]")});
        EXPECT_EQ(meta.post(body, "sha256=" + std::string(64, '0')), 401);
        const sim::Json newest = get_json("/api/webhook-logs?outcome=refused").at("data").at(0);
        return text_or_empty(get_json("/api/webhook-logs/" + std::string(newest.at("id"))).at("body"));
    };
    write_config();
    serve();
    EXPECT_NE(refuse().find(person(1)), std::string::npos);
    const std::string before = text_of(config());
    const auto reload = [&](const std::string& bodies) {
        std::ofstream(config()) << before << "webhook: { log: { bodies: " << bodies << " } }\n";
        HttpCall call;
        call.method = "POST";
        call.url = door() + "/api/config/reload";
        call.headers = {{"X-API-Key", "scenario-key"}};
        const HttpOutcome outcome = ask(std::move(call));
        EXPECT_TRUE(outcome.reply && outcome.reply->status == 200)
            << (outcome.reply ? outcome.reply->body : std::string());
    };
    reload("redacted");
    const std::string masked = refuse();
    EXPECT_EQ(masked.find(person(1)), std::string::npos) << masked;
    EXPECT_NE(masked.find("whatsapp_business_account"), std::string::npos) << masked;
    reload("none");
    EXPECT_EQ(refuse(), "");
}

}  // namespace
}  // namespace parley::scenario
