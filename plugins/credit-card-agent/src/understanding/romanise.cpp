// Devanagari to Latin, and one spelling for the many ways in which Hindi is romanised.
#include <array>
#include <iterator>
#include <unordered_map>
#include <utility>

#include "understanding/text.hpp"

namespace edge {
namespace {

struct Letter {
    char32_t code;
    const char* latin;
};

constexpr std::array consonants{
    Letter{U'क', "k"},  Letter{U'ख', "kh"},  Letter{U'ग', "g"}, Letter{U'घ', "gh"}, Letter{U'ङ', "n"},
    Letter{U'च', "ch"}, Letter{U'छ', "chh"}, Letter{U'ज', "j"}, Letter{U'झ', "jh"}, Letter{U'ञ', "n"},
    Letter{U'ट', "t"},  Letter{U'ठ', "th"},  Letter{U'ड', "d"}, Letter{U'ढ', "dh"}, Letter{U'ण', "n"},
    Letter{U'त', "t"},  Letter{U'थ', "th"},  Letter{U'द', "d"}, Letter{U'ध', "dh"}, Letter{U'न', "n"},
    Letter{U'प', "p"},  Letter{U'फ', "f"},   Letter{U'ब', "b"}, Letter{U'भ', "bh"}, Letter{U'म', "m"},
    Letter{U'य', "y"},  Letter{U'र', "r"},   Letter{U'ल', "l"}, Letter{U'ळ', "l"},  Letter{U'व', "v"},
    Letter{U'श', "sh"}, Letter{U'ष', "sh"},  Letter{U'स', "s"}, Letter{U'ह', "h"}};

constexpr std::array vowels{Letter{U'अ', "a"},  Letter{U'आ', "aa"}, Letter{U'इ', "i"},  Letter{U'ई', "i"},
                            Letter{U'उ', "u"},  Letter{U'ऊ', "u"},  Letter{U'ऋ', "ri"}, Letter{U'ए', "e"},
                            Letter{U'ऐ', "ai"}, Letter{U'ओ', "o"},  Letter{U'औ', "au"}, Letter{U'ऑ', "o"},
                            Letter{U'ऍ', "e"},  Letter{U'ऎ', "e"},  Letter{U'ऒ', "o"}};

constexpr std::array matras{Letter{U'\u093e', "aa"}, Letter{U'\u093f', "i"}, Letter{U'\u0940', "i"},
                            Letter{U'\u0941', "u"},  Letter{U'\u0942', "u"}, Letter{U'\u0943', "ri"},
                            Letter{U'\u0945', "e"},  Letter{U'\u0946', "e"}, Letter{U'\u0947', "e"},
                            Letter{U'\u0948', "ai"}, Letter{U'\u0949', "o"}, Letter{U'\u094a', "o"},
                            Letter{U'\u094b', "o"},  Letter{U'\u094c', "au"}};

template <std::size_t N>
const char* find(const std::array<Letter, N>& table, char32_t code) {
    for (const Letter& letter : table)
        if (letter.code == code) return letter.latin;
    return nullptr;
}

struct Syllable {
    std::string onset;
    std::string vowel;
    bool inherent = false;
    bool nasal = false;
};

std::vector<Syllable> syllables_of(std::u32string_view word) {
    constexpr char32_t virama = U'\u094d';
    constexpr char32_t anusvara = U'\u0902';
    std::vector<Syllable> out;
    for (char32_t code : word) {
        if (const char* c = find(consonants, code)) {
            out.push_back({c, "a", true, false});
        } else if (const char* v = find(vowels, code)) {
            out.push_back({"", v, false, false});
        } else if (const char* m = find(matras, code)) {
            if (out.empty()) out.push_back({});
            out.back().vowel = m;
            out.back().inherent = false;
        } else if (code == virama && !out.empty()) {
            out.back().vowel.clear();
            out.back().inherent = false;
        } else if (code == anusvara && !out.empty()) {
            out.back().nasal = true;
        }
    }
    return out;
}

// The inherent vowel is silent at a word's end and between a vowel and a consonant that carries one.
void drop_silent_vowels(std::vector<Syllable>& word) {
    if (word.size() < 2) return;
    const auto voiced = [](const Syllable& s) { return !s.vowel.empty(); };
    if (word.back().inherent && !word.back().nasal) word.back().vowel.clear();
    for (std::size_t i = word.size() - 1; i-- > 1;) {
        if (word[i].inherent && !word[i].nasal && voiced(word[i - 1]) && voiced(word[i + 1]))
            word[i].vowel.clear();
    }
}

// How people write in a hurry, and the one way in which it is compared.
constexpr std::pair<std::string_view, std::string_view> hurried[] = {
    {"h", "hai"},
    {"hain", "hai"},
    {"hei", "hai"},
    {"he", "hai"},
    {"nhi", "nahi"},
    {"nai", "nahi"},
    {"nahin", "nahi"},
    {"nahee", "nahi"},
    {"ni", "nahi"},
    {"hu", "hun"},
    {"hoon", "hun"},
    {"hoo", "hun"},
    {"mai", "main"},
    {"mein", "me"},
    {"mujhko", "mujhe"},
    {"muje", "mujhe"},
    {"mereko", "mujhe"},
    {"chaiye", "chahiye"},
    {"chahie", "chahiye"},
    {"chaie", "chahiye"},
    {"chahiey", "chahiye"},
    {"chaahiye", "chahiye"},
    {"kese", "kaise"},
    {"kaisay", "kaise"},
    {"kyu", "kyun"},
    {"kyo", "kyun"},
    {"kyon", "kyun"},
    {"kaha", "kahan"},
    {"thik", "theek"},
    {"tik", "theek"},
    {"acha", "accha"},
    {"achha", "accha"},
    {"krna", "karna"},
    {"kro", "karo"},
    {"kr", "kar"},
    {"krdo", "kardo"},
    {"krne", "karne"},
    {"krta", "karta"},
    {"krke", "karke"},
    {"kre", "kare"},
    {"u", "you"},
    {"ur", "your"},
    {"r", "are"},
    {"pls", "please"},
    {"plz", "please"},
    {"plss", "please"},
    {"msg", "message"},
    {"msgs", "message"},
    {"messages", "message"},
    {"thx", "thanks"},
    {"tnx", "thanks"},
    {"ty", "thanks"},
    {"wanna", "want"},
    {"docs", "documents"},
    {"doc", "documents"},
    {"document", "documents"},
    {"adhar", "aadhaar"},
    {"aadhar", "aadhaar"},
    {"adhaar", "aadhaar"},
    {"aadhr", "aadhaar"},
    {"yr", "year"},
    {"abt", "about"},
    {"amt", "amount"},
    {"txn", "transaction"},
    {"txns", "transaction"},
    {"transactions", "transaction"},
    {"cc", "credit"},
    {"fee", "fees"},
    {"acc", "account"},
    {"acct", "account"},
    {"ac", "account"},
    {"w", "with"},
    {"bcoz", "because"},
    {"coz", "because"},
    {"cust", "customer"},
    {"mob", "mobile"},
    {"ph", "phone"},
    {"yup", "yes"},
    {"yess", "yes"},
    {"haa", "haan"},
    {"ha", "haan"},
    {"han", "haan"},
    {"pe", "par"},
    {"pr", "par"},
    {"pai", "par"},
    {"wo", "vo"},
    {"woh", "vo"},
    {"yeh", "ye"},
    {"yah", "ye"},
    {"vah", "vo"},
    {"charges", "charge"},
    {"cards", "card"},
    {"rewards", "reward"},
    {"points", "point"},
    {"benefits", "benefit"},
    {"features", "feature"},
    {"mobail", "mobile"},
    {"konsa", "kaunsa"},
    {"konse", "kaunse"},
    {"konsi", "kaunsi"},
    {"kon", "kaun"},
    {"rupees", "rupaye"},
    {"rs", "rupaye"},
    {"rupe", "rupaye"},
    {"paise", "paisa"},
    {"aplication", "application"},
    {"aply", "apply"},
    {"eplai", "apply"},
    {"bnd", "band"},
    {"stmt", "statement"},
    {"govt", "government"},
};

const std::unordered_map<std::string_view, std::string_view>& chat_spellings() {
    static const std::unordered_map<std::string_view, std::string_view> table(std::begin(hurried),
                                                                              std::end(hurried));
    return table;
}

std::string fold_letters(std::string_view word) {
    std::string out;
    for (std::size_t i = 0; i < word.size(); ++i) {
        const char c = word[i];
        const char next = i + 1 < word.size() ? word[i + 1] : '\0';
        if (c == 'p' && next == 'h') {
            out += 'f';
            ++i;
        } else if (c == 'w') {
            out += 'v';
        } else if (c == 'z') {
            out += 'j';
        } else if (c == 'q' || (c == 'c' && next == 'k')) {
            out += 'k';
            if (c == 'c') ++i;
        } else if (c == 'e' && next == 'e') {
            out += 'i';
            ++i;
        } else if (c == 'o' && next == 'o') {
            out += 'u';
            ++i;
        } else {
            out += c;
        }
    }
    std::string once;
    for (char c : out)
        if (once.empty() || once.back() != c) once += c;
    const auto chh = once.find("chh");
    if (chh != std::string::npos) once.erase(chh + 2, 1);
    return once;
}

}  // namespace

std::string romanised(std::u32string_view word) {
    auto syllables = syllables_of(word);
    drop_silent_vowels(syllables);
    std::string out;
    for (const Syllable& s : syllables) {
        out += s.onset;
        out += s.vowel;
        if (s.nasal) out += 'n';
    }
    return out;
}

std::string normal_spelling(std::string_view word) {
    const auto& chat = chat_spellings();
    if (const auto known = chat.find(word); known != chat.end()) return fold_letters(known->second);
    return fold_letters(word);
}

std::string skeleton(std::string_view norm) {
    std::string out;
    for (std::size_t i = 0; i < norm.size(); ++i) {
        char c = norm[i];
        const bool vowel = c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
        if (vowel) {
            if (i == 0) out += 'a';
            continue;
        }
        if (c == 'h' && i > 0) continue;
        if (c == 'c' && (i + 1 >= norm.size() || norm[i + 1] != 'h')) {
            const char next = i + 1 < norm.size() ? norm[i + 1] : '\0';
            c = next == 'e' || next == 'i' || next == 'y' ? 's' : 'k';
        }
        if (c == 'x') {
            out += "ks";
            continue;
        }
        if (out.empty() || out.back() != c) out += c;
    }
    return out;
}

}  // namespace edge
