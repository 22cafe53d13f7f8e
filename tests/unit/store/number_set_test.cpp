#include "store/number_set.hpp"

#include <random>
#include <set>

#include <gmock/gmock.h>

namespace parley {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(NumberSet, agrees_with_a_plain_set_whatever_happens) {
    std::mt19937 numbers(7);
    NumberSet set;
    std::set<std::int64_t> plain;
    for (int i = 0; i < 20'000; ++i) {
        const std::int64_t n = numbers() % 3000;
        if (numbers() % 2 == 0) {
            EXPECT_EQ(set.insert(n), plain.insert(n).second);
        } else {
            EXPECT_EQ(set.erase(n), plain.erase(n) == 1);
        }
        EXPECT_EQ(set.contains(n), plain.contains(n));
    }
    EXPECT_EQ(set.size(), plain.size());
    EXPECT_EQ(set.after(-1, 10'000), std::vector<std::int64_t>(plain.begin(), plain.end()));
    const auto from = plain.upper_bound(1500);
    EXPECT_EQ(set.after(1500, 3), std::vector<std::int64_t>(from, std::next(from, 3)));
}

TEST(NumberSet, pages_across_gaps) {
    NumberSet set;
    for (const std::int64_t n : {5ll, 511ll, 512ll, 100'000'000ll}) set.insert(n);
    EXPECT_THAT(set.after(0, 2), ElementsAre(5, 511));
    EXPECT_THAT(set.after(511, 9), ElementsAre(512, 100'000'000));
    EXPECT_THAT(set.after(100'000'000, 9), IsEmpty());
    EXPECT_THAT(set.after(0, 0), IsEmpty());
}

}  // namespace
}  // namespace parley
