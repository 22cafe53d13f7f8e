#include "host/closest_name.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace parley {
namespace {

std::size_t edits_between(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row.back();
}

}  // namespace

std::string closest_name(std::string_view wanted, const std::vector<std::string>& known) {
    std::string best;
    std::size_t fewest = std::max<std::size_t>(wanted.size() / 3, 1) + 1;
    if (wanted.size() > 256) return best;
    for (const std::string& name : known) {
        const std::size_t edits = edits_between(wanted, name);
        if (edits >= fewest) continue;
        fewest = edits;
        best = name;
    }
    return best;
}

}  // namespace parley
