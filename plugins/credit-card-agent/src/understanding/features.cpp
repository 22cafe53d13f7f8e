// Turns a text into hashed, weighted features.
#include "understanding/features.hpp"

#include <algorithm>

namespace edge {
namespace {

constexpr std::uint32_t fnv(std::string_view bytes, std::uint32_t hash) {
    for (char c : bytes) hash = (hash ^ static_cast<std::uint8_t>(c)) * 16777619u;
    return hash;
}

// FNV leaves the low bits of short strings related; the model's table needs them spread.
constexpr std::uint32_t spread(std::uint32_t h) {
    h = (h ^ (h >> 16)) * 0x7feb352du;
    h = (h ^ (h >> 15)) * 0x846ca68bu;
    return h ^ (h >> 16);
}

constexpr std::uint32_t seed_of(char kind) {
    return fnv(std::string_view(&kind, 1), 2166136261u);
}

class Collector {
  public:
    explicit Collector(std::size_t expected) { out_.reserve(expected); }

    void add(char kind, std::string_view value, float weight) {
        out_.push_back({spread(fnv(value, seed_of(kind))), weight});
    }
    void add(char kind, std::string_view first, std::string_view second, float weight) {
        out_.push_back({spread(fnv(second, fnv("\x1f", fnv(first, seed_of(kind))))), weight});
    }

    void grams(char kind, std::string_view word, std::size_t shortest, std::size_t longest, float weight) {
        padded_.assign(1, '_');
        padded_ += word;
        padded_ += '_';
        for (std::size_t n = shortest; n <= longest; ++n)
            for (std::size_t i = 0; i + n <= padded_.size(); ++i)
                add(kind, std::string_view(padded_).substr(i, n), weight);
    }

    std::vector<Feature> done() && {
        std::sort(out_.begin(), out_.end(), [](const Feature& a, const Feature& b) {
            return a.key != b.key ? a.key < b.key : a.weight > b.weight;
        });
        out_.erase(std::unique(out_.begin(), out_.end(),
                               [](const Feature& a, const Feature& b) { return a.key == b.key; }),
                   out_.end());
        return std::move(out_);
    }

