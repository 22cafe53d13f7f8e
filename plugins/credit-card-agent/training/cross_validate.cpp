// Prints the cross-validated scores of the recipe; with --targets it fails below them:
//   cross_validate TRAIN.tsv OWN.txt CONCEPTS.txt [--errors] [--targets]
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string_view>

#include "training/recipe.hpp"

int main(int argc, char** argv) {
    using namespace edge::training;
    if (argc < 4) {
        std::fprintf(stderr, "usage: cross_validate TRAIN.tsv OWN.txt CONCEPTS.txt [--errors] [--targets]\n");
        return 2;
    }
    std::string error;
    const Corpus corpus{read_lines(argv[1], error), read_grouped_lines(argv[2], error)};
    if (!error.empty()) {
        std::fprintf(stderr, "%s\n", error.c_str());
        return 1;
    }
    std::ifstream in(argv[3], std::ios::binary);
    const std::string lexicon{std::istreambuf_iterator<char>(in), {}};
    const FoldScore score = cross_validate(corpus, lexicon, 5, 1);
    std::printf("train, 5-fold: intent macro-F1 %.4f  accuracy %.4f  language accuracy %.4f\n",
                score.intent_macro_f1, score.intent_accuracy, score.language_accuracy);
    for (int i = 4; i < argc; ++i) {
        if (std::string_view(argv[i]) == "--errors")
            for (const std::string& line : score.errors) std::printf("  %s\n", line.c_str());
        if (std::string_view(argv[i]) == "--targets" &&
            (score.intent_macro_f1 < 0.86 || score.language_accuracy < 0.985))
            return 1;
    }
}
