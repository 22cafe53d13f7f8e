#include "app/commands/command.hpp"

#include <algorithm>
#include <exception>
#include <ostream>

#include <CLI/CLI.hpp>

#include "base/suggestion.hpp"

namespace parley {
namespace {

// CLI11 says of a word that is no command only that a command is missing.
bool explain_unknown(CLI::App& parley, std::span<const char* const> words, std::ostream& err) {
    CLI::App* parent = &parley;
    std::string path = "parley";
    for (const std::string_view word : words) {
        std::vector<std::string> names;
        for (const CLI::App* app : parent->get_subcommands(nullptr)) names.push_back(app->get_name());
        if (names.empty() || word.empty() || word.starts_with('-')) return false;
        if (std::find(names.begin(), names.end(), word) != names.end()) {
            parent = parent->get_subcommand(std::string(word));
            path += " " + std::string(word);
            continue;
        }
        err << path << ": there is no command \"" << word << "\".";
        const std::vector<std::string_view> views(names.begin(), names.end());
        if (const auto meant = nearest(word, views); !meant.empty())
            err << " Did you mean \"" << meant << "\"?";
        err << "\n  " << path << " --help names them all\n";
        return true;
    }
    if (parent == &parley || parent->get_subcommands(nullptr).empty()) return false;
    err << parent->help();
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
        if (argc > 1 && explain_unknown(parley, {argv + 1, argv + argc}, context.err)) return ExitCode::usage;
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
