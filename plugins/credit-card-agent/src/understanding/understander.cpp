// Puts rules, language and intent classifiers together.
#include "understanding/understander.hpp"

#include <algorithm>

#include "understanding/rules.hpp"

namespace edge {
namespace {

constexpr float clause_certainty = 0.60f;
constexpr float urgent_certainty = 0.70f;
constexpr float incident_certainty = 0.90f;

// Rule 2 of the taxonomy: these win over the rest, in this order.
constexpr std::array urgent{Intent::lost_or_fraud, Intent::opt_out, Intent::human, Intent::complaint};

Text clause_of(const Text& text, int clause) {
    Text out;
    for (const Word& word : text.words)
        if (word.clause == clause) out.words.push_back(word);
    out.has_devanagari = text.has_devanagari;
    out.has_latin = text.has_latin;
    return out;
}

Text words_of(const Text& text, std::size_t begin, std::size_t end) {
    Text out;
    out.words.assign(text.words.begin() + static_cast<std::ptrdiff_t>(begin),
                     text.words.begin() + static_cast<std::ptrdiff_t>(end));
    out.has_devanagari = text.has_devanagari;
    out.has_latin = text.has_latin;
    return out;
}

// Words with which people go on without a comma: "i lost my card what is the fee for a new one".
bool may_begin_anew(std::string_view word) {
    constexpr std::string_view words[] = {"what", "how",   "when",  "where",  "why", "which",  "is",
                                          "can",  "do",    "i",     "my",     "kya", "kitna",  "kitne",
                                          "kab",  "kaise", "mera",  "meri",   "ab",  "abhi",   "kitni",
                                          "naya", "kisi",  "mujhe", "please", "pls", "someone"};
    return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

bool is_small_talk(Intent intent) {
    return intent == Intent::greeting || intent == Intent::thanks || intent == Intent::affirm ||
           intent == Intent::deny || intent == Intent::goodbye;
}

Intent likeliest(const std::vector<float>& p) {
    return static_cast<Intent>(std::max_element(p.begin(), p.end()) - p.begin());
}

}  // namespace

Understander::Understander(const Lexicon& lexicon, const LinearModel& intents, const LinearModel& languages)
    : lexicon_(lexicon), intents_(intents), languages_(languages) {}

Language Understander::language_of(const Text& text) const {
    if (text.has_devanagari) return Language::hindi;
    if (!text.has_latin || has_no_own_words(text)) return Language::english;
    if (has_certain_hindi_word(text)) return Language::hinglish;
    std::vector<float> p;
    languages_.classify(language_features(text), p);
    return p[1] > 0.5f ? Language::hinglish : Language::english;
}

Ideas Understander::ideas_of(const Text& text) const {
    Ideas out;
    std::vector<std::uint8_t> found;
    for (const Word& word : text.words) {
        found.clear();
        lexicon_.ideas_of(word.norm, found);
        for (std::uint8_t idea : found) out.set(idea);
    }
    return out;
}

Understanding Understander::understand(std::string_view message) const {
    const Text text = read_text(message.substr(0, 4000));
    Understanding out;
    out.language = language_of(text);
    out.has_own_words = !has_no_own_words(text);
    out.words = static_cast<int>(text.words.size());
    out.has_secret_number = text.has_pan_shape || (text.long_digits >= 12 && text.long_digits <= 19);
    out.wanted_language = language_asked_for(text);
    out.ideas = ideas_of(text);
    for (std::size_t idea = 0; idea < lexicon_.size(); ++idea)
        out.subjects += out.ideas.test(idea) && lexicon_.is_subject(idea);
    if (const auto ruled = intent_without_words(text)) {
        out.intent = *ruled;
        out.confidence = 1;
        out.by_rule = true;
        out.probabilities[index_of(*ruled)] = 1;
        return out;
    }
    classify(text, out);
    if (text.clauses > 1 && text.words.size() > 2) look_at_clauses(text, out);
    look_for_incident(text, out);
    return out;
}

void Understander::classify(const Text& text, Understanding& out) const {
    std::vector<float> p;
    intents_.classify(intent_features(text, lexicon_), p);
    std::copy(p.begin(), p.end(), out.probabilities.begin());
    out.intent = likeliest(p);
    out.confidence = p[index_of(out.intent)];
}

void Understander::look_for_incident(const Text& text, Understanding& out) const {
    constexpr int most_looks = 4;
    const auto names = [&](const char* idea) {
        const int number = lexicon_.number_of(idea);
        return number >= 0 && out.ideas.test(static_cast<std::size_t>(number));
    };
    if (out.intent == Intent::lost_or_fraud || !is_question(out.intent)) return;
    if (!names("lost") && !names("fraud")) return;
    std::vector<float> p;
    int looks = 0;
    for (std::size_t i = 2; i + 1 < text.words.size() && looks < most_looks; ++i) {
        if (!may_begin_anew(text.words[i].raw)) continue;
        ++looks;
        for (const Text& part : {words_of(text, 0, i), words_of(text, i, text.words.size())}) {
            if (part.words.size() < 2) continue;
            intents_.classify(intent_features(part, lexicon_), p);
            if (p[index_of(Intent::lost_or_fraud)] < incident_certainty) continue;
            out.intent = Intent::lost_or_fraud;
            out.confidence = p[index_of(Intent::lost_or_fraud)];
            return;
        }
    }
}

void Understander::look_at_clauses(const Text& text, Understanding& out) const {
    struct Part {
        Intent intent;
        float certainty;
        int clause;
    };
    std::vector<Part> parts;
    std::vector<float> p;
    for (int clause = 0; clause < std::min(text.clauses, 6); ++clause) {
        const Text part = clause_of(text, clause);
        if (part.words.empty()) continue;
        intents_.classify(intent_features(part, lexicon_), p);
        const Intent intent = likeliest(p);
        parts.push_back({intent, p[index_of(intent)], clause});
    }
    for (Intent first : urgent) {
        if (out.intent == first) return;
        for (const Part& part : parts) {
            if (part.intent != first || part.certainty < urgent_certainty) continue;
            out.intent = first;
            out.confidence = part.certainty;
            return;
        }
    }
    std::vector<Part> questions;
    for (const Part& part : parts)
        if (is_question(part.intent) && part.certainty >= clause_certainty &&
            (questions.empty() || questions.back().intent != part.intent))
            questions.push_back(part);
    if (questions.empty()) return;
    if (is_small_talk(out.intent)) {
        out.intent = questions[0].intent;
        out.confidence = questions[0].certainty;
    }
    if (questions.size() < 2) return;
    const auto covers = [&](Intent intent) {
        return intent == questions[0].intent || intent == questions[1].intent;
    };
    if (!covers(out.intent)) return;
    out.intent = questions[0].intent;
    out.confidence = std::max(out.confidence, questions[0].certainty);
    out.second = questions[1].intent;
    out.first_ideas = ideas_of(clause_of(text, questions[0].clause));
    out.second_ideas = ideas_of(clause_of(text, questions[1].clause));
}

}  // namespace edge
