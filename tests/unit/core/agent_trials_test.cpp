#include "movers_fixture.hpp"

namespace parley {
namespace {

using fakes::FakeAgent;

struct Notes final : TurnObserver {
    void begins(const TurnPtr& turn) override { all.push_back("begins " + turn->event().message.id.str()); }
    void ended(const TurnPtr& turn, const TurnResult& result, const Agent* agent) override {
        all.push_back(turn->event().message.id.str() +
                      (result.ok ? " answered" : " failed: " + result.error) +
                      (agent == nullptr ? " by nobody" : ""));
        had_trace = turn->event().trace != nullptr;
    }
    void crashed(const Turn& turn, const Agent*) override {
        all.push_back("crashed in " + turn.event().message.id.str());
    }
    std::vector<std::string> all;
    bool had_trace = false;
};

class Trials : public fakes::Movers {
  protected:
    const DeploymentId shop{"shop"};
    std::shared_ptr<FakeAgent> second = std::make_shared<FakeAgent>();

    // Who gets the next message of this user, which is answered at once.
    FakeAgent* asks(const std::string& user) {
        const std::size_t before = second->turns().size();
        arrive(user, "m" + std::to_string(++messages_));
        FakeAgent* const asked = second->turns().size() > before ? second.get() : agent.get();
        asked->answer("ok");
        return asked;
    }
    int messages_ = 0;
};

TEST_F(Trials, give_the_new_agent_about_its_share_of_the_conversations_and_always_the_same) {
    dispatcher.try_agent(shop, second, 8, 0.25, 7);
    std::map<std::string, FakeAgent*> asked;
    int tried = 0;
    for (int user = 0; user < 400; ++user) {
        const std::string name = std::to_string(user);
        asked[name] = asks(name);
        tried += asked[name] == second.get() ? 1 : 0;
    }
    EXPECT_GT(tried, 60);
    EXPECT_LT(tried, 140);
    for (const auto& [user, who] : asked) EXPECT_EQ(asks(user), who) << user;
}

TEST_F(Trials, give_other_conversations_to_another_version) {
    std::string chosen[2];
    for (std::uint64_t salt : {0, 1}) {
        dispatcher.try_agent(shop, second, 8, 0.5, salt);
        for (int user = 0; user < 50; ++user)
            chosen[salt] += asks(std::to_string(user)) == second.get() ? '1' : '0';
    }
    EXPECT_NE(chosen[0], chosen[1]);
}

TEST_F(Trials, that_are_kept_serve_everybody_and_the_old_agent_may_end_its_turns) {
    arrive("91", "first");
    dispatcher.try_agent(shop, second, 8, 0.0, 0);
    EXPECT_TRUE(dispatcher.end_trial(shop, second.get(), true, Millis{5'000}));
    EXPECT_FALSE(dispatcher.end_trial(shop, second.get(), true, Millis{5'000}));
    EXPECT_EQ(asks("92"), second.get());
    agent->answer("late, but in time");
    EXPECT_EQ(asks("91"), second.get());
    EXPECT_EQ(dispatcher.size(), 0U);
}

TEST_F(Trials, that_are_taken_back_lose_their_open_turns_to_the_agent_that_served) {
    dispatcher.try_agent(shop, second, 8, 1.0, 0);
    arrive("91", "m1", "one");
    arrive("91", "m2", "two");
    ASSERT_EQ(second->turns().size(), 1U);
    EXPECT_TRUE(dispatcher.end_trial(shop, second.get(), false, Millis{0}));
    step();
    EXPECT_EQ(second->cancelled().size(), 1U);
    ASSERT_EQ(agent->turns().size(), 1U);
    EXPECT_EQ(agent->turns()[0]->event().message.text, "one");
    agent->answer("1");
    EXPECT_EQ(agent->turns().back()->event().message.text, "two") << "in order";
    agent->answer("2");
    EXPECT_EQ(dispatcher.size(), 0U);
    const std::weak_ptr<FakeAgent> gone = second;
    second.reset();
    EXPECT_TRUE(gone.expired());
}

TEST_F(Trials, end_when_another_agent_is_set) {
    dispatcher.try_agent(shop, second, 8, 1.0, 0);
    const auto third = std::make_shared<FakeAgent>();
    dispatcher.set_agent(shop, third, 9, Millis{0});
    arrive("91", "m1");
    EXPECT_EQ(third->turns().size(), 1U);
    EXPECT_FALSE(dispatcher.end_trial(shop, second.get(), true, Millis{0}));
}

class Watched : public fakes::Movers {
  protected:
    Watched() { watched.set_agent(DeploymentId("shop"), agent, 7); }
    void tell(QueuedMessage message) {
        std::vector<QueuedMessage> messages;
        messages.push_back(std::move(message));
        watched.submit(std::move(messages));
    }
    Notes notes;
    Dispatcher watched{{max_turns},
                       {store,
                        pump,
                        sender,
                        clock,
                        random,
                        metrics,
                        wakeup,
                        [](const std::string& native) -> Result<std::vector<PreparedMessage>> {
                            if (native == "unfit") return Error(Errc::invalid_input, "text.body: is empty");
                            return std::vector<PreparedMessage>{{native, {}}};
                        },
                        {},
                        &notes}};
};

TEST_F(Watched, turns_tell_what_becomes_of_them) {
    tell(stored("91", "m1"));
    agent->answer("yes");
    tell(stored("91", "m2"));
    agent->turns().back()->finish(false, "no idea");
    tell(stored("91", "m3"));
    agent->turns().back()->reply("unfit");
    agent->turns().back()->finish(true, "");
    tell(stored("91", "m4"));
    watched.step(clock.mono() + Millis{20'000});
    tell(stored("91", "m5"));
    agent->turns().back()->give_back(true);
    agent->turns().back()->give_back(false);
    agent->answer("yes");
    EXPECT_EQ(notes.all,
              (std::vector<std::string>{"begins m1", "m1 answered", "begins m2", "m2 failed: no idea",
                                        "begins m3", "m3 failed: reply 1: text.body: is empty", "begins m4",
                                        "m4 failed: the agent did not answer within 20 s", "begins m5",
                                        "crashed in m5", "begins m5", "begins m5", "m5 answered"}));
    EXPECT_FALSE(notes.had_trace);
}

TEST_F(Watched, turns_have_a_trace_when_their_deployment_is_recorded) {
    Deployment recorded = current();
    recorded.is_recorded = true;
    use(std::move(recorded));
    tell(stored("91", "m1"));
    ASSERT_TRUE(agent->turns().back()->event().trace);
    EXPECT_EQ(agent->turns().back()->event().trace->began(), clock.wall());
    agent->answer("yes");
    EXPECT_TRUE(notes.had_trace);
}

}  // namespace
}  // namespace parley
