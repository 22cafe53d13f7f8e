// From a signed webhook to the replies at Graph: every item of a POST, once, in order, by its own deployment.
#include "world.hpp"

namespace parley::scenario {
namespace {

using Texts = std::vector<std::string>;

class WebhookToReply : public World {
  protected:
    void SetUp() override {
        deployments = deployment("shop", "111", "{ prefix: \"shop:\" }") +
                      deployment("desk", "222", "{ prefix: \"desk:\" }");
        start_graph();
        start_engine();
    }
};

TEST_F(WebhookToReply, answers_a_message_once) {
    EXPECT_EQ(meta.answer(envelope(
                  {change("111", "\"messages\":[" + text_message(person(91), "wamid.1", "Hi") + "]")})),
              R"({"status":"ok","accepted":1,"duplicates":0,"unrouted":0,"refused":0})");
    EXPECT_TRUE(eventually([&] { return texts_to(person(91)) == Texts{"shop:Hi"}; }));
}

TEST_F(WebhookToReply, keeps_the_order_of_a_conversation) {
    Texts expected;
    for (int i = 0; i < 50; ++i) {
        const std::string n = std::to_string(i);
        ASSERT_EQ(meta.post(envelope(
                      {change("111", "\"messages\":[" + text_message(person(91), "wamid." + n, n) + "]")})),
                  200);
        expected.push_back("shop:" + n);
    }
    EXPECT_TRUE(eventually([&] { return texts_to(person(91)).size() == expected.size(); }));
    EXPECT_EQ(texts_to(person(91)), expected);
}

TEST_F(WebhookToReply, handles_five_messages_and_two_statuses_of_two_numbers_in_one_post) {
    const auto message = [](int i) {
        return text_message(person(90 + i), "wamid.b" + std::to_string(i), std::to_string(i));
    };
    const std::string body =
        envelope({change("111", "\"messages\":[" + join({message(1), message(2)}) + "],\"statuses\":[" +
                                    status_of("wamid.x", person(91), "sent") + "]"),
                  change("222", "\"messages\":[" + join({message(3), message(4)}) + "]"),
                  change("222", "\"messages\":[" + message(5) + "],\"statuses\":[" +
                                    status_of("wamid.y", person(95), "read") + "]")});
    EXPECT_EQ(meta.answer(body), R"({"status":"ok","accepted":7,"duplicates":0,"unrouted":0,"refused":0})");
    EXPECT_TRUE(eventually([&] { return accepted() == 5; }));
    EXPECT_EQ(texts_to(person(91)), Texts{"shop:1"});
    EXPECT_EQ(texts_to(person(92)), Texts{"shop:2"});
    EXPECT_EQ(texts_to(person(93)), Texts{"desk:3"});
    EXPECT_EQ(texts_to(person(94)), Texts{"desk:4"});
    EXPECT_EQ(texts_to(person(95)), Texts{"desk:5"});
}

TEST_F(WebhookToReply, handles_a_thousand_items_in_one_post) {
    Texts messages;
    for (int i = 0; i < 1000; ++i)
        messages.push_back(text_message(person(91) + std::to_string(i % 50), "wamid.k" + std::to_string(i),
                                        std::to_string(i)));
    EXPECT_EQ(meta.answer(envelope({change("111", "\"messages\":[" + join(messages) + "]")})),
              R"({"status":"ok","accepted":1000,"duplicates":0,"unrouted":0,"refused":0})");
    EXPECT_TRUE(eventually([&] { return accepted() == 1000; }));
    for (int user = 0; user < 50; ++user) {
        Texts expected;
        for (int i = user; i < 1000; i += 50) expected.push_back("shop:" + std::to_string(i));
        EXPECT_EQ(texts_to(person(91) + std::to_string(user)), expected);
    }
}

TEST_F(WebhookToReply, answers_four_deliveries_of_a_message_once_also_after_a_restart) {
    const std::string one = text_message(person(91), "wamid.4", "Hi");
    const std::string first = envelope({change("111", "\"messages\":[" + one + "]")});
    const std::string spaced = " " + first;  // the same message in other bytes
    std::future<HttpOutcome> same_time = meta.start(first);
    EXPECT_EQ(meta.post(spaced), 200);
    EXPECT_EQ(same_time.get().reply->status, 200);
    EXPECT_EQ(meta.post(envelope({change(
                  "111", "\"messages\":[" + join({text_message(person(92), "wamid.5", "new"), one}) + "]")})),
              200);
    EXPECT_TRUE(eventually([&] { return accepted() == 2; }));
    EXPECT_TRUE(engine->stop(Millis{10'000}));
    engine.reset();
    start_engine();
    EXPECT_EQ(meta.answer(first), R"({"status":"ok","accepted":0,"duplicates":1,"unrouted":0,"refused":0})");
    EXPECT_EQ(meta.post(envelope(
                  {change("111", "\"messages\":[" + text_message(person(93), "wamid.6", "last") + "]")})),
              200);
    EXPECT_TRUE(eventually([&] { return accepted() == 3; }));
    EXPECT_EQ(texts_to(person(91)), Texts{"shop:Hi"});
}

TEST_F(WebhookToReply, turns_away_what_is_unsigned_damaged_or_no_webhook) {
    const std::string body =
        envelope({change("111", "\"messages\":[" + text_message(person(91), "wamid.7", "Hi") + "]")});
    EXPECT_EQ(meta.post(body, "sha256=" + std::string(64, '0')), 401);
    EXPECT_EQ(meta.post(body, ""), 401);
    EXPECT_EQ(meta.post("{\"object\":", meta.sign("{\"object\":")), 400);
    EXPECT_EQ(meta.post(std::string(5U << 20, 'x')), 413);
    EXPECT_EQ(accepted(), 0U);
}

TEST_F(WebhookToReply, keeps_messages_for_a_number_nobody_has) {
    EXPECT_EQ(meta.answer(envelope(
                  {change("999", "\"messages\":[" + text_message(person(91), "wamid.8", "Hi") + "]")})),
              R"({"status":"ok","accepted":0,"duplicates":0,"unrouted":1,"refused":0})");
}

TEST_F(WebhookToReply, delivers_what_was_kept_for_a_number_once_it_has_a_deployment) {
    const auto write_to_desk = [&](int n) {
        const std::string text = std::to_string(n);
        meta.post(envelope(
            {change("222", "\"messages\":[" + text_message(person(91), "wamid.k" + text, text) + "]")}));
    };
    engine.reset();
    deployments = deployment("shop", "111", "{}");
    start_engine();
    for (int n = 0; n < 3; ++n) write_to_desk(n);
    engine.reset();
    deployments += deployment("desk", "222", "{}");
    start_engine();
    write_to_desk(3);
    EXPECT_TRUE(eventually([&] { return texts_to(person(91)).size() >= 4; }));
    EXPECT_EQ(texts_to(person(91)), (std::vector<std::string>{"0", "1", "2", "3"}));
    EXPECT_FALSE(repeated());
}

}  // namespace
}  // namespace parley::scenario
