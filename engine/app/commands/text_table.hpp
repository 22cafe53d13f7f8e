// A table for people: aligned columns, two spaces apart, cut to the terminal's width.
#pragma once

#include <string>
#include <vector>

namespace parley {

class TextTable {
  public:
    explicit TextTable(std::vector<std::string> header) { rows_.push_back(std::move(header)); }

    // Missing cells are empty. Control characters are escaped.
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

    // One line a row, ending with a line break. Where the table is wider than `columns`, the widest columns
    // are cut with an ellipsis. 0: any width.
    std::string text(unsigned columns) const;

  private:
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace parley
