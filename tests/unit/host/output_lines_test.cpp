#include "host/output_lines.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

class OutputLinesTest : public ::testing::Test {
  protected:
    std::vector<std::string> lines_;
    MonoTime now_ = MonoTime{} + std::chrono::hours(1);
    OutputLines output_{[this](const std::string& line) { lines_.push_back(line); }};
};

TEST_F(OutputLinesTest, puts_lines_together_from_whatever_pieces_come) {
    output_.add("one\ntw", now_);
    output_.add("o\nthr", now_);
    output_.end(now_);
    EXPECT_EQ(lines_, (std::vector<std::string>{"one", "two", "thr"}));
}

TEST_F(OutputLinesTest, cuts_long_lines_and_keeps_control_characters_out) {
    output_.add(std::string(1'000'000, 'x') + "\n\x1b[31mred\n", now_);
    EXPECT_EQ(lines_.at(0), std::string(OutputLines::longest, 'x'));
    EXPECT_EQ(lines_.at(1), " [31mred");
}

TEST_F(OutputLinesTest, lets_through_what_a_log_can_bear_and_says_how_much_it_left_out) {
    for (int i = 0; i < 1000; ++i) output_.add("again\n", now_);
    EXPECT_EQ(lines_.size(), 200U);
    EXPECT_EQ(output_.dropped(), 800U);
    now_ += Millis{1'000};
    output_.add("later\n", now_);
    EXPECT_EQ(lines_.at(200), "(800 lines were left out)");
    EXPECT_EQ(lines_.at(201), "later");
}

}  // namespace
}  // namespace parley
