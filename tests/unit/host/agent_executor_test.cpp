#include "host/agent_executor.hpp"

#include <future>

#include <gtest/gtest.h>

#include "host_fixture.hpp"

namespace parley {
namespace {

class AgentExecutorTest : public ::testing::Test {
  protected:
    FakeClock clock_;
};

TEST_F(AgentExecutorTest, runs_tasks_of_one_strand_in_order_and_never_two_at_once) {
    ExecutorPool pool(4, clock_);
    constexpr int strands = 8;
    constexpr int tasks = 5'000;
    struct Lane {
        std::shared_ptr<Strand> strand;
        std::vector<int> seen;  // no lock: the strand is the lock
        std::atomic<int> inside{0};
        std::atomic<bool> overlapped{false};
    };
    std::vector<std::unique_ptr<Lane>> lanes;
    for (int i = 0; i < strands; ++i) {
        lanes.push_back(std::make_unique<Lane>());
        lanes.back()->strand = pool.make_strand({});
    }
    for (int n = 0; n < tasks; ++n)
        for (auto& lane : lanes)
            lane->strand->post([n, at = lane.get()] {
                if (at->inside.fetch_add(1) != 0) at->overlapped = true;
                at->seen.push_back(n);
                at->inside.fetch_sub(1);
            });
    EXPECT_EQ(pool.stop(Millis{20'000}), 0U);
    for (const auto& lane : lanes) {
        ASSERT_EQ(lane->seen.size(), static_cast<std::size_t>(tasks));
        EXPECT_TRUE(std::is_sorted(lane->seen.begin(), lane->seen.end()));
        EXPECT_FALSE(lane->overlapped);
    }
}

TEST_F(AgentExecutorTest, tells_of_a_task_that_took_too_long) {
    ExecutorPool pool(1, clock_);
    std::vector<Millis> slow;
    const auto strand =
        pool.make_strand({Millis{50}, Millis{5'000}, [&](Millis took) { slow.push_back(took); }});
    strand->post([&] { clock_.advance(Millis{50}); });
    strand->post([&] { clock_.advance(Millis{51}); });
    EXPECT_EQ(pool.stop(Millis{20'000}), 0U);
    EXPECT_EQ(slow, std::vector<Millis>{Millis{51}});
}

TEST_F(AgentExecutorTest, replaces_a_stuck_thread_and_lets_the_strand_go_on_when_it_returns) {
    ExecutorPool pool(1, clock_);
    const auto stuck = pool.make_strand({});
    const auto other = pool.make_strand({});
    std::promise<void> entered;
    std::promise<void> release;
    stuck->post([&] {
        entered.set_value();
        release.get_future().wait();
    });
    std::promise<void> resumed;
    stuck->post([&] { resumed.set_value(); });
    std::promise<void> ran;
    other->post([&] { ran.set_value(); });
    entered.get_future().wait();

    EXPECT_EQ(pool.replace_stalled(clock_.mono()), 0U);
    EXPECT_FALSE(stuck->is_stalled());
    clock_.advance(Millis{5'001});
    EXPECT_EQ(pool.replace_stalled(clock_.mono()), 1U);
    EXPECT_TRUE(stuck->is_stalled());
    EXPECT_EQ(ran.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
    EXPECT_EQ(pool.replace_stalled(clock_.mono()), 0U);

    release.set_value();
    EXPECT_EQ(resumed.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
    EXPECT_FALSE(stuck->is_stalled());
    EXPECT_EQ(pool.stop(Millis{20'000}), 0U);
}

TEST_F(AgentExecutorTest, leaves_a_stuck_thread_behind_when_it_stops) {
    auto release = std::make_shared<std::promise<void>>();
    auto left = std::make_shared<std::promise<void>>();
    std::promise<void> entered;
    static const FakeClock lasting;  // the thread left behind outlives this test
    ExecutorPool pool(1, lasting);
    const auto strand = pool.make_strand({});
    strand->post([&entered, release, left] {
        entered.set_value();
        release->get_future().wait();
        left->set_value();
    });
    entered.get_future().wait();
    EXPECT_EQ(pool.stop(Millis{1}), 1U);
    release->set_value();
    EXPECT_EQ(left->get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
}

}  // namespace
}  // namespace parley
