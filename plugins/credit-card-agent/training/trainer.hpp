// Multinomial logistic regression over sparse features; deterministic, single-threaded.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "understanding/labels.hpp"
#include "understanding/model.hpp"

namespace edge::training {

struct Line {
    std::string text;
    Language language = Language::english;
    Intent intent = Intent::unclear;
};

// Macro-F1 over all labels; a label that neither side has counts as 0, as in the taxonomy's scoring.
double macro_f1(const std::vector<std::size_t>& gold, const std::vector<std::size_t>& predicted,
                std::size_t labels);

// Lines of "text TAB language TAB intent"; an empty list and a message in `error` when the file cannot be
// used.
std::vector<Line> read_lines(const std::string& path, std::string& error);

// Lines under headers "@LANGUAGE INTENT", separated by " | "; errors as above.
std::vector<Line> read_grouped_lines(const std::string& path, std::string& error);

struct Example {
    std::vector<Feature> features;
    std::size_t label = 0;
    float importance = 1;
};

struct Settings {
    int runs = 1;  // of which the weights are averaged: less depends on the order of the lines
    int epochs = 30;
    float rate = 0.5f;
    float decay = 2e-5f;     // L2
    float dropout = 0.0f;    // share of features left out in each pass
    float smoothing = 0.0f;  // of the labels
    float idf_power = 0.5f;
    int min_count = 1;
};

TrainedModel train(const std::vector<Example>& examples, std::size_t classes, const Settings& settings);

// The temperature that makes held-out probabilities of `scores` most likely; scores are log-probabilities
// at 1.
float best_temperature(const std::vector<std::vector<float>>& log_probabilities,
                       const std::vector<std::size_t>& labels);

}  // namespace edge::training
