// One check of an agent's library, and what it found.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/plugin_manifest.hpp"
#include "kit/child_process.hpp"

namespace parley::kit {

// In the order of how bad they are.
enum class Verdict { pass, skip, warn, fail, crash, timeout };

const char* to_string(Verdict verdict) noexcept;  // "PASS", "SKIP" …
inline bool is_failure(Verdict verdict) noexcept {
    return verdict >= Verdict::fail;
}

struct Finding {
    Verdict verdict = Verdict::fail;
    std::string what;    // a sentence about the agent
    std::string remedy;  // what its author should do; empty where `what` says it already
};
using Findings = std::vector<Finding>;  // none: it passed

// The library under test.
struct Subject {
    std::filesystem::path named;   // as the person wrote it, for messages
    std::filesystem::path file;    // a copy nobody changes; empty where the bytes are no library
    std::filesystem::path folder;  // a scratch folder
    std::string bytes;
    PluginManifest manifest;  // empty where it cannot be read
    std::string config_json = "{}";
    bool has_own_config = false;  // config_json was given
    std::uint64_t seed = 1;
    std::filesystem::path worker;   // parley-worker
    bool is_isolated = false;       // a Probe runs the agent in a worker
    Millis fuzz_for{0};             // how long fuzz.cases plays
    std::size_t soak_messages = 0;  // how many soak.memory sends
};

struct Check {
    std::string_view name;                // group.what
    int level = 1;                        // the strictness from which it runs
    std::string_view about;               // a sentence that is true when it passes
    std::vector<std::string_view> needs;  // checks that must not have failed
    Findings (*run)(const Subject& subject, Progress& progress);
};

// By level; a check stands after the one it needs.
std::span<const Check> all_checks();

std::vector<Check> file_checks();
std::vector<Check> load_checks();
std::vector<Check> config_checks();
std::vector<Check> unload_checks();
std::vector<Check> turn_checks();
std::vector<Check> async_checks();
std::vector<Check> thread_checks();
std::vector<Check> swap_checks();
std::vector<Check> fault_checks();
std::vector<Check> process_checks();
std::vector<Check> long_checks();

}  // namespace parley::kit
