// What a reload of the configuration did, for who asked for it.
#pragma once

#include <string>
#include <vector>

namespace parley {

struct ReloadReport {
    struct Mistake {  // as `parley check` tells it; without secrets
        std::string file;
        unsigned line = 0, column = 0;
        std::string key, message, instead;
    };
    struct Left {
        std::string key, why;
    };
    std::string refused;          // why nothing was even read; empty: the file was
    std::vector<Mistake> errors;  // not empty: nothing has changed
    std::vector<Mistake> warnings;
    std::vector<std::string> applied;  // keys whose new values hold now
    std::vector<Left> left;            // keys that differ in the file and stay as they were
};

}  // namespace parley
