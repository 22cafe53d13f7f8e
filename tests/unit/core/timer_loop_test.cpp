#include "core/timer_loop.hpp"

#include <atomic>
#include <future>

#include <gtest/gtest.h>

namespace parley {
namespace {

constexpr std::chrono::seconds patience{20};

// Counts the calls of a step; a test waits for the n-th.
class Calls {
  public:
    void add() {
        const std::lock_guard lock(mutex_);
        ++count_;
        changed_.notify_all();
    }
    bool wait_for(int count) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, patience, [&] { return count_ >= count; });
    }
    int count() const {
        const std::lock_guard lock(mutex_);
        return count_;
    }

  private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    int count_ = 0;
};

class Looping : public testing::Test {
  protected:
    SystemClock clock;
    Calls calls;
    TimerLoop loop{clock};
};

TEST_F(Looping, runs_every_step_once_when_it_starts) {
    Calls others;
    loop.add([&](MonoTime) { return calls.add(), MonoTime::max(); });
    loop.add([&](MonoTime) { return others.add(), MonoTime::max(); });
    loop.start();
    EXPECT_TRUE(calls.wait_for(1));
    EXPECT_TRUE(others.wait_for(1));
    loop.stop();
    EXPECT_EQ(calls.count(), 1);
    EXPECT_EQ(others.count(), 1);
}

TEST_F(Looping, runs_again_when_a_step_said_so_and_not_before) {
    std::atomic<bool> early{false};
    MonoTime due = MonoTime::min();
    loop.add([&](MonoTime now) {
        early = early || now < due;
        due = now + Millis{5};
        calls.add();
        return due;
    });
    loop.start();
    EXPECT_TRUE(calls.wait_for(4));
    loop.stop();
    EXPECT_FALSE(early);
}

TEST_F(Looping, follows_the_step_that_is_due_first) {
    loop.add([](MonoTime now) { return now + std::chrono::hours{1}; });
    loop.add([&](MonoTime now) { return calls.add(), now + Millis{1}; });
    loop.add([](MonoTime) { return MonoTime::max(); });
    loop.start();
    EXPECT_TRUE(calls.wait_for(3));
}

TEST_F(Looping, is_woken_earlier_than_it_meant_to_be) {
    loop.add([&](MonoTime now) { return calls.add(), now + std::chrono::hours{1}; });
    loop.start();
    ASSERT_TRUE(calls.wait_for(1));
    loop.wake_at(MonoTime::min());
    EXPECT_TRUE(calls.wait_for(2));
    loop.wake_at(clock.mono() + Millis{1});
    EXPECT_TRUE(calls.wait_for(3));
}

TEST_F(Looping, forgets_no_wakeup_that_comes_while_a_step_runs) {
    std::promise<void> entered, go_on;
    loop.add([&](MonoTime) {
        calls.add();
        if (calls.count() == 1) {
            entered.set_value();
            go_on.get_future().wait();
        }
        return MonoTime::max();
    });
    loop.start();
    entered.get_future().wait();
    loop.wake_at(MonoTime::min());
    go_on.set_value();
    EXPECT_TRUE(calls.wait_for(2));
}

TEST_F(Looping, lets_a_step_ask_for_the_next_one) {
    loop.add([&](MonoTime) {
        calls.add();
        if (calls.count() < 3) loop.wake_at(MonoTime::min());
        return MonoTime::max();
    });
    loop.start();
    EXPECT_TRUE(calls.wait_for(3));
}

TEST_F(Looping, runs_no_step_after_it_was_stopped) {
    loop.add([&](MonoTime) { return calls.add(), MonoTime::min(); });
    loop.start();
    ASSERT_TRUE(calls.wait_for(10));
    loop.stop();
    const int count = calls.count();
    loop.wake_at(MonoTime::min());
    EXPECT_EQ(calls.count(), count);
    loop.stop();
}

TEST_F(Looping, stops_while_it_waits_for_nothing) {
    loop.start();
    loop.stop();
    TimerLoop never_started{clock};
    never_started.stop();
}

}  // namespace
}  // namespace parley
