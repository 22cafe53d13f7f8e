// `parley agent test`: runs conversation scripts against an agent.
#include "app/commands/agent.hpp"

#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include "kit/script_runs.hpp"

namespace parley {
namespace {

struct TestArguments {
    std::vector<std::filesystem::path> scripts;
    std::filesystem::path agent;
    std::vector<std::filesystem::path> path;
    kit::AgentSettings settings;
    bool update = false;
    bool swap_each_step = false;
    std::string isolation = "none";
    std::filesystem::path trace;
    bool keep_loaded = false;
    bool as_json = false;
    std::filesystem::path junit;
};

ExitCode complain(CommandContext& context, const Error& error) {
    context.err << "parley agent test: " << error.message() << "\n";
    return error.code() == Errc::unavailable ? ExitCode::fault : ExitCode::usage;
}

ExitCode run_test(const TestArguments& arguments, CommandContext& context) {
    kit::ScriptRunOptions options;
    options.agent = arguments.agent;
    options.path = arguments.path;
    options.path.push_back(context.executable.parent_path().parent_path() / "lib/parley/agents");
    options.update = arguments.update;
    options.swap_each_step = arguments.swap_each_step;
    if (!arguments.trace.empty() && arguments.scripts.size() > 1)
        return complain(context, Error{Errc::invalid_input, "--trace: of one script at a time"});
    options.trace = arguments.trace;
    options.keep_loaded = arguments.keep_loaded;
    if (arguments.keep_loaded && arguments.isolation == "process")
        return complain(context, Error{Errc::invalid_input, "--keep-loaded: not with --isolation process"});
    if (arguments.isolation == "process") {
        auto worker = worker_program(context);
        if (!worker) return complain(context, worker.error());
        options.worker = std::move(*worker);
    }
    if (arguments.settings.is_given()) {
        auto config = kit::to_config_json(arguments.settings, arguments.agent);
        if (!config) return complain(context, config.error());
        options.config_json = std::move(*config);
    }
    std::vector<kit::ScriptRun> runs;
    bool has_passed = true;
    for (const auto& script : arguments.scripts) {
        const auto run = kit::run_script_in_child(script, options);
        if (!run) return complain(context, run.error());
        has_passed = has_passed && run->report.has_passed();
        if (!arguments.as_json)
            context.out << to_text(*run, {context.columns, context.out_is_terminal}) << std::flush;
        runs.push_back(*run);
    }
    if (arguments.as_json)
        context.out << to_json(runs);
    else if (runs.size() > 1)
        context.out << kit::summary_of(runs);
    if (!arguments.junit.empty())
        if (const auto written = write_text(arguments.junit, to_junit(runs), context.out); !written)
            return complain(context, written.error());
    return has_passed ? ExitCode::done : ExitCode::fault;
}

}  // namespace

Command add_agent_test(CLI::App& agent) {
    auto arguments = std::make_shared<TestArguments>();
    CLI::App* app = agent.add_subcommand("test", "Runs conversation scripts against an agent");
    app->add_option("scripts", arguments->scripts, "The scripts")->type_name("SCRIPT.yaml")->required();
    app->add_option("--agent,-a", arguments->agent,
                    "The library; without it the id that a script names is looked for on the paths")
        ->type_name("FILE.so");
    app->add_option("--path", arguments->path, "A folder of agents; again for more")->type_name("FOLDER");
    add_settings(*app, arguments->settings);
    app->add_flag("--update", arguments->update, "Writes what the agent says now into the scripts");
    app->add_flag("--swap-each-step", arguments->swap_each_step,
                  "Lets a new instance of the agent take over after each step, as a hot swap does");
    app->add_option("--isolation", arguments->isolation,
                    "process: the agent runs in a worker process, as in a deployment that says so; none")
        ->check(CLI::IsMember({"none", "process"}))
        ->capture_default_str();
    app->add_option("--trace", arguments->trace,
                    "Writes what crosses the contract, for ui.perfetto.dev or chrome://tracing")
        ->type_name("FILE.json");
    app->add_flag("--keep-loaded", arguments->keep_loaded,
                  "Never unloads the agent, so that Valgrind and leak checkers know its symbols at the end");
    app->add_flag("--json", arguments->as_json, "Prints JSON");
    app->add_option("--junit", arguments->junit, "Also writes a JUnit report; - for the standard output")
        ->type_name("FILE");
    app->footer(
        "Exit codes: 0 everything was as expected, 1 something was not, 2 wrong usage.\n\nExample:\n"
        "  parley agent test --agent build/lib/parley/agents/hello.so tests/*.yaml");
    return {app, [arguments](CommandContext& context) { return run_test(*arguments, context); }};
}

}  // namespace parley
