#include "app/commands/debug.hpp"

#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include "app/commands/engine_client.hpp"
#include "app/commands/text_table.hpp"

namespace parley {
namespace {

using Json = EngineClient::Json;

struct DebugArguments {
    EngineAddress engine;
    std::string deployment;
};

std::string process_of(const Json& agent, const Json& engine) {
    if (!agent.contains("worker")) return text_of(engine["pid"]);
    return agent["worker"]["pid"].is_null() ? "" : text_of(agent["worker"]["pid"]);
}

ExitCode run(const DebugArguments& arguments, CommandContext& context) {
    EngineClient client(arguments.engine, "parley debug", context.err);
    const Json engine = client.get("/api/status");
    if (engine.is_null()) return ExitCode::fault;
    const Json deployments = client.get("/api/deployments");
    if (deployments.is_null()) return ExitCode::fault;
    TextTable table({"DEPLOYMENT", "AGENT", "RUNS IN", "ATTACH", "LOADED FROM"});
    bool found = false;
    for (const Json& one : deployments["data"]) {
        if (!arguments.deployment.empty() && one["id"] != arguments.deployment) continue;
        found = true;
        const Json& agent = one["agent"];
        const std::string pid = process_of(agent, engine);
        table.add({text_of(one["id"]), text_of(agent["id"]) + " " + text_of(agent["version"]),
                   agent.contains("worker") ? "a worker" : "the engine",
                   pid.empty() ? "it does not run" : "gdb -p " + pid,
                   agent.contains("loaded") ? text_of(agent["loaded"]) : ""});
    }
    if (!found) {
        context.err << "parley debug: there is no deployment"
                    << (arguments.deployment.empty() ? "" : " \"" + arguments.deployment + "\"") << "\n";
        return ExitCode::fault;
    }
    context.out
        << table.text(0)
        << "\nWhile a debugger holds a process, its turns miss their deadlines; in the engine, everybody's "
           "do.\n"
           "Agents run a private copy of their file: its symbols are those of the file that was built.\n";
    return ExitCode::done;
}

}  // namespace

Command add_debug(CLI::App& parley) {
    auto arguments = std::make_shared<DebugArguments>();
    CLI::App* app =
        parley.add_subcommand("debug", "Shows which process to attach a debugger to, and what it has loaded");
    app->add_option("DEPLOYMENT", arguments->deployment, "Only this one");
    add_engine_options(*app, arguments->engine);
    app->footer("Example:\n  parley debug support-desk");
    return {app, [arguments](CommandContext& context) { return run(*arguments, context); }};
}

}  // namespace parley
