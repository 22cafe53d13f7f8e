#include "kit/text_diff.hpp"

#include <algorithm>
#include <clocale>
#include <cstdint>
#include <cwchar>

#include <locale.h>

namespace parley::kit {
namespace {

using Texts = std::vector<std::string_view>;

constexpr std::size_t most_parts = 2000;

Texts lines_of(std::string_view text) {
    Texts lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80;
}

// Words, runs of spaces, and every other character alone.
Texts words_of(std::string_view line) {
    Texts words;
    for (std::size_t at = 0; at < line.size();) {
        std::size_t end = at + 1;
        const auto same_kind = [&](char c) { return is_word(line[at]) ? is_word(c) : c == ' '; };
        if (is_word(line[at]) || line[at] == ' ')
            while (end < line.size() && same_kind(line[end])) ++end;
        words.push_back(line.substr(at, end - at));
        at = end;
    }
    return words;
}

struct Pair {
    std::size_t left, right;
};

// The longest common subsequence, as pairs of places.
std::vector<Pair> common(const Texts& left, const Texts& right) {
    std::vector<Pair> pairs;
    if (left.size() > most_parts || right.size() > most_parts) return pairs;
    const std::size_t width = right.size() + 1;
    std::vector<std::uint16_t> longest((left.size() + 1) * width, 0);
    for (std::size_t i = left.size(); i-- > 0;)
        for (std::size_t j = right.size(); j-- > 0;)
            longest[i * width + j] = left[i] == right[j]
                                         ? static_cast<std::uint16_t>(longest[(i + 1) * width + j + 1] + 1)
                                         : std::max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    for (std::size_t i = 0, j = 0; i < left.size() && j < right.size();) {
        if (left[i] == right[j])
            pairs.push_back({i++, j++});
        else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1])
            ++i;
        else
            ++j;
    }
    return pairs;
}

void add(std::vector<DiffPiece>& pieces, std::string_view text, bool is_changed) {
    if (!pieces.empty() && pieces.back().is_changed == is_changed)
        pieces.back().text += text;
    else
        pieces.push_back({std::string(text), is_changed});
}

DiffRow same_row(std::string_view line) {
    DiffRow row{true, true, true, {}, {}};
    add(row.left, line, false);
    add(row.right, line, false);
    return row;
}

// A few words in common in two other sentences are chance, and marking the rest only confuses.
bool is_alike(const Texts& left, const Texts& right, const std::vector<Pair>& pairs) {
    const auto words = [](const Texts& all) {
        return std::count_if(all.begin(), all.end(), [](std::string_view one) { return is_word(one[0]); });
    };
    const auto shared = std::count_if(pairs.begin(), pairs.end(),
                                      [&](const Pair& one) { return is_word(left[one.left][0]); });
    return 3 * shared >= std::max(words(left), words(right));
}

DiffRow changed_row(std::string_view left, std::string_view right) {
    DiffRow row{true, true, false, {}, {}};
    const Texts a = words_of(left), b = words_of(right);
    std::size_t i = 0, j = 0;
    const auto changed_until = [&](std::size_t left_end, std::size_t right_end) {
        while (i < left_end) add(row.left, a[i++], true);
        while (j < right_end) add(row.right, b[j++], true);
    };
    std::vector<Pair> pairs = common(a, b);
    if (!is_alike(a, b, pairs)) pairs.clear();
    for (const Pair& pair : pairs) {
        changed_until(pair.left, pair.right);
        add(row.left, a[i++], false);
        add(row.right, b[j++], false);
    }
    changed_until(a.size(), b.size());
    return row;
}

DiffRow lonely_row(std::string_view line, bool is_left) {
    DiffRow row{is_left, !is_left, false, {}, {}};
    add(is_left ? row.left : row.right, line, true);
    return row;
}

// Of the C locale's UTF-8 tables, whatever the program's locale is.
class Widths {
  public:
    Widths() : locale_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {}
    ~Widths() {
        if (locale_ != nullptr) freelocale(locale_);
    }
    Widths(const Widths&) = delete;
    Widths& operator=(const Widths&) = delete;

    std::size_t of(std::string_view text) const {
        const locale_t before = locale_ == nullptr ? nullptr : uselocale(locale_);
        std::size_t width = 0;
        std::mbstate_t state{};
        while (!text.empty()) {
            wchar_t character = 0;
            const std::size_t size = std::mbrtowc(&character, text.data(), text.size(), &state);
            if (size == 0 || size > text.size()) {
                state = {};
                ++width;
                text.remove_prefix(1);
                continue;
            }
            width += static_cast<std::size_t>(std::max(wcwidth(character), 0));
            text.remove_prefix(size);
        }
        if (before != nullptr) uselocale(before);
        return width;
    }

  private:
    const locale_t locale_;
};

}  // namespace

std::vector<DiffRow> diff_texts(std::string_view left, std::string_view right) {
    const Texts a = lines_of(left), b = lines_of(right);
    std::vector<DiffRow> rows;
    std::size_t i = 0, j = 0;
    const auto changed_until = [&](std::size_t left_end, std::size_t right_end) {
        while (i < left_end && j < right_end) rows.push_back(changed_row(a[i++], b[j++]));
        while (i < left_end) rows.push_back(lonely_row(a[i++], true));
        while (j < right_end) rows.push_back(lonely_row(b[j++], false));
    };
    for (const Pair& pair : common(a, b)) {
        changed_until(pair.left, pair.right);
        rows.push_back(same_row(a[i++]));
        ++j;
    }
    changed_until(a.size(), b.size());
    return rows;
}

std::size_t display_width(std::string_view text) {
    return Widths().of(text);
}

}  // namespace parley::kit
