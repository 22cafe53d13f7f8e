#include "base/unique_function.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

TEST(UniqueFunction, holds_what_can_only_be_moved) {
    UniqueFunction<int(int)> add = [base = std::make_unique<int>(40)](int n) { return *base + n; };
    UniqueFunction<int(int)> moved = std::move(add);
    ASSERT_TRUE(moved);
    EXPECT_EQ(moved(2), 42);
    EXPECT_FALSE(add);  // NOLINT(bugprone-use-after-move): a moved-from function is empty
}

TEST(UniqueFunction, hands_arguments_on_without_a_copy) {
    Completion<std::unique_ptr<int>> keep;
    std::unique_ptr<int> kept;
    keep = [&](std::unique_ptr<int> value) { kept = std::move(value); };
    keep(std::make_unique<int>(7));
    EXPECT_EQ(*kept, 7);
}

TEST(UniqueFunction, releases_its_target_when_it_is_emptied) {
    auto held = std::make_shared<int>(1);
    UniqueFunction<void()> function = [held] { (void)held; };
    EXPECT_EQ(held.use_count(), 2);
    function = nullptr;
    EXPECT_EQ(held.use_count(), 1);
    EXPECT_FALSE(function);
}

TEST(UniqueFunction, keeps_the_state_of_its_target_between_calls) {
    UniqueFunction<int()> next = [n = 0]() mutable { return ++n; };
    EXPECT_EQ(next(), 1);
    EXPECT_EQ(next(), 2);
}

}  // namespace
}  // namespace parley
