#include "app/commands/text_table.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

TEST(TextTable, aligns_columns_by_characters) {
    TextTable table({"NAME", "N"});
    table.add({"é", "1"});
    table.add({"longer", "22"});
    EXPECT_EQ(table.text(80), "NAME    N\né       1\nlonger  22\n");
}

TEST(TextTable, cuts_the_widest_column_to_fit) {
    TextTable table({"A", "B"});
    table.add({"short", std::string(100, 'x')});
    EXPECT_EQ(table.text(20), "A      B\nshort  " + std::string(12, 'x') + "…\n");
    EXPECT_EQ(table.text(0), "A      B\nshort  " + std::string(100, 'x') + "\n");
}

TEST(TextTable, shows_no_control_characters) {
    TextTable table({"A"});
    table.add({"a\x1b[31mb\n"});
    EXPECT_EQ(table.text(80), "A\na?[31mb?\n");
}

}  // namespace
}  // namespace parley
