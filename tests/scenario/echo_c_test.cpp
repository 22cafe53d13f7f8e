// The agent in plain C answers through the engine as the one in C++ does.
#include "world.hpp"

namespace parley::scenario {
namespace {

class EchoC : public World {};

TEST_F(EchoC, answers_as_echo_does) {
    deployments = deployment("plain", "111", "{}", "", "echo-c") + deployment("sdk", "222", "{}");
    start_graph();
    start_engine();
    const std::vector<std::string> texts = {"Hi", "नमस्ते 🙏", "\"quoted\"\nand on a second line",
                                            std::string(5000, 'x')};
    const std::string image = R"({"from":"%","id":"wamid.image%","timestamp":")" +
                              std::to_string(unix_ms(clock_.wall()) / 1000) +
                              R"(","type":"image","image":{"id":"9"}})";
    // The same words from two people, each to an agent of its own.
    for (int who = 0; who < 2; ++who) {
        const std::string channel = who == 0 ? "111" : "222";
        const std::string number = person(who);
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const std::string id = "wamid." + channel + "n" + std::to_string(i);
            ASSERT_EQ(meta.post(envelope(
                          {change(channel, "\"messages\":[" + text_message(number, id, texts[i]) + "]")})),
                      200);
        }
        std::string picture = image;
        for (std::size_t at = picture.find('%'); at != std::string::npos; at = picture.find('%'))
            picture.replace(at, 1, number);
        ASSERT_EQ(meta.post(envelope({change(channel, "\"messages\":[" + picture + "]")})), 200);
    }
    // The long text leaves in two parts.
    EXPECT_TRUE(eventually([&] { return accepted() == 2 * (texts.size() + 2); }));
    EXPECT_EQ(texts_to(person(0)), texts_to(person(1)));
    EXPECT_EQ(texts_to(person(0)).front(), "Hi");
    EXPECT_EQ(texts_to(person(0)).back(), "I got a message of type image.");
}

}  // namespace
}  // namespace parley::scenario
