// Runs a fuzz target without a fuzzer: every file of the corpus, then mutations of them, the same ones each
// time.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

struct Arguments {
    unsigned rounds = 20'000;
    unsigned seed = 1;
    std::vector<std::filesystem::path> corpus;
};

Arguments read_arguments(int count, char** values) {
    Arguments arguments;
    for (int i = 1; i < count; ++i) {
        const std::string_view word = values[i];
        if (word == "--rounds" && i + 1 < count)
            arguments.rounds = static_cast<unsigned>(std::strtoul(values[++i], nullptr, 10));
        else if (word == "--seed" && i + 1 < count)
            arguments.seed = static_cast<unsigned>(std::strtoul(values[++i], nullptr, 10));
        else
            arguments.corpus.emplace_back(word);
    }
    return arguments;
}

std::vector<std::string> read_corpus(const std::vector<std::filesystem::path>& places) {
    std::vector<std::filesystem::path> files;
    for (const auto& place : places) {
        if (std::filesystem::is_regular_file(place))
            files.push_back(place);
        else
            for (const auto& entry : std::filesystem::directory_iterator(place))
                if (entry.is_regular_file()) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    std::vector<std::string> texts;
    for (const auto& file : files) {
        std::ifstream stream(file, std::ios::binary);
        texts.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
    }
    return texts;
}

class Mutator {
  public:
    Mutator(const std::vector<std::string>& corpus, unsigned seed) : corpus_(corpus), random_(seed) {}

    std::string next() {
        std::string text = corpus_[below(corpus_.size())];
        for (std::size_t i = 0, steps = 1 + below(3); i < steps; ++i) mutate(text);
        return text;
    }

  private:
    std::size_t below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }

    void mutate(std::string& text) {
        static constexpr std::string_view bytes = "{}[]\",:\\u0dDfF9e-+. \n\xff\xc3";
        static const std::string tokens[] = {
            "null", "\\ud83d", "\\u0000", "[[[[", "{\"a\":", "\"id\":", "18446744073709551616",
            "-1",   "1e999",   "true",    "[]",   "{}",      "\"\"",    "\\\""};
        const std::size_t at = below(text.size() + 1);
        switch (below(9)) {
            case 0:
                if (at < text.size()) text[at] = static_cast<char>(below(256));
                break;
            case 1:
                if (at < text.size()) text[at] = bytes[below(bytes.size())];
                break;
            case 2:
                text.erase(at, 1 + below(40));
                break;
            case 3:
                text.insert(at, tokens[below(std::size(tokens))]);
                break;
            case 4:
                text.insert(at, text.substr(below(text.size()), below(200)));
                break;
            case 5: {
                const std::string& other = corpus_[below(corpus_.size())];
                text.replace(at, below(100), other.substr(below(other.size()), below(300)));
                break;
            }
            default:
                replace_value(text, at);
        }
    }

    // Keeps most texts JSON, so that what comes after the parser is reached.
    void replace_value(std::string& text, std::size_t at) {
        static const std::string values[] = {"null",
                                             "7",
                                             "-1",
                                             "\"\"",
                                             "[]",
                                             "{}",
                                             "[{}]",
                                             "true",
                                             "\"1790000000\"",
                                             "\"wamid.X\"",
                                             "1790000000",
                                             "\"\\ud83d\"",
                                             "[[1],{\"a\":2}]",
                                             "\"text\""};
        const std::size_t colon = text.find(':', at);
        if (colon == std::string::npos) return;
        const std::size_t end = std::min(text.find_first_of(",{}[]", colon), text.size());
        if (end < text.size() && (text[end] == '{' || text[end] == '[')) {
            text.insert(colon + 1, values[below(std::size(values))] + ",\"x\":");
        } else {
            text.replace(colon + 1, end - colon - 1, values[below(std::size(values))]);
        }
    }

    const std::vector<std::string>& corpus_;
    std::mt19937 random_;
};

void run(const std::string& text) {
    // A copy of exactly this size, so that the address sanitizer sees every byte read beyond it.
    const std::vector<std::uint8_t> bytes(text.begin(), text.end());
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

}  // namespace

int main(int count, char** values) {
    const Arguments arguments = read_arguments(count, values);
    const std::vector<std::string> corpus = read_corpus(arguments.corpus);
    if (corpus.empty()) {
        std::fprintf(stderr, "usage: %s [--rounds N] [--seed N] FILE-OR-FOLDER...\n", values[0]);
        return 2;
    }
    run("");
    for (const std::string& text : corpus) run(text);
    Mutator mutator(corpus, arguments.seed);
    for (unsigned i = 0; i < arguments.rounds; ++i) run(mutator.next());
    std::printf("%zu files and %u mutations\n", corpus.size(), arguments.rounds);
    return 0;
}
