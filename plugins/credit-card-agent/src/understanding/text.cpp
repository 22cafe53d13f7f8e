// Takes a message apart into words, number shapes, symbols and clauses.
#include "understanding/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace edge {
namespace {

constexpr bool is_digit(char32_t c) {
    return c >= U'0' && c <= U'9';
}
constexpr bool is_letter(char32_t c) {
    return (c >= U'a' && c <= U'z') || (c >= 0xdf && c <= 0x24f && c != 0xf7);
}
constexpr bool is_devanagari(char32_t c) {
    return c >= 0x900 && c <= 0x97f && c != 0x964 && c != 0x965;
}

constexpr bool is_dropped(char32_t c) {
    return c == 0x93c || c == 0x200b || c == 0x200c || c == 0x200d || c == 0xfeff ||
           (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0x1f3fb && c <= 0x1f3ff);
}

char32_t folded(char32_t c) {
    constexpr std::array<char32_t, 8> with_nukta{0x915, 0x916, 0x917, 0x91c, 0x921, 0x922, 0x92b, 0x92f};
    if (c >= U'A' && c <= U'Z') return c + 32;
    if (c >= 0xc0 && c <= 0xde && c != 0xd7) return c + 32;
    if (c >= 0x958 && c <= 0x95f) return with_nukta[c - 0x958];
    if (c >= 0x966 && c <= 0x96f) return U'0' + (c - 0x966);
    if (c >= 0xff01 && c <= 0xff5e) return folded(c - 0xfee0);
    if (c == 0x901) return 0x902;
    if (c == 0x2019 || c == 0x2018 || c == 0x60) return U'\'';
    if (c == 0x2010 || c == 0x2011 || c == 0x2012 || c == 0x2013 || c == 0x2014) return U'-';
    if (c == 0xa0 || c == 0x2009 || c == 0x202f) return U' ';
    return c;
}

std::u32string decode(std::string_view in) {
    std::u32string out;
    out.reserve(in.size());
    for (std::size_t i = 0; i < in.size();) {
        const auto lead = static_cast<std::uint8_t>(in[i]);
        const std::size_t length = lead < 0x80    ? 1
                                   : lead >= 0xf0 ? 4
                                   : lead >= 0xe0 ? 3
                                   : lead >= 0xc2 ? 2
                                                  : 0;
        if (length == 0 || i + length > in.size()) {
            ++i;
            continue;
        }
        char32_t code = length == 1 ? lead : lead & (0xffu >> (length + 1));
        bool valid = true;
        for (std::size_t k = 1; k < length; ++k) {
            const auto byte = static_cast<std::uint8_t>(in[i + k]);
            valid = valid && (byte & 0xc0) == 0x80;
            code = (code << 6) | (byte & 0x3f);
        }
        i += valid ? length : 1;
        if (valid && !is_dropped(code)) out += folded(code);
    }
    return out;
}

// The letters and digits of an Indian PAN: AAAAA9999A.
bool is_pan_shape(std::string_view word) {
    if (word.size() != 10) return false;
    for (std::size_t i = 0; i < 10; ++i) {
        const bool digit = word[i] >= '0' && word[i] <= '9';
        if (digit != (i >= 5 && i <= 8)) return false;
        if (!digit && (word[i] < 'a' || word[i] > 'z')) return false;
    }
    return true;
}

class Reader {
  public:
    explicit Reader(std::string_view utf8) : in_(decode(utf8)) {}

    Text read() {
        while (at_ < in_.size()) step();
        out_.clauses = clause_ + 1;
        return std::move(out_);
    }

  private:
    void step() {
        const char32_t c = in_[at_];
        if (is_digit(c) && number()) return;
        if (is_letter(c) || is_digit(c)) return latin();
        if (is_devanagari(c)) return devanagari();
        mark(c);
        ++at_;
    }

    // A run of digits with single separators inside; letters glued to it make it a word ("5k") instead.
    bool number() {
        std::size_t end = at_;
        int digits = 0;
        std::size_t last = at_;
        while (end < in_.size()) {
            if (is_digit(in_[end])) {
                ++digits;
                last = end++;
            } else if (end + 1 < in_.size() && is_digit(in_[end + 1]) &&
                       (in_[end] == U' ' || in_[end] == U'-' || in_[end] == U',' || in_[end] == U'.')) {
                ++end;
            } else {
                break;
            }
        }
        end = last + 1;
        if (end < in_.size() && is_letter(in_[end])) return false;
        std::string shape = "#" + std::to_string(std::min(digits, 17));
        if (end < in_.size() && in_[end] == U'%') shape = "#pct";
        out_.long_digits = std::max(out_.long_digits, digits);
        ++out_.numbers;
        add(shape, shape, Script::number);
        at_ = end;
        return true;
    }

    void latin() {
        std::string raw;
        while (at_ < in_.size()) {
            const char32_t c = in_[at_];
            if (is_letter(c) || is_digit(c)) {
                raw += c < 0x80 ? static_cast<char>(c) : 'e';
            } else if (c != U'\'' || at_ + 1 >= in_.size() || !is_letter(in_[at_ + 1])) {
                break;
            }
            ++at_;
        }
        out_.has_latin = true;
        if (is_pan_shape(raw)) {
            out_.has_pan_shape = true;
            return add("#pan", "#pan", Script::number);
        }
        const auto digits =
            std::count_if(raw.begin(), raw.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (digits >= 6) return add("#mixed", "#mixed", Script::number);
        if (starts_clause(raw)) ++clause_;
        add(raw, normal_spelling(raw), Script::latin);
    }

    void devanagari() {
        const std::size_t begin = at_;
        while (at_ < in_.size() && is_devanagari(in_[at_])) ++at_;
        std::string raw = romanised(std::u32string_view(in_).substr(begin, at_ - begin));
        if (raw.empty()) return;
        out_.has_devanagari = true;
        if (starts_clause(raw)) ++clause_;
        std::string norm = normal_spelling(raw);
        add(std::move(raw), std::move(norm), Script::devanagari);
    }

    void mark(char32_t c) {
        constexpr std::u32string_view code = U"<>{}[]=;|\\$*_/#&\"";
        if (c == U'?') ++out_.questions;
        if (code.find(c) != code.npos) ++out_.code_marks;
        const bool ends =
            c == U'?' || c == U'!' || c == U',' || c == U';' || c == U'\n' || c == 0x964 || c == U'.';
        if (ends && !out_.words.empty() && out_.words.back().clause == clause_) ++clause_;
        if (c == U'%' || c == 0x20b9 || c >= 0x2190) out_.symbols.push_back(c);
    }

    bool starts_clause(std::string_view word) const {
        constexpr std::array<std::string_view, 8> joins{"and",   "aur",   "also", "plus",
                                                        "tatha", "lekin", "but",  "or"};
        return !out_.words.empty() && out_.words.back().clause == clause_ &&
               std::find(joins.begin(), joins.end(), word) != joins.end();
    }

    void add(std::string raw, std::string norm, Script script) {
        if (out_.words.size() < 400) out_.words.push_back({std::move(raw), std::move(norm), script, clause_});
    }

    std::u32string in_;
    std::size_t at_ = 0;
    int clause_ = 0;
    Text out_;
};

}  // namespace

Text read_text(std::string_view utf8) {
    return Reader(utf8).read();
}

}  // namespace edge
