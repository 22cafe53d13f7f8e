// The http-forwarder's format whatsapp through the whole engine: a bot that is down keeps nobody else waiting, and loses
// nothing.
#include <atomic>
#include <set>

#include "bot.hpp"
#include "served.hpp"

namespace parley::scenario {
namespace {

class WhatsappFormat : public Served {
  protected:
    void configure(const std::string& more_config = "", const std::string& more = "") {
        deployments = deployment("shop", "111",
                                 "{ url: \"http://" + bot_address_.address() +
                                     "/hook\", format: whatsapp, app_secret: bot-secret" + more_config + " }",
                                 "    allow_private_networks: true\n" + more, "http-forwarder") +
                      deployment("desk", "222", "{}");
        start_graph();
    }
    void start(const std::string& more_config = "") {
        configure(more_config);
        start_engine();
    }
    void start_bot(Bot::Answer answer) {
        bot = std::make_unique<Bot>(bot_address_.address(), std::move(answer));
        ASSERT_TRUE(bot->start());
    }
    static HttpResponse accepts(const Bot::Request&) { return HttpResponse::text(200, "EVENT_RECEIVED"); }
    static std::string id_of(const Bot::Request& request) {
        return request.body["entry"][0]["changes"][0]["value"]["messages"][0]["id"].get<std::string>();
    }
    std::vector<std::string> ids() const {
        std::vector<std::string> all;
        for (const Bot::Request& request : bot->asked()) all.push_back(id_of(request));
        return all;
    }
    std::string dead_letters() {
        HttpCall call;
        call.url = door() + "/api/dead-letters";
        call.headers = {{"X-API-Key", "scenario-key"}};
        const HttpOutcome outcome = ask(std::move(call));
        return outcome.reply ? outcome.reply->body : std::string();
    }

    FreePort bot_address_;
    std::unique_ptr<Bot> bot;
};

TEST_F(WhatsappFormat, a_bot_that_is_down_keeps_nobody_waiting_and_gets_everything_later) {
    start();
    constexpr int people = 1200;  // more than an agent may have open turns
    std::vector<std::string> messages;
    for (int round = 0; round < 2; ++round)
        for (int i = 0; i < people; ++i)
            messages.push_back(text_message(
                person(1000 + i), "wamid.p" + std::to_string(i) + "n" + std::to_string(round), "x"));
    ASSERT_EQ(meta.post(envelope({change("111", "\"messages\":[" + join(messages) + "]")})), 200);
    ASSERT_EQ(
        meta.post(envelope({change(
            "222", "\"messages\":[" + text_message(person(1), "wamid.desk1", "while it is down") + "]")})),
        200);
    EXPECT_TRUE(eventually([&] { return texts_to(person(1)).size() == 1; }));
    engine.reset();
    start_engine();
    ASSERT_EQ(
        meta.post(envelope({change(
            "222", "\"messages\":[" + text_message(person(1), "wamid.desk2", "after a restart") + "]")})),
        200);
    EXPECT_TRUE(eventually([&] { return texts_to(person(1)).size() == 2; }));
    start_bot(accepts);
    EXPECT_TRUE(eventually([&] { return bot->asked().size() == 2 * people; }));
    std::set<std::string> first_seen;
    for (const std::string& id : ids()) {
        const bool is_first = id.ends_with("n0");
        if (is_first) first_seen.insert(id);
        EXPECT_TRUE(is_first || first_seen.contains(id.substr(0, id.size() - 1) + "0"))
            << id << " came first";
    }
    EXPECT_EQ(first_seen.size(), std::size_t{people});
}

TEST_F(WhatsappFormat, what_is_never_accepted_is_a_dead_letter_and_the_next_message_has_its_try) {
    start(", retry_for: 1s");
    start_bot([](const Bot::Request& request) {
        return id_of(request) == "wamid.bad" ? HttpResponse::text(400, "no") : HttpResponse::text(200, "");
    });
    ASSERT_EQ(meta.post(envelope({change("111", "\"messages\":[" +
                                                    join({text_message(person(1), "wamid.bad", "1"),
                                                          text_message(person(1), "wamid.good", "2")}) +
                                                    "]")})),
              200);
    EXPECT_TRUE(eventually([&] { return !ids().empty() && ids().back() == "wamid.good"; }));
    EXPECT_TRUE(eventually([&] { return texts_to(person(1)) == std::vector<std::string>{"Sorry."}; }));
    EXPECT_NE(dead_letters().find("it was not accepted within retry_for"), std::string::npos)
        << dead_letters();
    EXPECT_GE(ids().size(), 3U);
}

TEST_F(WhatsappFormat, waits_for_the_bot_also_from_a_process_of_its_own) {
    configure("", "    isolation: process\n");
    write_config();
    serve();
    const std::string two =
        join({text_message(person(1), "wamid.1", "1"), text_message(person(1), "wamid.2", "2")});
    ASSERT_EQ(meta.post(envelope({change("111", "\"messages\":[" + two + "]")})), 200);
    std::atomic<int> refusals{0};
    start_bot([&](const Bot::Request&) { return HttpResponse::text(++refusals <= 2 ? 503 : 200, ""); });
    EXPECT_TRUE(eventually([&] { return bot->asked().size() == 4; }));
    EXPECT_EQ(ids(), (std::vector<std::string>{"wamid.1", "wamid.1", "wamid.1", "wamid.2"}));
    EXPECT_EQ(dead_letters().find("wamid"), std::string::npos) << dead_letters();
}

TEST_F(WhatsappFormat, reactions_come_too) {
    start();
    start_bot(accepts);
    const std::string reaction =
        R"({"from":")" + person(1) + R"(","id":"wamid.r","timestamp":")" +
        std::to_string(unix_ms(clock_.wall()) / 1000) +
        R"(","type":"reaction","reaction":{"message_id":"wamid.x","emoji":"\ud83d\udc4d"}})";
    ASSERT_EQ(meta.post(envelope({change("111", "\"messages\":[" + reaction + "]")})), 200);
    EXPECT_TRUE(eventually([&] { return bot->asked().size() == 1; }));
    EXPECT_NE(bot->asked().front().raw.find(R"("emoji":"\ud83d\udc4d")"), std::string::npos)
        << bot->asked().front().raw;
}

}  // namespace
}  // namespace parley::scenario
