#include "app/commands/command.hpp"

#include <algorithm>
#include <exception>
#include <ostream>

#include <CLI/CLI.hpp>

namespace parley {
namespace {

bool names_it(const Command& command) {
    return command.app->parsed() && command.app->get_subcommands().empty();
}

}  // namespace

ExitCode run_commands(CLI::App& parley, std::span<const Command> commands, int argc, const char* const* argv,
                      CommandContext& context) {
    parley.require_subcommand(1);
    try {
        parley.parse(argc, argv);
    } catch (const CLI::ParseError& problem) {
        const int code = parley.exit(problem, context.out, context.err);
        return code == 0 ? ExitCode::done : ExitCode::usage;
    }
    const auto chosen = std::find_if(commands.begin(), commands.end(), names_it);
    if (chosen == commands.end()) {
        context.err << parley.help();
        return ExitCode::usage;
    }
    try {
        return chosen->run(context);
    } catch (const std::exception& problem) {
        context.err << "parley " << chosen->app->get_name() << ": " << problem.what() << "\n";
        return ExitCode::fault;
    }
}

}  // namespace parley
