// A command of `parley`: one file, one function `add_<name>` that declares it to CLI11 and says how it runs.
//
// The pattern: the file keeps its arguments in a struct held by a shared_ptr, binds the options to it, gives
// the subcommand a footer with an example, and returns a Command whose `run` captures that struct:
//
//     Command add_check(CLI::App& parley, InspectAgent inspect) {
//         auto arguments = std::make_shared<CheckArguments>();
//         CLI::App* app = parley.add_subcommand("check", "Checks a configuration");
//         app->add_option("--config", arguments->config, "The configuration file")->required();
//         app->footer("Example:\n  parley check --config config/demo.yaml");
//         return {app, [=](CommandContext& context) { return run_check(*arguments, context, inspect); }};
//     }
//
// main builds them all and hands them to run_commands. A command writes to the streams of its context only,
// so tests call it without a process.
#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <span>

#include "app/environment.hpp"

namespace CLI {
class App;
}

namespace parley {

// What the process ends with.
enum class ExitCode : int {
    done = 0,
    fault = 1,  // it was asked rightly and went wrong
    usage = 2,  // wrong arguments, or a configuration with mistakes
};

// What a command sees of the world.
struct CommandContext {
    std::ostream& out;  // results: tables, JSON
    std::ostream& err;  // mistakes and progress
    Environment environment;
    std::filesystem::path executable;  // the running program; agents are looked for beside it
    unsigned columns = 80;             // width of the terminal, for tables and help
    bool out_is_terminal = false;      // false: no progress, no colour
};

struct Command {
    CLI::App* app = nullptr;  // owned by its parent
    std::function<ExitCode(CommandContext&)> run;
};

// Parses the arguments and runs the one command they name. --help prints to out and is `done`; arguments that
// do not parse, or name no command, print to err and are `usage`. An exception out of a command is `fault`.
ExitCode run_commands(CLI::App& parley, std::span<const Command> commands, int argc, const char* const* argv,
                      CommandContext& context);

}  // namespace parley
