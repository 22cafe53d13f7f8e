// Facts of the taxonomy that need no learning: number shapes, single emoji, languages asked for by name,
// words that settle the language.
#pragma once

#include <optional>

#include "understanding/labels.hpp"
#include "understanding/text.hpp"

namespace edge {

// The intent of a message without words: a bare number, a PAN, emoji, punctuation.
std::optional<Intent> intent_without_words(const Text& text);

// True when the message has no word of a language: numbers, emoji, punctuation, a bare "ok" or "hmm".
bool has_no_own_words(const Text& text);

// A language named as the one to answer in ("hindi me batao", "in English please").
std::optional<Language> language_asked_for(const Text& text);

// Latin-script words: true when one is Hindi for certain, and no English word; forms of address do not count.
bool has_certain_hindi_word(const Text& text);

// bhai, yaar, ji …: Hindi, but they do not make an English line HINGLISH.
bool is_form_of_address(std::string_view word);

}  // namespace edge
