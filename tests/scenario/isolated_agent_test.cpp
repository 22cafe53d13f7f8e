// An agent in a process of its own that ends in every way, beside another deployment that must not notice.
#include <csignal>

#include "served.hpp"

namespace parley::scenario {
namespace {

class IsolatedAgents : public Served {
  protected:
    void SetUp() override {
        deployments = deployment("shop", "111", "{}", "    isolation: process\n", moody) +
                      deployment("desk", "222", "{}");
        start_graph(quick_statuses());
        write_config();
        serve();
    }

    static std::string message(const std::string& channel, const std::string& user, const std::string& id,
                               const std::string& text) {
        return envelope({change(channel, "\"messages\":[" + text_message(user, id, text) + "]")});
    }
    std::string next_id() { return "wamid.i" + std::to_string(++ids_); }
    void say(const std::string& channel, const std::string& user, const std::string& text) {
        insist(message(channel, user, next_id(), text));
    }
    bool is_answered(const std::string& user, const std::string& text) {
        return eventually([&] {
            const auto texts = texts_to(user);
            return !texts.empty() && texts.back().find(text) != std::string::npos;
        });
    }
    sim::Json worker() {
        const sim::Json page = get_json("/api/deployments");
        for (const sim::Json& one : page.at("data"))
            if (one.at("id") == "shop") return one.at("agent").at("worker");
        return {};
    }
    pid_t worker_pid() {
        const sim::Json pid = worker().at("pid");
        return pid.is_null() ? 0 : pid.get<pid_t>();
    }
    bool ends(pid_t pid) {
        return eventually([&] { return ::kill(pid, 0) != 0; });
    }

    static constexpr const char* moody = PARLEY_BINARY_DIR "/tests/scenario-agents/moody.so";
    int ids_ = 0;
};

TEST_F(IsolatedAgents, that_crash_cost_one_message_its_attempts_and_nobody_else_anything) {
    std::size_t letters = 0;
    int user = 10;
    for (const std::string how : {"segv", "exit"}) {
        const std::string victim = person(user++);
        const std::string neighbour = person(user++);
        say("111", victim, how);
        say("222", neighbour, "are you there?");
        EXPECT_TRUE(is_answered(neighbour, "are you there?")) << how;
        EXPECT_TRUE(is_answered(victim, "Sorry.")) << how;
        EXPECT_EQ(texts_to(victim), std::vector<std::string>{"Sorry."}) << how;
        say("111", victim, "and now?");
        EXPECT_TRUE(is_answered(victim, "and now?")) << how;
        EXPECT_EQ(get_json("/api/dead-letters").at("data").size(), ++letters) << how;
    }
    EXPECT_EQ(get_json("/api/dead-letters").at("data").at(0).at("detail"),
              "the agent crashed 2 times on this message");
    EXPECT_EQ(worker().at("restarts"), 4);
    EXPECT_EQ(worker().at("state"), "running");
    EXPECT_FALSE(process->end());
    EXPECT_FALSE(repeated());
}

TEST_F(IsolatedAgents, that_close_every_descriptor_or_never_return_are_ended) {
    say("111", person(1), "close");
    EXPECT_TRUE(is_answered(person(1), "Sorry."));
    say("111", person(2), "spin");
    say("222", person(3), "still fine");
    EXPECT_TRUE(is_answered(person(3), "still fine"));
    EXPECT_TRUE(is_answered(person(2), "Sorry."));
    EXPECT_FALSE(process->end());
}

TEST_F(IsolatedAgents, whose_process_is_killed_answer_again_within_a_second) {
    say("111", person(1), "hello");
    ASSERT_TRUE(is_answered(person(1), "hello"));
    const pid_t before = worker_pid();
    ASSERT_GT(before, 0);
    ASSERT_EQ(::kill(before, SIGKILL), 0);
    [[maybe_unused]] const auto began = std::chrono::steady_clock::now();
    say("111", person(1), "again");
    EXPECT_TRUE(is_answered(person(1), "again"));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    EXPECT_LT(std::chrono::steady_clock::now() - began,
              std::chrono::seconds(5));  // 1 s on a machine of its own
#endif
    EXPECT_NE(worker_pid(), before);
    std::string metrics;
    EXPECT_EQ(get("/metrics", &metrics), 200);
    EXPECT_NE(metrics.find("parley_worker_restarts_total{deployment=\"shop\"} 1"), std::string::npos);
}

TEST_F(IsolatedAgents, end_with_the_engine_however_that_ends) {
    const pid_t first = worker_pid();
    ASSERT_GT(first, 0);
    process->kill();
    EXPECT_TRUE(ends(first));
    serve();
    const pid_t second = worker_pid();
    ASSERT_GT(second, 0);
    process->signal(SIGTERM);
    EXPECT_EQ(process->wait().code, 0);
    EXPECT_TRUE(ends(second));
}

}  // namespace
}  // namespace parley::scenario
