// Conversation scripts against a library, each in a process of its own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <parley/testing/script.hpp>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "kit/validation_text.hpp"

namespace parley::kit {

struct ScriptRunOptions {
    std::filesystem::path agent;              // empty: by the id that the script names, on `path`
    std::vector<std::filesystem::path> path;  // folders of agents
    std::string config_json;                  // for scripts without a configuration
    bool update = false;
    bool swap_each_step = false;  // a new instance for each step
    std::filesystem::path
        worker;                   // parley-worker: the agent runs in a process of its own; empty: it does not
    std::filesystem::path trace;  // a file for what crosses the contract; empty: none
    bool keep_loaded = false;     // its code stays mapped until the child ends; not with a worker
    Millis limit{60'000};         // of real time, for one script
};

struct ScriptRun {
    testing::ScriptReport report;
    Millis took{0};
};

// Errors are about the agent or the file: not_found, invalid_input. What the script says is in the report; a
// crash of the agent too. A program with one thread only.
Result<ScriptRun> run_script_in_child(const std::filesystem::path& script, const ScriptRunOptions& options);

std::string to_text(const ScriptRun& run, const TextStyle& style);
std::string summary_of(const std::vector<ScriptRun>& runs);
std::string to_json(const std::vector<ScriptRun>& runs);
std::string to_junit(const std::vector<ScriptRun>& runs);

}  // namespace parley::kit
