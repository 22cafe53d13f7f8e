// A served engine with accounts turned on, and a bot that one of them may have as its agent.
#pragma once

#include <algorithm>
#include <fstream>

#include "base/base64.hpp"
#include "bot.hpp"
#include "served.hpp"

namespace parley::scenario {

using sim::Json;

inline std::string sealing_key(char fill) {
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
                const std::string& idempotency_key = "", const std::string& if_match = "") {
        HttpCall call;
        call.method = method;
        call.url = door() + path;
        call.headers = {{"X-API-Key", "scenario-key"}, {"Content-Type", "application/json"}};
        if (!idempotency_key.empty()) call.headers.emplace_back("Idempotency-Key", idempotency_key);
        if (!if_match.empty()) call.headers.emplace_back("If-Match", if_match);
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

}  // namespace parley::scenario
