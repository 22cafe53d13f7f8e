#include "app/commands/replay.hpp"

#include <algorithm>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include "app/agent_roster.hpp"
#include "app/commands/agent.hpp"
#include "app/commands/loading.hpp"
#include "host/plugin_finder.hpp"
#include "kit/replay_report.hpp"

namespace parley {
namespace {

struct ReplayArguments {
    std::filesystem::path records, agent, html;
    std::string against = "recorded";
    kit::AgentSettings settings;
    std::string deployment;  // of the engine's configuration, which settings.file then is
    std::size_t limit = 0;
    bool own_state = false;
    bool shadow = false;
    bool as_json = false;
};

ExitCode complain(CommandContext& context, const Error& error) {
    context.err << "parley replay: " << error.message() << "\n";
    return error.code() == Errc::unavailable ? ExitCode::fault : ExitCode::usage;
}

Result<std::string> config_of_deployment(const ReplayArguments& arguments,
                                         const std::filesystem::path& library, CommandContext& context,
                                         const Clock& clock) {
    const LoadReport read = load_config_file(arguments.settings.file, context.environment, clock.wall());
    if (!read.errors.empty()) {
        print_mistakes(read, context.err);
        return Error{Errc::invalid_input, arguments.settings.file.string() + " has mistakes"};
    }
    for (const DeploymentConfig& one : read.config.deployments) {
        if (one.deployment.id.str() != arguments.deployment) continue;
        const auto info = inspect_plugin(library);
        if (!info) return info.error();
        return agent_config(one, info->manifest, read.config.base_dir);
    }
    return Error{Errc::invalid_input, "no deployment is named \"" + arguments.deployment + "\""};
}

Result<kit::ReplayAgent> read_agent(const ReplayArguments& arguments, const std::filesystem::path& library,
                                    CommandContext& context, const Clock& clock) {
    auto config = arguments.deployment.empty() ? kit::to_config_json(arguments.settings, library)
                                               : config_of_deployment(arguments, library, context, clock);
    if (!config) return config.error();
    return kit::ReplayAgent{library, std::move(*config)};
}

Result<kit::ReplayReport> run(const ReplayArguments& arguments, kit::RecordedTalks talks,
                              CommandContext& context, const Clock& clock) {
    if (arguments.shadow) return kit::compare_shadows(std::move(talks));
    auto agent = read_agent(arguments, arguments.agent, context, clock);
    if (!agent) return agent.error();
    kit::ReplayOptions options{std::move(*agent), std::nullopt, arguments.own_state};
    if (arguments.against != "recorded") {
        auto other = read_agent(arguments, arguments.against, context, clock);
        if (!other) return other.error();
        options.against = std::move(*other);
    }
    if (context.out_is_terminal)
        options.progress = [&err = context.err](std::size_t done, std::size_t of) {
            err << "\r\x1b[K  " << done << " of " << of << " conversations …" << std::flush;
        };
    auto report = kit::replay(std::move(talks), options);
    if (options.progress) context.err << "\r\x1b[K" << std::flush;
    return report;
}

ExitCode run_replay(const ReplayArguments& arguments, CommandContext& context, const Clock& clock) {
    if (arguments.shadow != arguments.agent.empty())
        return complain(context, Error{Errc::invalid_input,
                                       "give --agent FILE.so, or --shadow for what an agent on trial said"});
    if (!arguments.deployment.empty() && arguments.settings.file.empty())
        return complain(context, Error{Errc::invalid_input, "--deployment needs --config"});
    auto talks = kit::read_records(arguments.records, arguments.limit);
    if (!talks) return complain(context, talks.error());
    const auto report = run(arguments, std::move(*talks), context, clock);
    if (!report) return complain(context, report.error());
    if (arguments.shadow && report->turns == 0)
        return complain(context, Error{Errc::invalid_input, "no turn of these records has a shadow"});
    context.out << (arguments.as_json ? kit::to_json(*report)
                                      : kit::to_text(*report, {context.columns, context.out_is_terminal}));
    if (!arguments.html.empty())
        if (const auto written = write_text(arguments.html, kit::to_html(*report), context.out); !written)
            return complain(context, written.error());
    return report->is_same() ? ExitCode::done : ExitCode::fault;
}

}  // namespace

Command add_replay(CLI::App& parley, const Clock& clock) {
    auto arguments = std::make_shared<ReplayArguments>();
    CLI::App* app = parley.add_subcommand(
        "replay", "Runs recorded conversations through another version of an agent and shows what differs");
    app->add_option("--records,-r", arguments->records,
                    "A file of records, or the folder of a deployment's: STATE/DATABASE.records/NAME")
        ->type_name("FILE|FOLDER")
        ->required();
    app->add_option("--agent,-a", arguments->agent, "The new version")->type_name("FILE.so");
    app->add_option("--against", arguments->against,
                    "What it is compared with: what was recorded, or another library, run the same way")
        ->type_name("recorded|FILE.so")
        ->capture_default_str();
    add_settings(*app, arguments->settings);
    app->add_option("--deployment,-d", arguments->deployment,
                    "FILE is the engine's configuration: takes the agent's from this deployment")
        ->type_name("NAME");
    app->add_flag("--own-state", arguments->own_state,
                  "Each version goes on with the state it made, not with the one that was recorded");
    app->add_flag("--shadow", arguments->shadow,
                  "Runs nothing: shows what a shadow would have said beside what was said");
    app->add_option("--limit,-n", arguments->limit, "At most so many conversations, the newest")
        ->type_name("N");
    app->add_option("--html", arguments->html, "Also writes a page that needs nothing else")
        ->type_name("FILE");
    app->add_flag("--json", arguments->as_json, "Prints JSON");
    app->footer(
        "Exit codes: 0 all turns are the same, 1 some differ or failed, 2 wrong usage.\n\nExample:\n"
        "  parley replay --records var/parley.db.records/jupiter-edge --agent "
        "build/next/credit-card-agent.so \\\n"
        "    --config config/demo.yaml --deployment jupiter-edge --html replay.html");
    return {app,
            [arguments, &clock](CommandContext& context) { return run_replay(*arguments, context, clock); }};
}

}  // namespace parley
