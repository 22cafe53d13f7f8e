// `parley agents`: the agents that this host finds, without running them.
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/commands/agent.hpp"
#include "app/commands/text_table.hpp"
#include "host/plugin_finder.hpp"

namespace parley {
namespace {

struct AgentsArguments {
    std::vector<std::filesystem::path> path;
    bool as_json = false;
};

void print_json(const std::vector<PluginInfo>& agents, std::ostream& out) {
    auto list = nlohmann::ordered_json::array();
    for (const PluginInfo& one : agents)
        list.push_back({{"id", one.manifest.id},
                        {"version", one.manifest.version},
                        {"summary", one.manifest.summary},
                        {"file", one.path.string()},
                        {"runs_here", one.problem.empty()},
                        {"problem", one.problem},
                        {"warnings", one.warnings}});
    out << list.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
}

void print_table(const std::vector<PluginInfo>& agents, CommandContext& context) {
    TextTable table({"AGENT", "VERSION", "FILE", "SUMMARY"});
    for (const PluginInfo& one : agents)
        table.add({one.manifest.id.empty() ? "?" : one.manifest.id, one.manifest.version,
                   one.path.filename().string(),
                   one.problem.empty() ? one.manifest.summary : "cannot run here"});
    context.out << table.text(context.out_is_terminal ? context.columns : 0);
    for (const PluginInfo& one : agents)
        if (!one.problem.empty()) context.out << "\n" << one.problem << "\n";
}

ExitCode run_agents(const AgentsArguments& arguments, CommandContext& context) {
    PluginPath path = arguments.path;
    if (path.empty()) path.push_back(context.executable.parent_path().parent_path() / "lib/parley/agents");
    const auto agents = discover_plugins(path);
    if (!agents) {
        context.err << "parley agents: " << agents.error().message() << "\n";
        return ExitCode::usage;
    }
    if (arguments.as_json)
        print_json(*agents, context.out);
    else if (agents->empty())
        context.out << "No agents in " << path.front().string() << ".\n";
    else
        print_table(*agents, context);
    return ExitCode::done;
}

}  // namespace

Command add_agents(CLI::App& parley) {
    auto arguments = std::make_shared<AgentsArguments>();
    CLI::App* app = parley.add_subcommand("agents", "Lists the agents that are found, without running them");
    app->add_option("--path", arguments->path,
                    "A folder of agents instead of the one beside parley; again for more")
        ->type_name("FOLDER");
    app->add_flag("--json", arguments->as_json, "Prints JSON");
    app->footer("Example:\n  parley agents --path build/release/lib/parley/agents");
    return {app, [arguments](CommandContext& context) { return run_agents(*arguments, context); }};
}

}  // namespace parley
