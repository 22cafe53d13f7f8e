#include "app/agent_trials.hpp"

#include <gtest/gtest.h>

#include "fakes/fake_agent.hpp"
#include "fakes/fake_clock.hpp"
#include "fakes/temp_folder.hpp"

namespace parley {
namespace {

class Canary : public ::testing::Test {
  protected:
    Canary() { trials.load(); }
    void begin(CanaryConfig config = {}) {
        config.percent = 5;
        FreshAgent fresh;
        fresh.agent = agent;
        fresh.view.version = "2.0.0";
        fresh.view.sha256 = "new";
        AgentView stable;
        stable.sha256 = "old";
        trials.begin(shop, fresh, config, stable, "/copies/old.so");
    }
    void turns(int ok, int failed) {
        for (int i = 0; i < ok; ++i) trials.turn_ended(agent.get(), false);
        for (int i = 0; i < failed; ++i) trials.turn_ended(agent.get(), true);
    }

    const DeploymentId shop{"shop"};
    const std::shared_ptr<Agent> agent = std::make_shared<fakes::FakeAgent>();
    fakes::TempFolder folder;
    FakeClock clock;
    std::vector<AgentTrials::Verdict> verdicts;
    AgentTrials trials{folder.path() / "x.trials", clock,
                       [this](AgentTrials::Verdict verdict) { verdicts.push_back(std::move(verdict)); }};
};

TEST_F(Canary, is_taken_back_once_when_too_many_of_its_turns_fail) {
    begin();
    turns(0, 2);
    EXPECT_TRUE(verdicts.empty()) << "two failures are no pattern";
    turns(0, 3);
    ASSERT_EQ(verdicts.size(), 1U);
    EXPECT_FALSE(verdicts[0].keep);
    EXPECT_EQ(verdicts[0].deployment, shop);
    EXPECT_EQ(verdicts[0].why, "3 failures in 3 turns");
}

TEST_F(Canary, may_fail_as_often_as_the_configuration_allows) {
    begin();
    turns(40, 10);  // 10 of 50 are not above 0.2
    EXPECT_TRUE(verdicts.empty());
    turns(0, 1);
    EXPECT_EQ(verdicts.size(), 1U);
}

TEST_F(Canary, counts_crashes_and_not_the_turns_of_others) {
    begin();
    for (int i = 0; i < 9; ++i) trials.turn_ended(std::make_shared<fakes::FakeAgent>().get(), true);
    EXPECT_TRUE(verdicts.empty());
    for (int i = 0; i < 3; ++i) trials.crashed(agent.get());
    ASSERT_EQ(verdicts.size(), 1U);
    EXPECT_EQ(verdicts[0].why, "3 failures in 0 turns");
}

TEST_F(Canary, is_kept_after_its_time_when_it_has_had_turns_enough) {
    begin();
    turns(19, 0);
    clock.advance(std::chrono::minutes{31});
    trials.step(clock.mono());
    EXPECT_TRUE(verdicts.empty());
    turns(1, 0);
    trials.step(clock.mono());
    ASSERT_EQ(verdicts.size(), 1U);
    EXPECT_TRUE(verdicts[0].keep);
    EXPECT_EQ(verdicts[0].why, "20 turns, 0 failures");
}

TEST_F(Canary, is_not_kept_before_its_time) {
    begin();
    turns(1000, 0);
    clock.advance(std::chrono::minutes{29});
    trials.step(clock.mono());
    EXPECT_TRUE(verdicts.empty());
}

TEST_F(Canary, is_shown_while_it_runs_and_after_it_was_taken_back) {
    EXPECT_FALSE(trials.view(shop));
    begin();
    turns(4, 1);
    clock.advance(Millis{7'000});
    auto view = trials.view(shop);
    ASSERT_TRUE(view);
    EXPECT_TRUE(view->is_running);
    EXPECT_EQ(view->version, "2.0.0");
    EXPECT_EQ(view->turns, 5U);
    EXPECT_EQ(view->failures, 1U);
    EXPECT_EQ(view->running_for, Millis{7'000});
    EXPECT_TRUE(trials.take(shop, agent.get(), "too bad"));
    EXPECT_FALSE(trials.take(shop, agent.get(), "too bad")) << "only once";
    view = trials.view(shop);
    ASSERT_TRUE(view);
    EXPECT_FALSE(view->is_running);
    EXPECT_EQ(view->taken_back_because, "too bad");
    trials.forget(shop);
    EXPECT_FALSE(trials.view(shop));
}

TEST_F(Canary, is_remembered_across_a_restart) {
    begin();
    const auto read = [&] {
        AgentTrials next(folder.path() / "x.trials", clock, [](AgentTrials::Verdict) {});
        next.load();
        return next.saved(shop);
    };
    ASSERT_TRUE(read());
    EXPECT_EQ(read()->stable_file, "/copies/old.so");
    EXPECT_EQ(read()->trial_sha256, "new");
    EXPECT_EQ(read()->refused, "");
    (void)trials.take(shop, nullptr, "by hand");
    EXPECT_EQ(read()->refused, "by hand");
    trials.forget(shop);
    EXPECT_FALSE(read());
}

}  // namespace
}  // namespace parley
