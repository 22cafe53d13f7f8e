#include "store/commit_pacer.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

const MonoTime start{std::chrono::hours(5)};

TEST(CommitPacer, commits_at_once_while_little_is_written) {
    CommitPacer pacer(Millis{2});
    for (int i = 0; i < 900; ++i) {
        const MonoTime now = start + Millis{i};
        EXPECT_EQ(pacer.earliest(now), now);
        pacer.began(now, 1);
    }
}

TEST(CommitPacer, keeps_a_distance_above_a_thousand_writes_a_second_and_drops_it_when_they_fade) {
    CommitPacer pacer(Millis{2});
    pacer.began(start, CommitPacer::busy_rate);
    EXPECT_EQ(pacer.earliest(start), start + Millis{2});
    EXPECT_EQ(pacer.earliest(start + Millis{1}), start + Millis{2});
    EXPECT_EQ(pacer.earliest(start + Millis{3}), start + Millis{3});
    pacer.began(start + Millis{500}, 10);
    EXPECT_EQ(pacer.earliest(start + Millis{500}), start + Millis{502});
    EXPECT_EQ(pacer.earliest(start + Millis{1101}), start + Millis{1101});
    pacer.began(start + Millis{1101}, 1);
    EXPECT_EQ(pacer.earliest(start + Millis{1101}), start + Millis{1101})
        << "the burst is more than a second old";
}

TEST(CommitPacer, a_distance_of_zero_never_waits) {
    CommitPacer pacer(Millis{0});
    pacer.began(start, 100'000);
    EXPECT_EQ(pacer.earliest(start), start);
}

}  // namespace
}  // namespace parley
