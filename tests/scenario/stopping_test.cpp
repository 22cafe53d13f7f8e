// SIGTERM: what has begun may end; a second one waits for nothing. What is left goes on at the next start.
#include "served.hpp"

namespace parley::scenario {
namespace {

class Stopping : public Served {
  protected:
    void SetUp() override {
        deployments = deployment("shop", "111", "{}", "    deadline: 70s\n",
                                 PARLEY_BINARY_DIR "/tests/scenario-agents/moody.so");
        start_graph();
        write_config();
        serve();
    }
    void post(const std::string& user, const std::string& id, const std::string& text) {
        insist(envelope({change("111", "\"messages\":[" + text_message(user, id, text) + "]")}));
    }
    bool has_logged(const std::string& words) const {
        return text_of(folder_.path() / "engine.log").find(words) != std::string::npos;
    }
    void begin_to_stop() {
        process->signal(SIGTERM);
        EXPECT_TRUE(eventually([&] { return has_logged("draining"); }));
    }
};

TEST_F(Stopping, lets_an_open_turn_end) {
    post(person(90), "wamid.1", "block 700");
    begin_to_stop();
    EXPECT_EQ(process->wait().code, 0);
    serve();
    EXPECT_TRUE(eventually([&] { return accepted() == 1; }));
    EXPECT_EQ(texts_to(person(90)), std::vector<std::string>{"block 700"});
}

TEST_F(Stopping, at_the_second_signal_waits_for_no_agent) {
    post(person(90), "wamid.1", "block 60000");
    post(person(91), "wamid.2", "Hi");
    EXPECT_TRUE(eventually([&] { return accepted() == 1; }));
    begin_to_stop();
    EXPECT_FALSE(process->end()) << "it did not wait for the turn";
    const MonoTime asked = clock_.mono();
    process->signal(SIGTERM);
    EXPECT_EQ(process->wait().code, 1);
    EXPECT_LT(std::chrono::duration_cast<Millis>(clock_.mono() - asked).count(), 3000);
    serve();
    EXPECT_EQ(get_json("/api/status").at("backlog").at("open"), 1);
    EXPECT_EQ(texts_to(person(91)), std::vector<std::string>{"Hi"});
}

}  // namespace
}  // namespace parley::scenario
