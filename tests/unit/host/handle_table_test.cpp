#include "host/handle_table.hpp"

#include <set>

#include <gtest/gtest.h>

namespace parley {
namespace {

TEST(HandleTable, finds_what_is_there_and_nothing_else) {
    HandleTable<int> table;
    const auto seven = table.insert(7);
    EXPECT_NE(seven, 0U);
    EXPECT_EQ(*table.find(seven), 7);
    EXPECT_EQ(table.find(0), nullptr);
    EXPECT_EQ(table.find(seven + 1), nullptr);
    EXPECT_EQ(table.find(~0ULL), nullptr);
    EXPECT_EQ(table.take(seven), 7);
    EXPECT_EQ(table.find(seven), nullptr);
    EXPECT_EQ(table.take(seven), std::nullopt);
    EXPECT_EQ(table.size(), 0U);
}

TEST(HandleTable, never_gives_a_number_twice) {
    HandleTable<int> table;
    std::set<std::uint64_t> given;
    for (int i = 0; i < 10'000; ++i) {
        const auto handle = table.insert(i);
        EXPECT_TRUE(given.insert(handle).second);
        if (i % 3 != 0) table.take(handle);
    }
    EXPECT_EQ(table.size(), 3'334U);
}

}  // namespace
}  // namespace parley
