// Level 2: what stays of it.
#include <algorithm>
#include <chrono>
#include <map>

#include "host/elf_file.hpp"
#include "host/plugin_library.hpp"
#include "kit/check.hpp"
#include "kit/elf_dynamic.hpp"
#include "kit/probe.hpp"
#include "kit/process_facts.hpp"

namespace parley::kit {
namespace {

constexpr std::size_t most_of_growth = 4U << 20;
constexpr int cycles = 100;
constexpr std::chrono::seconds most_of_cycles{10};

Findings check_symbols(const Subject& subject, Progress&) {
    Findings found;
    const auto object = read_shared_object(subject.bytes);
    if (object && !object->unique.empty())
        found.push_back({Verdict::fail,
                         "has STB_GNU_UNIQUE symbols, which keep it in memory and shared between versions: " +
                             some_of(object->unique),
                         "build it with add_agent_plugin(), or with -fno-gnu-unique"});
    if (read_dynamic_facts(subject.bytes).is_never_unloaded)
        found.push_back({Verdict::fail, "is linked with -z nodelete, so no version of it is ever unloaded",
                         "leave that option out"});
    return found;
}

Findings check_imports(const Subject& subject, Progress&) {
    static const std::map<std::string, std::string> suspicious{
        {"__cxa_thread_atexit",
         "a thread_local with a destructor keeps a library in memory; use members instead"},
        {"__cxa_thread_atexit_impl",
         "a thread_local with a destructor keeps a library in memory; use members instead"},
        {"pthread_create",
         "a thread that still runs when the library is unloaded ends the host; join it in destroy"},
        {"thrd_create",
         "a thread that still runs when the library is unloaded ends the host; join it in destroy"},
        {"signal", "signals belong to the host"},
        {"sigaction", "signals belong to the host"},
        {"fork", "a fork of the host holds all its connections; use parley.http/1"},
        {"setlocale", "the locale is the whole host's; use std::locale objects"},
        {"chdir", "the working directory is the whole host's; use absolute paths"},
        {"setenv", "the environment is the whole host's; use the configuration"},
        {"putenv", "the environment is the whole host's; use the configuration"},
        {"exit", "an agent never ends the process; finish the turn with an error"},
        {"_exit", "an agent never ends the process; finish the turn with an error"},
        {"quick_exit", "an agent never ends the process; finish the turn with an error"}};
    const DynamicFacts facts = read_dynamic_facts(subject.bytes);
    Findings found;
    for (const std::string& symbol : facts.imports)
        if (const auto why = suspicious.find(symbol); why != suspicious.end())
            found.push_back({Verdict::warn, "uses " + symbol, why->second});
    for (const std::string& library : facts.needed)
        if (library.starts_with("libcurl") || library.starts_with("libssl"))
            found.push_back({Verdict::warn, "is linked with " + library,
                             "co_await turn.http(…) lets the host do it, with its limits and its TLS"});
    return found;
}

void live_once(const Subject& subject, Progress& progress) {
    Probe probe(subject, progress);
    probe.must_start();
    for (const auto& message : small_talk()) probe.say(message, "the text \"" + message.text + "\"");
    probe.stop();
}

Findings check_traces(const Subject& subject, Progress& progress) {
    const ProcessFacts before = read_process_facts();
    live_once(subject, progress);
    progress.at("looking for what it left");
    Findings found;
    for (const std::string& difference : differences(before, read_process_facts()))
        found.push_back(
            {Verdict::fail, "once its instance is destroyed, it has " + difference,
             "give back in destroy what the instance took, and touch nothing that is the whole process's"});
    if (is_mapped(subject.file) && !subject.manifest.keep_loaded)
        found.push_back(
            {Verdict::warn, "stays in memory after dlclose, so every new version adds to it",
             "look for thread_local objects with destructors and threads; or say \"keep_loaded\": true"});
    return found;
}

constexpr bool is_sanitized() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#else
    return false;
#endif
}

Findings check_cycles(const Subject& subject, Progress& progress) {
    if (is_sanitized())
        return {{Verdict::skip, "a sanitizer keeps freed memory, so growth says nothing here", ""}};
    std::size_t settled = 0;
    int lives = 0;
    const auto until = std::chrono::steady_clock::now() + most_of_cycles;
    for (; lives < cycles && std::chrono::steady_clock::now() < until; ++lives) {
        live_once(subject, progress);
        if (lives == cycles / 5) settled = resident_memory();
    }
    if (lives < cycles / 2)
        return {{Verdict::skip, "is too slow: only " + std::to_string(lives) + " lives in 10 s", ""}};
    const std::size_t end = resident_memory();
    if (end < settled + most_of_growth) return {};
    return {{Verdict::fail,
             "leaks: " + std::to_string((end - settled) >> 10U) + " KiB more after " +
                 std::to_string(lives - cycles / 5 - 1) + " cycles of load, talk and unload",
             "free in destroy what the instance has allocated; build with -fsanitize=address to see what"}};
}

}  // namespace

std::vector<Check> unload_checks() {
    return {
        {"unload.symbols", 2, "has nothing that keeps it in memory", {"file.elf"}, check_symbols},
        {"unload.imports",
         2,
         "uses no function that concerns the whole process",
         {"file.elf"},
         check_imports},
        {"unload.traces", 2, "leaves the process as it was", {"load.answers"}, check_traces},
        {"unload.cycles",
         2,
         "takes no more memory the more often it is loaded",
         {"load.answers"},
         check_cycles},
    };
}

}  // namespace parley::kit
