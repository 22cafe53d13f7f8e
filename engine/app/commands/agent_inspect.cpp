// `parley agent inspect`: what a library says of itself, without running it.
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include "app/commands/agent.hpp"
#include "kit/inspection.hpp"

namespace parley {
namespace {

struct InspectArguments {
    std::vector<std::filesystem::path> files;
    bool as_json = false;
};

ExitCode run_inspect(const InspectArguments& arguments, CommandContext& context) {
    std::vector<kit::Inspection> all;
    for (const auto& file : arguments.files) {
        auto one = kit::inspect_library(file);
        if (!one) {
            context.err << "parley agent inspect: " << one.error().message() << "\n";
            return ExitCode::usage;
        }
        all.push_back(std::move(*one));
    }
    if (arguments.as_json) context.out << kit::to_json(all);
    bool is_fine = true;
    for (const kit::Inspection& one : all) {
        if (!arguments.as_json) context.out << (&one == &all.front() ? "" : "\n") << kit::to_text(one);
        is_fine = is_fine && one.problems.empty();
    }
    return is_fine ? ExitCode::done : ExitCode::fault;
}

}  // namespace

Command add_agent_inspect(CLI::App& agent) {
    auto arguments = std::make_shared<InspectArguments>();
    CLI::App* app =
        agent.add_subcommand("inspect", "Shows what libraries say of themselves, without running them");
    app->add_option("files", arguments->files, "The libraries")->type_name("FILE.so")->required();
    app->add_flag("--json", arguments->as_json, "Prints JSON");
    app->footer(
        "Exit codes: 0 this host can run them, 1 it cannot, 2 wrong usage.\n\nExample:\n"
        "  parley agent inspect build/lib/parley/agents/hello.so");
    return {app, [arguments](CommandContext& context) { return run_inspect(*arguments, context); }};
}

}  // namespace parley
