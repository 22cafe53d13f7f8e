// Bots that know nothing of Parley, written with public SDKs: one batch of Meta reaches them event by event, in order,
// and what they send goes through the outbox, whoever is killed meanwhile.
#include "sdk_bot.hpp"

namespace parley::scenario {
namespace {

const std::string asha = person(91);

std::string batch_of_five() {
    std::vector<std::string> messages;
    for (const char* n : {"1", "2", "3", "4", "5"})
        messages.push_back(text_message(asha, std::string("wamid.in") + n, n));
    return "\"contacts\":[{\"profile\":{\"name\":\"Asha\"},\"wa_id\":\"" + asha + "\"}],\"messages\":[" +
           join(messages) + "]";
}

class SdkBotsTest : public SdkBots {
  protected:
    // The bot's greeting, so that there is something for statuses to be about.
    void greet() {
        ASSERT_EQ(meta.post(envelope(
                      {change("111", "\"messages\":[" + text_message(asha, "wamid.hi", "hi") + "]")})),
                  200);
        ASSERT_TRUE(eventually([&] { return count("message wamid.hi") == 1; })) << log();
        ASSERT_TRUE(eventually([&] { return is_settled(); }));
        greeting = notes("message wamid.hi").front();
        greeting = greeting.substr(greeting.rfind(' ') + 1);
        ASSERT_EQ(greeting, graph->cloud().accepted_to(asha).front().wamid);
    }
    int post_batch() {
        const std::string callback = graph->cloud().accepted_to(asha).front().callback;
        std::vector<std::string> statuses;
        for (const char* word : {"sent", "delivered"}) {
            std::string status = status_of(greeting, asha, word);
            status.pop_back();
            statuses.push_back(status + R"(,"biz_opaque_callback_data":")" + callback + "\"}");
        }
        return meta.post(envelope(
            {change("111", batch_of_five()), change("111", "\"statuses\":[" + join(statuses) + "]")}));
    }
    void expect_everything_in_order() {
        EXPECT_TRUE(eventually([&] { return count("status") == 2 && accepted() >= 6; })) << log();
        std::vector<std::string> got;
        for (const std::string& line : notes("message wamid.in"))
            got.push_back(line.substr(0, line.find(" ->")));
        EXPECT_EQ(got, (std::vector<std::string>{"message wamid.in1 Asha 1", "message wamid.in2 Asha 2",
                                                 "message wamid.in3 Asha 3", "message wamid.in4 Asha 4",
                                                 "message wamid.in5 Asha 5"}));
        EXPECT_EQ(notes("status"),
                  (std::vector<std::string>{"status sent " + greeting + " about wamid.hi",
                                            "status delivered " + greeting + " about wamid.hi"}));
        EXPECT_EQ(texts_to(asha),
                  (std::vector<std::string>{"bot: hi", "bot: 1", "bot: 2", "bot: 3", "bot: 4", "bot: 5"}));
        EXPECT_FALSE(repeated());
    }

    std::string greeting;  // the id of the message that the bot sent
};

TEST_P(SdkBotsTest, get_a_batch_event_by_event_and_in_order) {
    start_graph(silent());
    start_engine();
    start_bot();
    greet();
    ASSERT_EQ(post_batch(), 200);
    expect_everything_in_order();
}

TEST_P(SdkBotsTest, get_the_rest_after_they_were_killed_in_the_middle) {
    start_graph(silent());
    start_engine();
    start_bot("3");
    greet();
    ASSERT_EQ(post_batch(), 200);
    EXPECT_EQ(bot->wait().signal, SIGKILL);
    start_bot("3");
    expect_everything_in_order();
}

TEST_P(SdkBotsTest, get_what_came_before_the_engine_was_restarted) {
    start_graph(silent());
    start_engine();
    start_bot();
    greet();
    bot.reset();
    ASSERT_EQ(post_batch(), 200);
    engine.reset();
    start_engine();
    start_bot();
    expect_everything_in_order();
}

INSTANTIATE_TEST_SUITE_P(Of, SdkBotsTest, ::testing::Values("whatsapp-api-js", "kapso"));

}  // namespace
}  // namespace parley::scenario