  private:
    std::vector<Feature> out_;
    std::string padded_;
};

constexpr float gram_weight = 0.25f;
constexpr float word_weight = 1.0f;
constexpr float pair_weight = 0.8f;
constexpr float skeleton_weight = 0.8f;
constexpr float idea_weight = 1.2f;
constexpr float idea_pair_weight = 0.6f;
constexpr float shape_weight = 0.8f;

void add_words(const Text& text, Collector& out) {
    std::string before_norm = "^";
    std::string before_bones = "^";
    for (const Word& word : text.words) {
        const std::string bones = skeleton(word.norm);
        out.add('w', word.norm, word_weight);
        out.add('p', before_norm, word.norm, pair_weight);
        if (word.script != Script::number) {
            out.grams('g', word.norm, 2, 5, gram_weight);
            if (bones.size() > 1) out.add('s', bones, skeleton_weight);
            out.add('t', before_bones, bones, 0.5f * pair_weight);
        }
        before_norm = word.norm;
        before_bones = bones;
    }
    out.add('p', before_norm, "$", pair_weight);
}

// Many words without an idea of cards are about something else, or about nothing.
void add_subject(std::size_t words, int ideas, Collector& out) {
    const char length = words < 2 ? '1' : words < 4 ? '2' : words < 7 ? '3' : '4';
    const char both[2] = {static_cast<char>('0' + std::min(ideas, 3)), length};
    out.add('d', std::string_view(both, 2), shape_weight);
    out.add('d', std::string_view(both, 1), shape_weight);
}

void add_ideas(const Text& text, const Lexicon& lexicon, Collector& out) {
    std::vector<std::uint8_t> seen;
    std::vector<std::uint8_t> of_word;
    for (const Word& word : text.words) {
        of_word.clear();
        lexicon.ideas_of(word.norm, of_word);
        for (std::uint8_t idea : of_word)
            if (std::find(seen.begin(), seen.end(), idea) == seen.end()) seen.push_back(idea);
    }
    const auto subjects =
        std::count_if(seen.begin(), seen.end(), [&](std::uint8_t idea) { return lexicon.is_subject(idea); });
    add_subject(text.words.size(), static_cast<int>(subjects), out);
    if (seen.size() > 14) seen.resize(14);
    std::sort(seen.begin(), seen.end());
    const auto text_of = [](const std::uint8_t& idea) {
        return std::string_view(reinterpret_cast<const char*>(&idea), 1);
    };
    for (std::size_t i = 0; i < seen.size(); ++i) {
        out.add('i', text_of(seen[i]), idea_weight);
        for (std::size_t k = i + 1; k < seen.size(); ++k)
            out.add('j', text_of(seen[i]), text_of(seen[k]), idea_pair_weight);
    }
}

// Letters that are no word in either language: no vowel, one letter over and over, a long run of consonants.
bool is_odd(std::string_view word) {
    std::size_t run = 0;
    std::size_t longest = 0;
    std::size_t vowels = 0;
    for (char c : word) {
        const bool vowel = std::string_view("aeiouy").find(c) != std::string_view::npos;
        vowels += vowel;
        run = vowel ? 0 : run + 1;
        longest = std::max(longest, run);
    }
    const bool repeats = word.find_first_not_of(word[0]) == std::string_view::npos;
    return word.size() > 1 && (vowels == 0 || longest > 4 || repeats);
}

void add_oddity(const Text& text, Collector& out) {
    std::size_t latin = 0;
    std::size_t odd = 0;
    for (const Word& word : text.words) {
        if (word.script != Script::latin) continue;
        ++latin;
        odd += is_odd(word.raw);
    }
    if (odd > 0) out.add('o', 2 * odd >= latin ? "most" : "some", shape_weight);
}

void add_shape(const Text& text, Collector& out) {
    const std::size_t count = text.words.size();
    const std::string_view length = count == 0   ? "none"
                                    : count == 1 ? "one"
                                    : count == 2 ? "two"
                                    : count <= 4 ? "few"
                                    : count <= 9 ? "some"
                                                 : "many";
    out.add('l', length, shape_weight);
    if (text.code_marks > 1) out.add('c', text.code_marks > 3 ? "many" : "some", shape_weight);
    if (text.questions > 0) out.add('q', "?", shape_weight);
    for (char32_t symbol : text.symbols)
        out.add('e', std::string_view(reinterpret_cast<const char*>(&symbol), sizeof symbol), word_weight);
}

bool is_address(std::string_view word) {
    constexpr std::string_view forms[] = {"bhai", "yaar", "yar", "ji",  "bhaiya", "beta", "didi",
                                          "na",   "arre", "are", "sir", "bro",    "sirji"};
    return std::find(std::begin(forms), std::end(forms), word) != std::end(forms);
}

}  // namespace

Lexicon::Lexicon(std::string_view source) {
    while (!source.empty()) {
        const auto end = std::min(source.find('\n'), source.size());
        const std::string_view line = source.substr(0, end);
        source.remove_prefix(std::min(end + 1, source.size()));
        const auto colon = line.find(':');
        if (line.empty() || line[0] == '#' || colon == std::string_view::npos || names_.size() == 255)
            continue;
        const bool general = colon > 0 && line[colon - 1] == '~';
        names_.emplace_back(line.substr(0, colon - (general ? 1 : 0)));
        general_.push_back(general);
        add_words(line.substr(colon + 1), static_cast<std::uint8_t>(names_.size() - 1));
    }
}

void Lexicon::add_words(std::string_view words, std::uint8_t idea) {
    while (!words.empty()) {
        const auto end = std::min(words.find(' '), words.size());
        std::string_view word = words.substr(0, end);
        words.remove_prefix(std::min(end + 1, words.size()));
        const bool stem = !word.empty() && word.back() == '*';
        if (stem) word.remove_suffix(1);
        const Text text = read_text(word);
        if (text.words.empty()) continue;
        const std::string norm = stem ? normal_spelling(text.words[0].raw) : text.words[0].norm;
        auto& ideas = (stem ? stems_ : words_)[norm];
        if (ideas.empty() || ideas.back() != idea) ideas.push_back(idea);
    }
}

void Lexicon::ideas_of(std::string_view norm, std::vector<std::uint8_t>& out) const {
    std::string key(norm);
    if (const auto found = words_.find(key); found != words_.end())
        out.insert(out.end(), found->second.begin(), found->second.end());
    for (; key.size() >= 3; key.pop_back())
        if (const auto found = stems_.find(key); found != stems_.end())
            out.insert(out.end(), found->second.begin(), found->second.end());
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    if (out.size() > 8) out.resize(8);
}

int Lexicon::number_of(std::string_view idea) const {
    const auto found = std::find(names_.begin(), names_.end(), idea);
    return found == names_.end() ? -1 : static_cast<int>(found - names_.begin());
}

std::vector<Feature> intent_features(const Text& text, const Lexicon& lexicon) {
    Collector out(400);
    add_words(text, out);
    add_ideas(text, lexicon, out);
    add_shape(text, out);
    add_oddity(text, out);
    return std::move(out).done();
}

std::vector<Feature> language_features(const Text& text) {
    Collector out(200);
    const bool only_address = std::all_of(text.words.begin(), text.words.end(),
                                          [](const Word& word) { return is_address(word.raw); });
    std::string_view before = "^";
    for (const Word& word : text.words) {
        if (word.script != Script::latin || (!only_address && is_address(word.raw))) continue;
        out.add('w', word.raw, 2.0f);
        out.add('p', before, word.raw, 0.7f);
        out.grams('g', word.raw, 2, 4, 0.5f);
        before = word.raw;
    }
    return std::move(out).done();
}

}  // namespace edge
