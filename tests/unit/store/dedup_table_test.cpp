#include "store/dedup_table.hpp"

#include <gtest/gtest.h>

#include "contract/store_samples.hpp"
#include "store/migrations.hpp"

namespace parley {
namespace {

class DedupTableTest : public testing::Test {
  protected:
    void SetUp() override {
        auto opened = sqlite::Database::open(":memory:", sqlite::Database::Mode::write);
        ASSERT_TRUE(opened);
        db_.emplace(std::move(*opened));
        ASSERT_TRUE(migrate(*db_));
        ASSERT_TRUE(table_.open(*db_));
    }
    DedupKey key(int i, WallTime at = contract::t0) {
        return hasher_.key(ItemKind::message, contract::number_a, {}, "m" + std::to_string(i), at);
    }
    void add(int from, int to, WallTime at = contract::t0) {
        for (int i = from; i < to; ++i) table_.add(key(i, at), ItemSeq{i + 1});
    }
    std::int64_t rows() { return *db_->query_integer("SELECT count(*) FROM dedup"); }
    void move_all(MonoTime now) {
        for (int step = 0; step < 100; ++step) {
            table_.move_some(now, 10);
            table_.committed();
        }
    }

    DedupHasher hasher_;
    std::optional<sqlite::Database> db_;
    DedupTable table_;
    const MonoTime now_{std::chrono::hours(1)};
};

TEST_F(DedupTableTest, keys_move_in_slices_and_are_known_all_the_time) {
    add(0, 100);
    table_.committed();
    for (int step = 0; step < 12; ++step) {
        table_.move_some(now_, 10);
        EXPECT_EQ(rows(), std::min(100, (step + 1) * 10));
        EXPECT_EQ(table_.moved_through(), rows() == 100 ? 100 : 0) << "told only once the run is complete";
        for (int i = 0; i < 100; ++i) EXPECT_TRUE(table_.contains(key(i)));
        table_.committed();
        for (int i = 0; i < 100; ++i) EXPECT_TRUE(table_.contains(key(i)));
    }
    EXPECT_FALSE(table_.has_unmoved());
    EXPECT_FALSE(table_.find_in_memory(key(5)));
    EXPECT_FALSE(table_.contains(key(500)));
}

TEST_F(DedupTableTest, the_next_run_waits_half_a_second) {
    add(0, 10);
    table_.committed();
    move_all(now_);
    add(10, 20);
    table_.committed();
    move_all(now_ + Millis{499});
    EXPECT_EQ(rows(), 10);
    move_all(now_ + Millis{500});
    EXPECT_EQ(rows(), 20);
}

TEST_F(DedupTableTest, a_rollback_forgets_what_it_added_and_moves_again_what_it_moved) {
    add(0, 10);
    table_.committed();
    ASSERT_TRUE(db_->begin());
    table_.move_some(now_, 100);
    add(10, 20);
    db_->rollback();
    table_.rollback();
    EXPECT_EQ(rows(), 0);
    EXPECT_EQ(table_.moved_through(), 0);
    EXPECT_TRUE(table_.contains(key(3)));
    EXPECT_FALSE(table_.contains(key(13)));
    move_all(now_);
    EXPECT_EQ(rows(), 10);
    EXPECT_TRUE(table_.contains(key(3)));
}

TEST_F(DedupTableTest, prunes_old_keys_in_slices) {
    add(0, 30, contract::t0 - Millis{1000});
    add(30, 40);
    table_.committed();
    move_all(now_);
    EXPECT_TRUE(table_.prune(contract::t0, 20));
    EXPECT_FALSE(table_.prune(contract::t0, 20));
    EXPECT_EQ(rows(), 10);
    EXPECT_FALSE(table_.contains(key(1, contract::t0 - Millis{1000})));
    EXPECT_TRUE(table_.contains(key(31)));
}

TEST_F(DedupTableTest, a_key_depends_on_kind_number_id_and_time) {
    const DedupKey one = key(1);
    EXPECT_EQ(one, key(1));
    EXPECT_NE(one, key(2));
    EXPECT_NE(one, key(1, contract::t0 + Millis{1}));
    EXPECT_NE(one, hasher_.key(ItemKind::status, contract::number_a, {}, "m1", contract::t0));
    EXPECT_NE(one, hasher_.key(ItemKind::message, contract::number_b, {}, "m1", contract::t0));
    EXPECT_EQ(one, hasher_.key(ItemKind::message, contract::number_a, "waba", "m1", contract::t0));
}

}  // namespace
}  // namespace parley
