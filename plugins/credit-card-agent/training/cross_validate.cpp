// Prints the cross-validated scores of the recipe: cross_validate TRAIN.tsv OWN.txt CONCEPTS.txt [--errors]
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string_view>

#include "training/recipe.hpp"

int main(int argc, char** argv) {
    using namespace edge::training;
    if (argc < 4) {
        std::fprintf(stderr, "usage: cross_validate TRAIN.tsv OWN.txt CONCEPTS.txt [--errors]\n");
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
    double f1 = 0;
    double language = 0;
    constexpr int rounds = 2;
    for (int round = 1; round <= rounds; ++round) {
        const FoldScore score = cross_validate(corpus, lexicon, 5, static_cast<std::uint64_t>(round));
        std::printf("5-fold, round %d: intent macro-F1 %.4f  accuracy %.4f  language %.4f\n", round,
                    score.intent_macro_f1, score.intent_accuracy, score.language_accuracy);
        f1 += score.intent_macro_f1 / rounds;
        language += score.language_accuracy / rounds;
        if (round == 1 && argc > 4 && std::string_view(argv[4]) == "--errors")
            for (const std::string& line : score.errors) std::printf("  %s\n", line.c_str());
    }
    std::printf("mean: intent macro-F1 %.4f  language %.4f\n", f1, language);
}
