// Conversation scripts: what people say and what the agent must answer, in YAML (docs/writing-a-plugin.md has
// the form). Needs Parley::scripts.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include <parley/plugin.h>
#include <parley/testing/fake_host.hpp>

namespace parley::testing {

struct ScriptFailure {
    std::filesystem::path file;
    int line = 0;    // from 1; 0: the whole file
    int column = 0;  // from 1
    std::string what;
    std::string expected, found;  // several lines each; both empty where `what` says it all
};

struct ScriptReport {
    std::filesystem::path file;
    std::size_t steps = 0;
    std::vector<ScriptFailure> failures;
    std::size_t updated = 0;  // expectations that were rewritten in the file

    bool has_passed() const noexcept { return failures.empty(); }
};

struct ScriptOptions {
    bool update = false;      // rewrite what is expected instead of failing, where that can be done
    std::string config_json;  // for scripts without `config`; empty: {}
    // Paths in the configuration that the schema marks are relative to the script. Empty: no schema.
    std::string config_schema;
    // A new instance takes over after each step that leaves no turn open: what the agent keeps anywhere but in the state of its
    // conversations is gone, as after a hot swap.
    bool swap_each_step = false;
    HostHooks hooks = {};  // around what crosses the contract
};

// Runs one script against a new instance of the agent in a FakeHost: virtual time, no network. Mistakes in
// the script are failures too. Never throws.
ScriptReport run_script(const std::filesystem::path& file, const parley_plugin& plugin,
                        const ScriptOptions& options = {});

// "file:line:column: what", then what differs line by line: "- expected", "+ found".
std::string to_text(const ScriptFailure& failure);

}  // namespace parley::testing
