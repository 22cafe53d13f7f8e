// AdaGrad on the softmax loss, with decay, dropout and averaged weights of the last passes.
#include "training/trainer.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>
#include <unordered_map>

namespace edge::training {
namespace {

// The passes must not depend on the standard library's distributions, which differ between vendors.
class Dice {
  public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        state_ += 0x9e3779b97f4a7c15u;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }
    float unit() { return static_cast<float>(next() >> 40) / 16777216.0f; }

  private:
    std::uint64_t state_;
};

struct Cell {
    std::uint32_t row;
    float value;
};

struct Sparse {
    std::vector<Cell> cells;
    std::size_t label;
    float importance;
};

class Fit {
  public:
    Fit(const std::vector<Example>& examples, std::size_t classes, const Settings& settings,
        std::uint64_t seed)
        : classes_(classes), settings_(settings), dice_(seed) {
        number_features(examples);
        for (const Example& example : examples) data_.push_back(sparse(example));
        weights_.assign(keys_.size() * classes_, 0.0f);
        squares_.assign(weights_.size(), 1e-4f);
        sum_.assign(weights_.size(), 0.0f);
        bias_.assign(classes_, 0.0f);
        bias_sum_.assign(classes_, 0.0f);
    }

    TrainedModel run() {
        std::vector<std::size_t> order(data_.size());
        std::iota(order.begin(), order.end(), 0u);
        const int averaged = std::max(1, settings_.epochs / 3);
        for (int epoch = 0; epoch < settings_.epochs; ++epoch) {
            for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[dice_.next() % i]);
            for (std::size_t i : order) learn(data_[i]);
            if (epoch < settings_.epochs - averaged) continue;
            for (std::size_t i = 0; i < weights_.size(); ++i) sum_[i] += weights_[i];
            for (std::size_t c = 0; c < classes_; ++c) bias_sum_[c] += bias_[c];
        }
        for (float& w : sum_) w /= static_cast<float>(averaged);
        for (float& b : bias_sum_) b /= static_cast<float>(averaged);
        return {classes_, 1.0f, std::move(bias_sum_), std::move(keys_), std::move(idf_), std::move(sum_)};
    }

  private:
    void number_features(const std::vector<Example>& examples) {
        std::unordered_map<std::uint32_t, int> counts;
        for (const Example& example : examples)
            for (const Feature& feature : example.features) ++counts[feature.key];
        for (const auto& [key, count] : counts)
            if (count >= settings_.min_count) keys_.push_back(key);
        std::sort(keys_.begin(), keys_.end());
        const auto total = static_cast<float>(examples.size());
        for (std::size_t row = 0; row < keys_.size(); ++row) {
            rows_[keys_[row]] = static_cast<std::uint32_t>(row);
            const float rarity =
                std::log((1.0f + total) / (1.0f + static_cast<float>(counts[keys_[row]]))) + 1.0f;
            idf_.push_back(std::pow(rarity, settings_.idf_power));
        }
    }

    Sparse sparse(const Example& example) const {
        Sparse out{{}, example.label, example.importance};
        float norm = 0;
        for (const Feature& feature : example.features) {
            const auto found = rows_.find(feature.key);
            if (found == rows_.end()) continue;
            const float value = feature.weight * idf_[found->second];
            out.cells.push_back({found->second, value});
            norm += value * value;
        }
        const float shrink = norm > 0 ? 1.0f / std::sqrt(norm) : 0.0f;
        for (Cell& cell : out.cells) cell.value *= shrink;
        return out;
    }

    void learn(const Sparse& example) {
        kept_.clear();
        const float lift = 1.0f / (1.0f - settings_.dropout);
        for (const Cell& cell : example.cells)
            if (settings_.dropout <= 0 || dice_.unit() >= settings_.dropout)
                kept_.push_back({cell.row, cell.value * lift});
        std::vector<float> p(bias_);
        for (const Cell& cell : kept_) {
            const float* w = &weights_[cell.row * classes_];
            for (std::size_t c = 0; c < classes_; ++c) p[c] += cell.value * w[c];
        }
        const float largest = *std::max_element(p.begin(), p.end());
        float total = 0;
        for (float& x : p) total += x = std::exp(x - largest);
        for (std::size_t c = 0; c < classes_; ++c) {
            const float target = (c == example.label ? 1.0f - settings_.smoothing : 0.0f) +
                                 settings_.smoothing / static_cast<float>(classes_);
            p[c] = (p[c] / total - target) * example.importance;
            bias_[c] -= 0.02f * p[c];
        }
        for (const Cell& cell : kept_) {
            float* w = &weights_[cell.row * classes_];
            float* s = &squares_[cell.row * classes_];
            for (std::size_t c = 0; c < classes_; ++c) {
                const float gradient = p[c] * cell.value + settings_.decay * w[c];
                s[c] += gradient * gradient;
                w[c] -= settings_.rate * gradient / std::sqrt(s[c]);
            }
        }
    }

