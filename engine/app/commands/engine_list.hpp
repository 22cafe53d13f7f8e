// Commands over a list that a running engine keeps: list, show, and what becomes of its entries.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "app/commands/command.hpp"

namespace parley {

struct EngineList {
    struct Ending {
        std::string name, what, example;
        std::string method, path;  // of the call, after the entry's own path
    };
    std::string name, what, example;  // "dead-letters"; examples follow its name
    std::string none;                 // what is said of an empty list
    std::string argument;             // how an entry is called in the help
    std::string prefix;               // that may stand before its number
    std::string path;                 // /api/dead-letters
    std::string path_of_one;          // what `show` asks for, before the number
    bool newest_first = false;
    std::vector<std::string> states;  // that --state takes, the usual one first; none: no such option
    std::vector<std::pair<std::string, std::string>> columns;  // title and field
    std::vector<Ending> endings;
};

// `parley NAME list`, `show` and the endings, which take entries, or --all of them, the oldest first.
std::vector<Command> add_engine_list(CLI::App& parley, EngineList list);

}  // namespace parley
