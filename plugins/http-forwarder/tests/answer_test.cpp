// What the bot may answer, and what becomes of it.
#include <nlohmann/json.hpp>

#include "fixture.hpp"

namespace forwarder::tests {
namespace {

using Answer = ForwarderTest;
using nlohmann::json;

TEST_F(Answer, of_the_seed_is_one_text_reply) {
    start_with();
    bot().reply(200, R"({"message":"आपका स्वागत है 🙏\n\"Edge+\"","message_type":"text","context":null})");
    const auto& turn = forward();
    EXPECT_TRUE(turn.committed());
    ASSERT_EQ(turn.replies.size(), 1u);
    const json expected{{"type", "text"}, {"text", {{"body", "आपका स्वागत है 🙏\n\"Edge+\""}}}};
    EXPECT_EQ(json::parse(turn.replies[0].json), expected);
}

TEST_F(Answer, needs_nothing_but_its_message) {
    start_with();
    bot().reply(201, R"({"message":"Hello","anything":["else"]})");
    EXPECT_EQ(forward().text(), "Hello");
}

TEST_F(Answer, quotes_the_message_of_its_context) {
    start_with();
    bot().reply(200, R"({"message":"Yes","context":{"message_id":"wamid.\"q\"","from":"+1"}})");
    const auto& turn = forward();
    ASSERT_EQ(turn.replies.size(), 1u);
    const json expected{
        {"type", "text"}, {"context", {{"message_id", "wamid.\"q\""}}}, {"text", {{"body", "Yes"}}}};
    EXPECT_EQ(json::parse(turn.replies[0].json), expected);
}

TEST_F(Answer, may_be_longer_than_one_whatsapp_message) {
    start_with();
    const std::string text(9000, 'x');
    bot().reply(200, json{{"message", text}, {"context", {{"message_id", "wamid.q"}}}}.dump());
    EXPECT_EQ(forward().text(), text);
}

TEST_F(Answer, may_be_several_native_messages_in_order) {
    start_with();
    const json image_message{{"type", "image"}, {"image", {{"link", "https://x.test/a.png"}}}};
    const json quoting{{"type", "text"}, {"context", {{"message_id", "wamid.q"}}}, {"text", {{"body", "é"}}}};
    bot().reply(200, json{{"messages", {image_message, quoting}}}.dump());
    const auto& turn = forward();
    ASSERT_EQ(turn.replies.size(), 2u);
    EXPECT_EQ(json::parse(turn.replies[0].json), image_message);
    EXPECT_EQ(json::parse(turn.replies[1].json), quoting);
}

TEST_F(Answer, without_a_message_sends_none) {
    start_with();
    auto& rule = bot().reply(204);
    const std::vector<std::string> silent{"",
                                          " \r\n",
                                          R"({"message":""})",
                                          R"({"message":" \n"})",
                                          R"({"message":null})",
                                          R"({"messages":[]})",
                                          R"({"message":"","messages":[]})"};
    for (const auto& body : silent) rule.then(200, body);
    for (std::size_t i = 0; i <= silent.size(); ++i) {
        const auto& turn = forward();
        EXPECT_TRUE(turn.committed()) << i << turn.error;
        EXPECT_TRUE(turn.replies.empty()) << i;
    }
}

TEST_F(Answer, that_cannot_be_read_fails_the_turn_and_is_not_asked_for_again) {
    start_with();
    const std::vector<std::pair<std::string, std::string>> cases{
        {"<html>oops</html>", "no JSON"},
        {R"({"message":"cut)", "no JSON"},
        {"{\"message\":\"\xff\"}", "no JSON"},
        {R"("Hello")", "no object"},
        {R"([{"message":"Hello"}])", "no object"},
        {R"({"status":"ok"})", "neither message nor messages"},
        {R"({"message":7})", "message must be a text"},
        {R"({"message":"x","message_type":"image"})", "message_type must be text"},
        {R"({"message":"x","context":"wamid.q"})", "context must be null or"},
        {R"({"message":"x","context":{"message_id":5}})", "context.message_id must be a text"},
        {R"({"messages":{"type":"text"}})", "messages must be an array"},
        {R"({"messages":[{"type":"text","text":{"body":"a"}},{"text":{}}]})", "messages[1] must be"},
        {R"({"messages":["x"]})", "messages[0] must be"},
        {R"({"message":"x","messages":[{"type":"text"}]})", "both message and messages"},
        {R"({"message":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}",
         "nested more than 32"},
    };
    for (const auto& [body, reason] : cases) {
        const std::size_t before = tries();
        bot().reply(200, body);
        const auto& turn = forward();
        host.advance(seconds(20));
        expect_failed(turn, reason);
        EXPECT_EQ(tries(), before + 1) << reason;
    }
}

}  // namespace
}  // namespace forwarder::tests