    std::size_t classes_;
    Settings settings_;
    Dice dice_;
    std::vector<std::uint32_t> keys_;
    std::unordered_map<std::uint32_t, std::uint32_t> rows_;
    std::vector<float> idf_;
    std::vector<Sparse> data_;
    std::vector<float> weights_, squares_, sum_, bias_, bias_sum_;
    std::vector<Cell> kept_;
};

double loss_at(const std::vector<std::vector<float>>& log_probabilities,
               const std::vector<std::size_t>& labels, float temperature) {
    double loss = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        double total = 0;
        for (float l : log_probabilities[i]) total += std::exp(static_cast<double>(l) / temperature);
        loss -= static_cast<double>(log_probabilities[i][labels[i]]) / temperature - std::log(total);
    }
    return loss;
}

}  // namespace

TrainedModel train(const std::vector<Example>& examples, std::size_t classes, const Settings& settings) {
    TrainedModel out = Fit(examples, classes, settings, 42).run();
    for (int run = 1; run < settings.runs; ++run) {
        const TrainedModel other =
            Fit(examples, classes, settings, 42 + static_cast<std::uint64_t>(run)).run();
        for (std::size_t i = 0; i < out.weights.size(); ++i) out.weights[i] += other.weights[i];
        for (std::size_t c = 0; c < classes; ++c) out.bias[c] += other.bias[c];
    }
    const auto runs = static_cast<float>(settings.runs);
    for (float& weight : out.weights) weight /= runs;
    for (float& bias : out.bias) bias /= runs;
    return out;
}

float best_temperature(const std::vector<std::vector<float>>& log_probabilities,
                       const std::vector<std::size_t>& labels) {
    float best = 1;
    double least = loss_at(log_probabilities, labels, best);
    for (int step = 4; step <= 60; ++step) {
        const float temperature = 0.05f * static_cast<float>(step);
        const double loss = loss_at(log_probabilities, labels, temperature);
        if (loss < least) {
            least = loss;
            best = temperature;
        }
    }
    return best;
}

double macro_f1(const std::vector<std::size_t>& gold, const std::vector<std::size_t>& predicted,
                std::size_t labels) {
    double sum = 0;
    for (std::size_t label = 0; label < labels; ++label) {
        double hits = 0;
        double marked = 0;
        for (std::size_t i = 0; i < gold.size(); ++i) {
            hits += gold[i] == label && predicted[i] == label;
            marked += (gold[i] == label) + (predicted[i] == label);
        }
        if (hits > 0) sum += 2 * hits / marked;
    }
    return sum / static_cast<double>(labels);
}

std::vector<Line> read_lines(const std::string& path, std::string& error) {
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        error = path + ": cannot be read";
        return {};
    }
    std::vector<Line> out;
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
        if (line.empty() || line[0] == '#') continue;
        const auto first = line.find('\t');
        const auto second = first == std::string::npos ? first : line.find('\t', first + 1);
        const auto language =
            second == std::string::npos
                ? std::nullopt
                : language_named(std::string_view(line).substr(first + 1, second - first - 1));
        const auto intent = second == std::string::npos
                                ? std::nullopt
                                : intent_named(std::string_view(line).substr(second + 1));
        if (!language || !intent) {
            error = path + ":" + std::to_string(number) + ": expected text TAB language TAB intent";
            return {};
        }
        out.push_back({line.substr(0, first), *language, *intent});
    }
    return out;
}

std::vector<Line> read_grouped_lines(const std::string& path, std::string& error) {
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        error = path + ": cannot be read";
        return {};
    }
    std::vector<Line> out;
    std::optional<Language> language;
    std::optional<Intent> intent;
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
        if (line.empty() || line[0] == '#') continue;
        if (line[0] == '@') {
            const auto space = std::min(line.find(' '), line.size() - 1);
            language = language_named(std::string_view(line).substr(1, space - 1));
            intent = intent_named(std::string_view(line).substr(space + 1));
            if (language && intent) continue;
        }
        if (!language || !intent) {
            error = path + ":" + std::to_string(number) + ": expected @LANGUAGE INTENT before the lines";
            return {};
        }
        for (std::size_t at = 0; at <= line.size();) {
            const auto end = std::min(line.find(" | ", at), line.size());
            out.push_back({line.substr(at, end - at), *language, *intent});
            at = end + 3;
        }
    }
    return out;
}

}  // namespace edge::training
