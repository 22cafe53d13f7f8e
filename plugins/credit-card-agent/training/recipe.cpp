// The settings were chosen by five-fold cross-validation on the training lines; see README.md.
#include "training/recipe.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "understanding/understander.hpp"

namespace edge::training {

Settings intent_settings() {
    Settings s;
    s.epochs = 30;
    s.rate = 0.3f;
    s.decay = 2e-5f;
    s.dropout = 0.5f;
    s.smoothing = 0.1f;
    s.idf_power = 0.5f;
    return s;
}

Settings language_settings() {
    Settings s;
    s.epochs = 20;
    s.rate = 0.5f;
    s.dropout = 0.2f;
    s.idf_power = 0.3f;
    return s;
}

std::vector<Example> intent_examples(const std::vector<Line>& lines, const Lexicon& lexicon) {
    std::vector<Example> out;
    for (const Line& line : lines)
        out.push_back({intent_features(read_text(line.text), lexicon), index_of(line.intent), 1});
    return out;
}

std::vector<Example> language_examples(const std::vector<Line>& lines) {
    std::vector<Example> out;
    for (const Line& line : lines) {
        const Text text = read_text(line.text);
        if (text.has_devanagari || !text.has_latin) continue;
        out.push_back({language_features(text), line.language == Language::hinglish ? 1u : 0u, 1});
    }
    return out;
}

namespace {

std::vector<Line> all_of(const Corpus& corpus) {
    std::vector<Line> out = corpus.lines;
    out.insert(out.end(), corpus.extra.begin(), corpus.extra.end());
    return out;
}

// Which fold each line belongs to; shuffled the same way on every machine.
std::vector<int> folds_of(std::size_t count, int folds, std::uint64_t seed) {
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), 0u);
    std::uint64_t state = seed * 2862933555777941757u + 3037000493u;
    for (std::size_t i = count; i > 1; --i) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        std::swap(order[i - 1], order[(state >> 33) % i]);
    }
    std::vector<int> out(count);
    for (std::size_t i = 0; i < count; ++i)
        out[order[i]] = static_cast<int>(i % static_cast<std::size_t>(folds));
    return out;
}

Corpus without_fold(const Corpus& corpus, const std::vector<int>& fold_of, int fold) {
    Corpus out{{}, corpus.extra};
    for (std::size_t i = 0; i < corpus.lines.size(); ++i)
        if (fold_of[i] != fold) out.lines.push_back(corpus.lines[i]);
    return out;
}

// Held-out lines are judged by a model that has not seen their fold, of the given lines nor of our own.
float calibrated_temperature(const Corpus& corpus, const Lexicon& lexicon) {
    constexpr int folds = 4;
    const Corpus all{all_of(corpus), {}};
    const auto fold_of = folds_of(all.lines.size(), folds, 7);
    std::vector<std::vector<float>> scores;
    std::vector<std::size_t> labels;
    for (int fold = 0; fold < folds; ++fold) {
        const auto part = without_fold(all, fold_of, fold);
        const auto bytes =
            train(intent_examples(part.lines, lexicon), intent_count, intent_settings()).write();
        const auto model = LinearModel::open(bytes, intent_count);
        std::vector<float> p;
        for (std::size_t i = 0; i < all.lines.size(); ++i) {
            if (fold_of[i] != fold) continue;
            model->classify(intent_features(read_text(all.lines[i].text), lexicon), p);
            for (float& x : p) x = std::log(std::max(x, 1e-30f));
            scores.push_back(p);
            labels.push_back(index_of(all.lines[i].intent));
        }
    }
    return best_temperature(scores, labels);
}

}  // namespace

TrainedModel train_intent_model(const Corpus& corpus, const Lexicon& lexicon) {
    Settings settings = intent_settings();
    settings.runs = 4;
    TrainedModel model = train(intent_examples(all_of(corpus), lexicon), intent_count, settings);
    model.temperature = calibrated_temperature(corpus, lexicon);
    return model;
}

TrainedModel train_language_model(const Corpus& corpus) {
    return train(language_examples(all_of(corpus)), 2, language_settings());
}

FoldScore cross_validate(const Corpus& corpus, std::string_view lexicon_source, int folds,
                         std::uint64_t seed) {
    const Lexicon lexicon(lexicon_source);
    const auto fold_of = folds_of(corpus.lines.size(), folds, seed);
    std::vector<std::size_t> gold(corpus.lines.size());
    std::vector<std::size_t> predicted(corpus.lines.size());
    FoldScore out;
    std::size_t right_language = 0;
    for (int fold = 0; fold < folds; ++fold) {
        const auto part = without_fold(corpus, fold_of, fold);
        auto trained = train(intent_examples(all_of(part), lexicon), intent_count, intent_settings());
        trained.temperature =
            0.55f;  // as calibrated on all lines; calibrating in each fold would take five times as long
        const auto intent_bytes = trained.write();
        const auto language_bytes = train_language_model(part).write();
        const auto intents = LinearModel::open(intent_bytes, intent_count);
        const auto languages = LinearModel::open(language_bytes, 2);
        const Understander understander(lexicon, *intents, *languages);
        for (std::size_t i = 0; i < corpus.lines.size(); ++i) {
            if (fold_of[i] != fold) continue;
            const Line& line = corpus.lines[i];
            const Understanding u = understander.understand(line.text);
            gold[i] = index_of(line.intent);
            predicted[i] = index_of(u.intent);
            right_language += u.language == line.language;
            if (u.intent != line.intent || u.language != line.language)
                out.errors.push_back(std::string(name_of(line.language)) + "/" +
                                     std::string(name_of(line.intent)) + " -> " +
                                     std::string(name_of(u.language)) + "/" + std::string(name_of(u.intent)) +
                                     " | " + line.text);
        }
    }
    std::size_t right = 0;
    for (std::size_t i = 0; i < gold.size(); ++i) right += gold[i] == predicted[i];
    const auto total = static_cast<double>(gold.size());
    out.intent_macro_f1 = macro_f1(gold, predicted, intent_count);
    out.intent_accuracy = static_cast<double>(right) / total;
    out.language_accuracy = static_cast<double>(right_language) / total;
    return out;
}

}  // namespace edge::training
