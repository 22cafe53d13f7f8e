// Dialogue files: a list of conversations, each turn one JSON object on a line of its own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "understanding/labels.hpp"

namespace edge::tests {

struct ScriptedTurn {
    std::string user;
    Language language = Language::english;
    Language reply_language = Language::english;
    std::vector<Intent> intents;     // any is right
    std::vector<std::string> facts;  // keys whose values the reply must carry
    std::vector<std::string> must;   // case-insensitive regular expressions; %key% stands for a fact
    std::vector<std::string> must_not;
};

struct ScriptedDialogue {
    std::string id;
    std::string profile_name;
    std::vector<ScriptedTurn> turns;
};

// Nothing, and a reason in `error`, when the file cannot be read or a line is not what it should be.
std::vector<ScriptedDialogue> read_dialogues(const std::string& path, std::string& error);

}  // namespace edge::tests
