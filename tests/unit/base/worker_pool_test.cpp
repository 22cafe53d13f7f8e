#include "base/worker_pool.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>

#include <gtest/gtest.h>

namespace parley {
namespace {

constexpr std::chrono::seconds patience{20};

// Occupies one thread of a pool until it is opened. Declared before the pool, which runs the job to its end.
class Gate {
  public:
    UniqueFunction<void()> job() {
        return [this] {
            entered_.set_value();
            open_.get_future().wait();
        };
    }
    bool is_entered() { return entered_.get_future().wait_for(patience) == std::future_status::ready; }
    void open() { open_.set_value(); }

  private:
    std::promise<void> entered_, open_;
};

TEST(WorkerPool, runs_jobs_in_the_order_of_posting) {
    std::vector<int> order;
    WorkerPool pool{1, 100};
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(pool.post([&order, i] { order.push_back(i); }));
    pool.stop();
    ASSERT_EQ(order.size(), 20U);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(WorkerPool, runs_as_many_jobs_at_once_as_it_has_threads) {
    Gate one, two;
    WorkerPool pool{2, 10};
    pool.post(one.job());
    pool.post(two.job());
    EXPECT_TRUE(one.is_entered());
    EXPECT_TRUE(two.is_entered());
    one.open();
    two.open();
}

TEST(WorkerPool, refuses_a_job_uncalled_when_too_many_wait) {
    Gate gate;
    std::atomic<int> ran{0};
    WorkerPool pool{1, 2};
    pool.post(gate.job());
    ASSERT_TRUE(gate.is_entered());
    EXPECT_TRUE(pool.post([&] { ++ran; }));
    EXPECT_TRUE(pool.post([&] { ++ran; }));
    EXPECT_FALSE(pool.post([&] { ran += 100; }));
    gate.open();
    pool.stop();
    EXPECT_EQ(ran, 2);
}

TEST(WorkerPool, runs_what_is_queued_before_it_stops) {
    Gate gate;
    std::atomic<int> ran{0};
    {
        WorkerPool pool{1, 100};
        pool.post(gate.job());
        ASSERT_TRUE(gate.is_entered());
        for (int i = 0; i < 10; ++i) pool.post([&] { ++ran; });
        gate.open();
    }
    EXPECT_EQ(ran, 10);
}

TEST(WorkerPool, takes_nothing_once_it_is_stopped) {
    WorkerPool pool{2, 10};
    pool.stop();
    EXPECT_FALSE(pool.post([] { FAIL() << "ran after stop()"; }));
    pool.stop();
}

TEST(WorkerPool, lets_a_job_post_another) {
    std::promise<void> second;
    WorkerPool pool{1, 10};
    pool.post([&] { pool.post([&] { second.set_value(); }); });
    EXPECT_EQ(second.get_future().wait_for(patience), std::future_status::ready);
}

TEST(WorkerPool, gives_up_what_a_job_holds_as_soon_as_it_has_run) {
    auto held = std::make_shared<int>(1);
    const std::weak_ptr<int> watch = held;
    std::promise<bool> gone;
    WorkerPool pool{1, 10};
    pool.post([held = std::move(held)] { (void)held; });
    pool.post([&] { gone.set_value(watch.expired()); });
    EXPECT_TRUE(gone.get_future().get());
}

void run_a_job_that_throws() {
    WorkerPool pool{1, 10};
    pool.post([] { throw std::runtime_error("nobody catches this"); });
    pool.stop();
}

// A job reports its own errors; one that escapes is a mistake of ours that nobody would hear of otherwise.
TEST(WorkerPoolDeathTest, ends_the_process_when_an_exception_leaves_a_job) {
    testing::GTEST_FLAG(death_test_style) = "threadsafe";
    EXPECT_DEATH(run_a_job_that_throws(), "nobody catches this");
}

}  // namespace
}  // namespace parley
