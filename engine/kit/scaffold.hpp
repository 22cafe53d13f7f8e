// A project for a new agent: builds, tests and passes at once.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace parley::kit {

struct ScaffoldOptions {
    std::string name;  // lower-case letters, digits, '-' and '_', beginning with a letter; at most 64
    std::string id;    // of the agent; empty: com.example.<name>
    bool in_c = false;
    std::filesystem::path parent = ".";  // the project becomes its subfolder <name>
    std::filesystem::path
        package_prefix;  // where the installed package is looked for; empty: nowhere special
};

// The files written, relative to `parent`. invalid_input for a name that does not fit; conflict when the
// folder is there already; unavailable when the disk refuses. On an error nothing is left behind.
Result<std::vector<std::string>> write_scaffold(const ScaffoldOptions& options);

}  // namespace parley::kit
