#include "app/commands/command.hpp"

#include <algorithm>
#include <exception>
#include <ostream>

#include <CLI/CLI.hpp>

#include "base/suggestion.hpp"

namespace parley {
namespace {

// CLI11 says of a word that is no command only that a command is missing.
bool explain_unknown(std::span<const Command> commands, std::string_view word, std::ostream& err) {
    std::vector<std::string_view> names;
    for (const Command& command : commands) names.push_back(command.app->get_name());
    if (word.empty() || word.starts_with('-') || std::find(names.begin(), names.end(), word) != names.end())
        return false;
    err << "parley: there is no command \"" << word << "\".";
    if (const auto meant = nearest(word, names); !meant.empty()) err << " Did you mean \"" << meant << "\"?";
    err << "\n  parley --help names them all\n";
    return true;
}

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
        if (argc > 1 && explain_unknown(commands, argv[1], context.err)) return ExitCode::usage;
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
