// Holds a library against the contract: each check in a process of its own, so that one that crashes or hangs
// says so and the next one runs.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "kit/check.hpp"

namespace parley::kit {

constexpr int highest_strictness = 10;

struct ValidationOptions {
    int strictness = 5;                     // checks of levels 1 to this
    std::string include;                    // a regular expression on their names; empty: all
    std::string config_json;                // what the agent is started with; empty: {}
    std::uint64_t seed = 1;                 // of the randomness that the agent sees
    Millis limit{30'000};                   // for one check; those of level 10 have their own time besides
    std::filesystem::path worker;           // parley-worker, for checks of level 9
    Millis fuzz_for{600'000};               // of level 10
    std::size_t soak_messages = 1'000'000;  // of level 10
    bool in_process = false;                // for a debugger: no children, no limit
    std::function<void(const Check&)> on_begin;  // may be empty
};

struct CheckReport {
    const Check* check = nullptr;
    Verdict verdict = Verdict::pass;
    Findings findings;
    Millis took{0};
};

struct ValidationReport {
    std::filesystem::path file;
    std::string id;  // empty where the manifest cannot be read
    std::string version;
    std::string contract;
    std::uint64_t seed = 1;
    std::vector<CheckReport> checks;

    std::size_t count(Verdict verdict) const;
    bool has_passed() const;  // nothing failed, crashed or timed out
};

// Errors: not_found, unavailable when the file cannot be read; not_found when a check needs a worker and there is none; invalid_input when `include` is no regular
// expression or names no check. A program with one thread only, unless in_process.
Result<ValidationReport> validate(const std::filesystem::path& file, const ValidationOptions& options);

}  // namespace parley::kit
