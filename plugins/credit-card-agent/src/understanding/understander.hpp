// What a message says: its language, its intent and how sure that is, without any context.
//
// Promise   The same message gives the same answer. Nothing of the message is kept.
// Threads   Const objects are shared freely.
#pragma once

#include <array>
#include <bitset>
#include <optional>
#include <string>
#include <string_view>

#include "understanding/features.hpp"
#include "understanding/labels.hpp"
#include "understanding/model.hpp"
#include "understanding/text.hpp"

namespace edge {

using Ideas = std::bitset<255>;

struct Understanding {
    Language language = Language::english;
    bool has_own_words = true;  // false: emoji, numbers, a bare "ok"; a dialogue keeps its language
    Intent intent = Intent::unclear;
    float confidence = 0;  // calibrated probability of `intent`; 1 where a rule decides
    bool by_rule = false;
    std::optional<Intent> second;  // another question in the same message, to be answered too
    std::array<float, intent_count> probabilities{};
    Ideas ideas;         // of the whole message, numbered by the lexicon
    Ideas first_ideas;   // with a second question: of the clause with the first
    Ideas second_ideas;  // of the clause with the second question
    int words = 0;
    int subjects = 0;                         // ideas of cards and banks among `ideas`
    bool has_secret_number = false;           // a pasted card number, Aadhaar or PAN
    std::optional<Language> wanted_language;  // asked for by name
};

class Understander {
  public:
    // The models and the lexicon must outlive the understander.
    Understander(const Lexicon& lexicon, const LinearModel& intents, const LinearModel& languages);

    Understanding understand(std::string_view message) const;

    const Lexicon& lexicon() const { return lexicon_; }

  private:
    Language language_of(const Text& text) const;
    void classify(const Text& text, Understanding& out) const;
    void look_for_incident(const Text& text, Understanding& out) const;
    void look_at_clauses(const Text& text, Understanding& out) const;
    Ideas ideas_of(const Text& text) const;

    const Lexicon& lexicon_;
    const LinearModel& intents_;
    const LinearModel& languages_;
};

}  // namespace edge
