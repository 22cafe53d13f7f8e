// Reads dialogue files line by line, as their form allows.
#include "tests/dialogue_file.hpp"

#include <fstream>

#include <nlohmann/json.hpp>

namespace edge::tests {
namespace {

std::string quoted_after(const std::string& line, const std::string& key) {
    const auto at = line.find(key + ": \"");
    if (at == std::string::npos) return {};
    const auto begin = at + key.size() + 3;
    return line.substr(begin, line.rfind('"') - begin);
}

std::optional<ScriptedTurn> turn_of(const std::string& json) {
    const auto document = nlohmann::json::parse(json, nullptr, false);
    if (!document.is_object() || !document.contains("user")) return std::nullopt;
    ScriptedTurn turn;
    turn.user = document["user"];
    const auto language = language_named(document.value("language", ""));
    const auto reply = language_named(document.value("reply_language", document.value("language", "")));
    if (!language || !reply) return std::nullopt;
    turn.language = *language;
    turn.reply_language = *reply;
    for (const auto& name : document.value("intent", std::vector<std::string>{})) {
        const auto intent = intent_named(name);
        if (!intent) return std::nullopt;
        turn.intents.push_back(*intent);
    }
    turn.facts = document.value("facts", std::vector<std::string>{});
    turn.must = document.value("must", std::vector<std::string>{});
    turn.must_not = document.value("must_not", std::vector<std::string>{});
    return turn;
}

}  // namespace

std::vector<ScriptedDialogue> read_dialogues(const std::string& path, std::string& error) {
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        error = path + ": cannot be read";
        return {};
    }
    std::vector<ScriptedDialogue> out;
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
        if (const auto id = quoted_after(line, "- id"); !id.empty()) out.push_back({id, "", {}});
        if (const auto name = quoted_after(line, "profile_name"); !name.empty() && !out.empty())
            out.back().profile_name = name;
        const auto brace = line.find("- {");
        if (brace == std::string::npos || out.empty()) continue;
        auto turn = turn_of(line.substr(brace + 2));
        if (!turn) {
            error = path + ":" + std::to_string(number) + ": not a turn";
            return {};
        }
        out.back().turns.push_back(std::move(*turn));
    }
    return out;
}

}  // namespace edge::tests
