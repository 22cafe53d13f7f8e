// Agents that hold their thread: the door stays quick, and other conversations get their answers.
#include <algorithm>

#include "world.hpp"

namespace parley::scenario {
namespace {

using Texts = std::vector<std::string>;

class BlockingAgent : public World {
  protected:
    static constexpr int people = 300;

    int post(const std::string& user, const std::string& id, const std::string& text) {
        return meta.post(envelope({change("111", "\"messages\":[" + text_message(user, id, text) + "]")}));
    }
    // The 99th percentile of the ACKs of one message from each of them.
    Millis ack_p99() {
        std::vector<Millis> times;
        for (int i = 0; i < people; ++i) {
            const auto began = clock_.mono();
            EXPECT_EQ(post(person(1000 + i), "wamid.s" + std::to_string(i), std::to_string(i)), 200);
            times.push_back(std::chrono::duration_cast<Millis>(clock_.mono() - began));
        }
        std::sort(times.begin(), times.end());
        return times[times.size() * 99 / 100];
    }
};

// 20 s of a deadline of 30 s, a tenth of it.
TEST_F(BlockingAgent, does_not_slow_the_door_and_everybody_is_answered) {
    deployments = deployment("shop", "111", "{ block_ms: 2000 }", "    deadline: 3s\n");
    start_graph();
    start_engine();
    EXPECT_LT(ack_p99(), ack_limit);
    EXPECT_EQ(accepted(), 0U) << "the agent did not block while the door was measured";
    EXPECT_TRUE(eventually([&] { return accepted() == people; }));
    int answers = 0;
    for (int i = 0; i < people; ++i) {
        const Texts texts = texts_to(person(1000 + i));
        ASSERT_EQ(texts.size(), 1U) << i;
        answers += texts.front() == std::to_string(i);
        EXPECT_TRUE(texts.front() == std::to_string(i) || texts.front() == "Sorry.") << texts.front();
    }
    EXPECT_GE(answers, 2);  // those who had the agent's threads
}

// Longer than the 5 s after which the engine writes a thread off.
TEST_F(BlockingAgent, that_holds_every_thread_is_given_others) {
    deployments = deployment("shop", "111", "{}", "    deadline: 9s\n",
                             PARLEY_BINARY_DIR "/tests/scenario-agents/moody.so");
    start_graph();
    start_engine();
    const Texts blocks = {"block 7000"};
    for (int i = 0; i < 2; ++i)
        ASSERT_EQ(post(person(90 + i), "wamid.block" + std::to_string(i), blocks[0]), 200);
    for (int i = 0; i < 20; ++i)
        ASSERT_EQ(post(person(1000 + i), "wamid.o" + std::to_string(i), std::to_string(i)), 200);
    EXPECT_TRUE(eventually([&] { return accepted() >= 20; }));
    EXPECT_TRUE(texts_to(person(90)).empty());
    EXPECT_TRUE(texts_to(person(91)).empty());
    for (int i = 0; i < 20; ++i) EXPECT_EQ(texts_to(person(1000 + i)), Texts{std::to_string(i)});
    EXPECT_TRUE(eventually([&] { return accepted() == 22; }));
    EXPECT_EQ(texts_to(person(90)), blocks);
    EXPECT_EQ(texts_to(person(91)), blocks);
}

}  // namespace
}  // namespace parley::scenario
