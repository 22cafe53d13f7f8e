#include "base/suggestion.hpp"

#include <algorithm>
#include <array>

namespace parley {
namespace {

constexpr std::size_t longest = 64;

// Optimal string alignment over three rows; '-' and '_' and letters of either case count as equal.
std::size_t distance(std::string_view a, std::string_view b) {
    const auto folded = [](char c) -> char {
        if (c == '-') return '_';
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    const auto same = [&](char x, char y) { return folded(x) == folded(y); };
    std::array<std::array<std::size_t, longest + 1>, 3> rows{};
    for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto& row = rows[i % 3];
        const auto& above = rows[(i - 1) % 3];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = same(a[i - 1], b[j - 1]) ? 0 : 1;
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + change});
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1])) {
                row[j] = std::min(row[j], rows[(i - 2) % 3][j - 2] + 1);
            }
        }
    }
    return rows[a.size() % 3][b.size()];
}

}  // namespace

std::string_view nearest(std::string_view name, const std::vector<std::string_view>& known) {
    if (name.empty() || name.size() > longest) return {};
    std::size_t best = std::max<std::size_t>(1, name.size() / 3) + 1;
    std::string_view found;
    for (const std::string_view candidate : known) {
        if (candidate.size() > longest) continue;
        const std::size_t changes = distance(name, candidate);
        if (changes < best) {
            best = changes;
            found = candidate;
        }
    }
    return found;
}

}  // namespace parley
