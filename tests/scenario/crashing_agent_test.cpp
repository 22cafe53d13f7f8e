// An agent that ends the process on a message: after its attempts the message is a dead letter, the others are answered.
#include "served.hpp"

namespace parley::scenario {
namespace {

class CrashingAgent : public Served {
  protected:
    void SetUp() override {
        deployments = deployment("shop", "111", "{}", "    unknown_sends: { wait: 10s, then: resend }\n",
                                 PARLEY_BINARY_DIR "/tests/scenario-agents/moody.so");
        sim::Behaviour behaviour;
        behaviour.sent_after = Millis{20};
        start_graph(behaviour);
        write_config();
    }

    static std::string message(const std::string& user, const std::string& id, const std::string& text) {
        return envelope({change("111", "\"messages\":[" + text_message(user, id, text) + "]")});
    }

    // Starts the engine again each time it has ended, as a supervisor does. Returns how the processes ended.
    std::vector<End> supervise_until(const std::function<bool()>& is_so) {
        std::vector<End> ends;
        EXPECT_TRUE(eventually([&] {
            if (const auto end = process->end()) {
                ends.push_back(*end);
                serve();
            }
            return is_so() || ends.size() > 10;
        }));
        return ends;
    }
    bool has_answer(const std::string& user) { return !texts_to(user).empty(); }

    void expect_one_dead_letter(const std::string& detail) {
        const sim::Json letters = get_json("/api/dead-letters").at("data");
        ASSERT_EQ(letters.size(), 1U) << letters.dump();
        EXPECT_EQ(letters.at(0).at("direction"), "in");
        EXPECT_EQ(letters.at(0).at("detail"), detail);
    }
};

TEST_F(CrashingAgent, costs_the_message_its_attempts_and_no_other_message) {
    serve();
    for (int i = 0; i < 20; ++i) insist(numbered(i, 0));
    meta.post(message(person(90), "wamid.bad", "abort"));
    const std::vector<End> ends = supervise_until([&] { return has_answer(person(90)); });
    ASSERT_EQ(ends.size(), 2U);
    for (const End& end : ends) EXPECT_EQ(end.signal, SIGABRT);
    EXPECT_EQ(texts_to(person(90)), std::vector<std::string>{"Sorry."});
    expect_one_dead_letter("the agent crashed 2 times on this message");
    for (int i = 0; i < 20; ++i) insist(numbered(i, 1));
    EXPECT_TRUE(eventually([&] { return accepted() == 41; }));
    for (int i = 0; i < 20; ++i) EXPECT_EQ(texts_to(person(i)), (std::vector<std::string>{"0", "1"}));
    EXPECT_FALSE(repeated());
}

TEST_F(CrashingAgent, that_calls_exit_is_one_too) {
    serve();
    meta.post(message(person(90), "wamid.bad", "exit"));
    const std::vector<End> ends = supervise_until([&] { return has_answer(person(90)); });
    ASSERT_EQ(ends.size(), 2U);
    EXPECT_EQ(texts_to(person(90)), std::vector<std::string>{"Sorry."});
    expect_one_dead_letter("the agent crashed 2 times on this message");
}

TEST_F(CrashingAgent, keeps_what_its_own_conversation_wrote_after_the_bad_message) {
    serve();
    bool posted = false;
    meta.post(message(person(90), "wamid.bad", "abort"));
    const std::string next =
        message(person(90), "wamid.next", "after");  // delivered again it has the same time
    const std::vector<End> ends = supervise_until([&] {
        posted = posted || meta.post(next) == 200;
        return texts_to(person(90)).size() == 2;
    });
    EXPECT_EQ(ends.size(), 2U);
    EXPECT_EQ(texts_to(person(90)), (std::vector<std::string>{"Sorry.", "after"}));
    EXPECT_FALSE(repeated());
}

}  // namespace
}  // namespace parley::scenario
