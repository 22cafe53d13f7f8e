#include "store/tail_table.hpp"

#include <gtest/gtest.h>

#include "contract/store_samples.hpp"
#include "store/migrations.hpp"

namespace parley {
namespace {

class TailTableTest : public testing::Test {
  protected:
    void SetUp() override {
        auto opened = sqlite::Database::open(":memory:", sqlite::Database::Mode::write);
        ASSERT_TRUE(opened);
        db_.emplace(std::move(*opened));
        ASSERT_TRUE(migrate(*db_));
        ASSERT_TRUE(table_.open(*db_));
    }
    static WallTime minute(int n) { return contract::t0 + std::chrono::minutes(n); }
    void note(int from, int to, int at) {
        for (int i = from; i <= to; ++i) table_.opened_window(ConversationId{i}, channel, minute(at));
        table_.committed();
    }
    void move_all(MonoTime now, std::int64_t last_item) {
        for (int step = 0; step < 100; ++step) {
            table_.move_some(now, 10, ItemSeq{last_item}, OutboundId{});
            table_.committed();
        }
    }
    std::int64_t rows() { return *db_->query_integer("SELECT count(*) FROM conversation_tail"); }

    const PhoneNumberId channel{"111"};
    std::optional<sqlite::Database> db_;
    TailTable table_;
    const MonoTime now_{std::chrono::hours(1)};
};

TEST_F(TailTableTest, times_move_in_slices_and_are_known_all_the_time) {
    note(1, 30, 1);
    for (int step = 1; step <= 3; ++step) {
        table_.move_some(now_, 10, ItemSeq{77}, OutboundId{});
        EXPECT_EQ(rows(), step * 10);
        EXPECT_EQ(table_.moved_through(), step == 3 ? 77 : 0) << "told only once the run is complete";
        for (int i = 1; i <= 30; ++i) EXPECT_EQ(table_.window(ConversationId{i}), minute(1));
        table_.committed();
    }
    EXPECT_FALSE(table_.has_unmoved());
    for (int i = 1; i <= 30; ++i) EXPECT_EQ(table_.window(ConversationId{i}), minute(1));
    EXPECT_EQ(table_.window(ConversationId{31}), WallTime{});
}

TEST_F(TailTableTest, a_busy_conversation_costs_one_row_in_five_seconds) {
    note(1, 1, 1);
    move_all(now_, 1);
    note(1, 1, 2);
    note(1, 1, 3);
    move_all(now_ + Millis{4'999}, 3);
    EXPECT_EQ(table_.moved_through(), 1);
    EXPECT_EQ(table_.window(ConversationId{1}), minute(3));
    move_all(now_ + Millis{5'000}, 3);
    EXPECT_EQ(table_.moved_through(), 3);
    EXPECT_EQ(rows(), 1);
    EXPECT_EQ(table_.window(ConversationId{1}), minute(3));
}

TEST_F(TailTableTest, never_goes_back) {
    note(1, 1, 5);
    move_all(now_, 1);
    note(1, 1, 2);
    EXPECT_EQ(table_.window(ConversationId{1}), minute(5));
    move_all(now_ + std::chrono::seconds(5), 2);
    EXPECT_EQ(table_.window(ConversationId{1}), minute(5));
}

TEST_F(TailTableTest, what_a_rolled_back_transaction_moved_is_moved_again) {
    note(1, 20, 1);
    ASSERT_TRUE(db_->begin());
    table_.move_some(now_, 15, ItemSeq{20}, OutboundId{});
    db_->rollback();
    table_.rollback();
    EXPECT_EQ(table_.window(ConversationId{3}), minute(1));
    move_all(now_, 20);
    EXPECT_EQ(rows(), 20);
    EXPECT_EQ(table_.moved_through(), 20);
}

}  // namespace
}  // namespace parley
