// A message taken apart: words in one romanised spelling, number shapes, emoji, clauses.
//
// Promise   Any byte sequence is accepted; bytes that are not UTF-8 are skipped. No digits of a user's number
//           are kept: a number becomes its shape.
// Threads   Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace edge {

enum class Script { latin, devanagari, number, other };

struct Word {
    std::string
        raw;  // lower-case ASCII as written; of Devanagari words the romanised form; of numbers the shape
    std::string norm;  // one spelling for many: Hindi in either script and its usual romanisations meet here
    Script script = Script::latin;
    int clause = 0;
};

struct Text {
    std::vector<Word> words;
    std::vector<char32_t> symbols;  // emoji and other marks that are not punctuation
    int clauses = 1;
    int questions = 0;    // question marks
    int code_marks = 0;   // braces, equals signs and the like: frequent in code, rare in prose
    int long_digits = 0;  // digits of the longest number
    int numbers = 0;
    bool has_pan_shape = false;
    bool has_devanagari = false;
    bool has_latin = false;
};

Text read_text(std::string_view utf8);

// The spelling under which a word is compared; `word` is lower-case Latin.
std::string normal_spelling(std::string_view word);

// Lower-case Latin for a Devanagari word, with the inherent vowel dropped where it is not spoken.
std::string romanised(std::u32string_view word);

// The consonants of a normalised word; the same for most spellings of one word, also across scripts.
std::string skeleton(std::string_view norm);

}  // namespace edge
