// Two texts beside each other: which lines belong together, and which words of them differ.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace parley::kit {

struct DiffPiece {
    std::string text;
    bool is_changed = false;
};

struct DiffRow {
    bool has_left = false, has_right = false;  // a line that only one of them has stands alone
    bool is_same = false;
    std::vector<DiffPiece> left, right;  // without line breaks
};

// Texts of more than 2000 lines, and lines of more than 2000 words, are compared as a whole.
std::vector<DiffRow> diff_texts(std::string_view left, std::string_view right);

// How many columns of a terminal it takes. Unprintable characters take none.
std::size_t display_width(std::string_view text);

}  // namespace parley::kit
