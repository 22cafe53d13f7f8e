// Plays fuzz cases in child processes until the time is over.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "kit/child_process.hpp"
#include "kit/fuzz_case.hpp"

namespace parley::kit {

struct FuzzOptions {
    Millis duration{60'000};
    unsigned lanes = 1;  // child processes at once
    std::uint64_t seed = 1;
    std::string config_json;  // empty: {}
    std::filesystem::path
        corpus;            // a folder of further messages, a text or a native JSON object each; empty: none
    Millis batch{1'000};   // how long a child plays
    Millis limit{30'000};  // how long a child may hang
    std::function<void(std::uint64_t cases, std::size_t findings)> on_progress;  // may be empty
};

struct FuzzFinding {
    std::uint64_t seed = 0;  // of the first case that found it
    std::string what;
    std::size_t times = 1;
};

struct FuzzReport {
    std::uint64_t cases = 0;
    std::vector<FuzzFinding> findings;
};

// Errors are about the file, the corpus, or an agent that does not start. A program with one thread only.
Result<FuzzReport> fuzz(const std::filesystem::path& file, const FuzzOptions& options);

// One case in this process, told action by action; for a debugger.
Result<FuzzCase> reproduce(const std::filesystem::path& file, const FuzzOptions& options,
                           const std::function<void(const std::string&)>& tell);

}  // namespace parley::kit
