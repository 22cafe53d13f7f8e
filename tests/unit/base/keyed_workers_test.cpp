#include "base/keyed_workers.hpp"

#include <future>

#include <gtest/gtest.h>

namespace parley {
namespace {

using namespace std::chrono_literals;

TEST(KeyedWorkers, keep_the_order_of_one_key_and_let_others_pass) {
    KeyedWorkers workers(2, 100);
    std::promise<void> open;
    std::shared_future<void> gate = open.get_future().share();
    std::mutex mutex;
    std::string order;
    const auto note = [&](char c) {
        const std::lock_guard lock(mutex);
        order += c;
    };
    ASSERT_TRUE(workers.post("a", [&] {
        gate.wait();
        note('1');
    }));
    ASSERT_TRUE(workers.post("a", [&] { note('2'); }));
    std::promise<std::string> other;
    ASSERT_TRUE(workers.post("b", [&] {
        const std::lock_guard lock(mutex);
        other.set_value(order);
    }));
    auto seen = other.get_future();
    ASSERT_EQ(seen.wait_for(10s), std::future_status::ready) << "a slow key keeps nobody else waiting";
    EXPECT_EQ(seen.get(), "");
    open.set_value();
    workers.stop();
    EXPECT_EQ(order, "12");
}

TEST(KeyedWorkers, refuse_more_than_their_queue_holds_and_everything_after_their_end) {
    KeyedWorkers workers(1, 2);
    std::promise<void> open, begun;
    ASSERT_TRUE(workers.post("a", [&] {
        begun.set_value();
        open.get_future().wait();
    }));
    begun.get_future().wait();
    int ran = 0;
    EXPECT_TRUE(workers.post("a", [&] { ++ran; }));
    EXPECT_TRUE(workers.post("b", [&] { ++ran; }));
    EXPECT_FALSE(workers.post("c", [&] { ++ran; }));
    open.set_value();
    workers.stop();
    EXPECT_EQ(ran, 2) << "what was taken is done";
    EXPECT_FALSE(workers.post("a", [&] { ++ran; }));
    EXPECT_FALSE(workers.post("d", [&] { ++ran; }));
}

}  // namespace
}  // namespace parley
