// Predictions for outside scoring, from the same classes as the plugin:
//   score utterances GOLD.tsv            prints text TAB language TAB intent
//   score dialogues DIALOGUES.yaml FACTS.yaml   prints one JSON object a turn
//   score cost LINES.tsv                 prints what understanding a message costs, for bench/run
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <numeric>
#include <string_view>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "dialogue/dialogue.hpp"
#include "shipped.hpp"
#include "tests/dialogue_file.hpp"
#include "training/trainer.hpp"

namespace {

int utterances(const edge::Understander& understander, const char* path) {
    std::string error;
    const auto lines = edge::training::read_lines(path, error);
    if (!error.empty()) return std::fprintf(stderr, "%s\n", error.c_str()), 1;
    for (const auto& line : lines) {
        const auto said = understander.understand(line.text);
        std::cout << line.text << '\t' << name_of(said.language) << '\t' << name_of(said.intent) << '\n';
    }
    return 0;
}

int dialogues(const edge::Understander& understander, const char* path, const char* facts_path) {
    std::string error;
    const auto text = edge::read_file(facts_path, error);
    const auto facts = text ? edge::Facts::parse(*text, facts_path, error) : std::nullopt;
    const auto content = edge::Content::parse(edge::shipped::content_files(), "", error);
    const auto script = edge::tests::read_dialogues(path, error);
    if (!facts || !content || !error.empty()) return std::fprintf(stderr, "%s\n", error.c_str()), 1;
    const edge::Dialogue dialogue(understander, *facts, *content, true);
    for (const auto& one : script) {
        edge::ConversationState state;
        for (std::size_t turn = 0; turn < one.turns.size(); ++turn) {
            const auto outcome = dialogue.answer({"text", one.turns[turn].user, one.profile_name, ""}, state);
            state = edge::ConversationState::from_json(outcome.state.to_json());
            std::cout << nlohmann::json{{"id", one.id},
                                        {"turn", turn},
                                        {"language", name_of(outcome.language)},
                                        {"intent", name_of(outcome.intent)},
                                        {"reply", outcome.reply.text}}
                             .dump()
                      << '\n';
        }
    }
    return 0;
}

double resident_mb() {
    std::ifstream in("/proc/self/statm");
    std::size_t whole = 0;
    std::size_t pages = 0;
    in >> whole >> pages;
    return static_cast<double>(pages) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

int cost(const edge::Understander& understander, const char* path, double before_mb) {
    std::string error;
    const auto lines = edge::training::read_lines(path, error);
    if (!error.empty() || lines.empty()) return std::fprintf(stderr, "%s\n", error.c_str()), 1;
    std::vector<double> spent;
    for (int round = 0; round < 20; ++round) {
        for (const auto& line : lines) {
            const auto begin = std::chrono::steady_clock::now();
            understander.understand(line.text);
            const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
            if (round > 0) spent.push_back(took.count());
        }
    }
    std::sort(spent.begin(), spent.end());
    const auto count = static_cast<double>(spent.size());
    const std::size_t model = edge::shipped::intent_model().size() + edge::shipped::language_model().size();
    std::cout << nlohmann::json{{"mean_us", std::accumulate(spent.begin(), spent.end(), 0.0) / count},
                                {"p99_us", spent[spent.size() * 99 / 100]},
                                {"model_mb", static_cast<double>(model) / 1e6},
                                {"memory_mb", resident_mb() - before_mb}}
                     .dump()
              << '\n';
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const double before_mb = resident_mb();
    const auto shipped = edge::ShippedUnderstanding::open();
    const std::string_view what = argc > 1 ? argv[1] : "";
    if (shipped && what == "utterances" && argc == 3) return utterances(shipped->understander(), argv[2]);
    if (shipped && what == "dialogues" && argc == 4)
        return dialogues(shipped->understander(), argv[2], argv[3]);
    if (shipped && what == "cost" && argc == 3) return cost(shipped->understander(), argv[2], before_mb);
    std::fprintf(stderr,
                 "usage: score utterances GOLD.tsv | dialogues DIALOGUES.yaml FACTS.yaml | cost LINES.tsv\n");
    return 2;
}
