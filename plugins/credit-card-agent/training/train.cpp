// Writes the two models: train TRAIN.tsv OWN.txt CONCEPTS.txt INTENTS.model LANGUAGES.model
#include <cstdio>
#include <fstream>
#include <iterator>

#include "training/recipe.hpp"

namespace {

bool write(const char* path, const std::string& bytes) {
    std::ofstream out(path, std::ios::binary);
    out << bytes;
    out.close();
    if (!out) std::fprintf(stderr, "%s: cannot be written\n", path);
    return static_cast<bool>(out);
}

}  // namespace

int main(int argc, char** argv) {
    using namespace edge::training;
    if (argc != 6) {
        std::fprintf(stderr, "usage: train TRAIN.tsv OWN.txt CONCEPTS.txt INTENTS.model LANGUAGES.model\n");
        return 2;
    }
    std::string error;
    const Corpus corpus{read_lines(argv[1], error), read_grouped_lines(argv[2], error)};
    if (!error.empty()) {
        std::fprintf(stderr, "%s\n", error.c_str());
        return 1;
    }
    std::ifstream in(argv[3], std::ios::binary);
    const std::string concepts{std::istreambuf_iterator<char>(in), {}};
    if (concepts.empty()) {
        std::fprintf(stderr, "%s: cannot be read, or is empty\n", argv[3]);
        return 1;
    }
    const edge::Lexicon lexicon(concepts);
    const auto intents = train_intent_model(corpus, lexicon);
    const auto languages = train_language_model(corpus);
    std::printf(
        "%zu training lines, %zu of our own; %zu intent features, temperature %.2f; %zu language features\n",
        corpus.lines.size(), corpus.extra.size(), intents.keys.size(),
        static_cast<double>(intents.temperature), languages.keys.size());
    return write(argv[4], intents.write()) && write(argv[5], languages.write()) ? 0 : 1;
}
