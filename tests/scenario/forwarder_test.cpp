// A bot of somebody's own behind the http-forwarder, through the whole engine.
#include <atomic>

#include "base/base64.hpp"
#include "base/crypto/hmac.hpp"
#include "bot.hpp"
#include "world.hpp"

namespace parley::scenario {
namespace {

using Texts = std::vector<std::string>;

class Forwarder : public World {
  protected:
    void start(const std::string& more_config = "", const std::string& deadline = "30s") {
        deployments = deployment(
            "shop", "111", "{ url: \"http://" + bot_address_.address() + "/hook\"" + more_config + " }",
            "    allow_private_networks: true\n    deadline: " + deadline + "\n", "http-forwarder");
        start_graph();
        start_engine();
    }
    void start_bot(Bot::Answer answer) {
        bot = std::make_unique<Bot>(bot_address_.address(), std::move(answer));
        ASSERT_TRUE(bot->start());
    }
    int post(const std::string& user, const std::string& id, const std::string& text) {
        return meta.post(envelope({change("111", "\"messages\":[" + text_message(user, id, text) + "]")}));
    }
    static HttpResponse says(const std::string& text) {
        return HttpResponse::json(200, "{\"message\":" + json_string(text) + "}");
    }
    static HttpResponse repeats(const Bot::Request& request) {
        return says("bot: " + request.body.value("content", ""));
    }
    sim::Json dead_letters() {
        HttpCall call;
        call.url = door() + "/api/dead-letters";
        call.headers = {{"X-API-Key", "scenario-key"}};
        const HttpOutcome outcome = ask(std::move(call));
        return outcome.reply ? sim::Json::parse(outcome.reply->body).at("data") : sim::Json();
    }

    FreePort bot_address_;
    std::unique_ptr<Bot> bot;
};

TEST_F(Forwarder, brings_the_bots_answer_back) {
    start(", secret: shared-secret");
    start_bot(repeats);
    ASSERT_EQ(post(person(91), "wamid.1", "Hi"), 200);
    EXPECT_TRUE(eventually([&] { return texts_to(person(91)) == Texts{"bot: Hi"}; }));
    const std::vector<Bot::Request> asked = bot->asked();
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].id, "wamid.1");
    EXPECT_EQ(asked[0].body.at("from"), "+" + person(91));
    EXPECT_EQ(asked[0].body.at("metadata").at("deployment_id"), "shop");
    const HmacSha256 key(Secret("shared-secret"));
    const Sha256 mac = key.mac(asked[0].id + "." + asked[0].timestamp + "." + asked[0].raw);
    EXPECT_EQ(asked[0].signature, "v1," + to_base64({reinterpret_cast<const char*>(mac.data()), mac.size()}));
}

TEST_F(Forwarder, tries_again_until_the_bot_is_back) {
    start();
    ASSERT_EQ(post(person(91), "wamid.1", "first"), 200);
    ASSERT_EQ(post(person(91), "wamid.2", "second"), 200);
    std::atomic<int> failures{0};
    start_bot([&](const Bot::Request& request) {
        return ++failures <= 2 ? HttpResponse::text(503, "later") : repeats(request);
    });
    EXPECT_TRUE(eventually([&] { return texts_to(person(91)).size() == 2; }));
    EXPECT_EQ(texts_to(person(91)), (Texts{"bot: first", "bot: second"}));
    EXPECT_TRUE(dead_letters().empty());
}

TEST_F(Forwarder, falls_back_when_the_bot_stays_away) {
    start(", max_attempts: 2");
    ASSERT_EQ(post(person(91), "wamid.1", "Hi"), 200);
    EXPECT_TRUE(eventually([&] { return texts_to(person(91)) == Texts{"Sorry."}; }));
    const sim::Json letters = dead_letters();
    ASSERT_EQ(letters.size(), 1U) << letters.dump();
    EXPECT_NE(letters.at(0).at("detail").get<std::string>().find("given up at attempt 2"), std::string::npos)
        << letters.dump();
}

TEST_F(Forwarder, falls_back_at_once_when_the_bot_refuses) {
    start();
    start_bot([](const Bot::Request&) { return HttpResponse::text(400, "what?"); });
    ASSERT_EQ(post(person(91), "wamid.1", "Hi"), 200);
    EXPECT_TRUE(eventually([&] { return texts_to(person(91)) == Texts{"Sorry."}; }));
    EXPECT_EQ(bot->asked().size(), 1U);
    EXPECT_EQ(dead_letters().size(), 1U);
}

TEST_F(Forwarder, asks_for_each_message_of_a_burst) {
    start();
    start_bot(repeats);
    constexpr int people = 1500;  // more than the operations an agent may have
    Texts messages;
    for (int i = 0; i < people; ++i)
        messages.push_back(text_message(person(1000 + i), "wamid.b" + std::to_string(i), std::to_string(i)));
    ASSERT_EQ(meta.post(envelope({change("111", "\"messages\":[" + join(messages) + "]")})), 200);
    EXPECT_TRUE(eventually([&] { return accepted() == people; }));
    EXPECT_TRUE(dead_letters().empty());
    for (int i = 0; i < people; ++i)
        EXPECT_EQ(texts_to(person(1000 + i)), Texts{"bot: " + std::to_string(i)});
}

}  // namespace
}  // namespace parley::scenario
