// How the two shipped models are made from lines, and how good that way is: settings, folds, scores.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "training/trainer.hpp"

namespace edge::training {

struct Corpus {
    std::vector<Line> lines;  // the given training lines; folds are cut from these only
    std::vector<Line> extra;  // lines of our own; always trained on, never scored
};

Settings intent_settings();
Settings language_settings();

std::vector<Example> intent_examples(const std::vector<Line>& lines, const Lexicon& lexicon);
// Latin-script lines only: class 1 is HINGLISH, class 0 ENGLISH.
std::vector<Example> language_examples(const std::vector<Line>& lines);

TrainedModel train_intent_model(const Corpus& corpus, const Lexicon& lexicon);
TrainedModel train_language_model(const Corpus& corpus);

struct FoldScore {
    double intent_macro_f1 = 0;
    double intent_accuracy = 0;
    double language_accuracy = 0;
    std::vector<std::string> errors;
};

// k-fold cross-validation of the whole understanding (rules included) on corpus.lines.
FoldScore cross_validate(const Corpus& corpus, std::string_view lexicon_source, int folds,
                         std::uint64_t seed);

}  // namespace edge::training
