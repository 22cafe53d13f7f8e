// `parley agent validate`: holds libraries against the contract.
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "app/commands/agent.hpp"
#include "app/scalars.hpp"
#include "kit/validation_text.hpp"

namespace parley {
namespace {

struct ValidateArguments {
    std::vector<std::filesystem::path> files;
    kit::AgentSettings settings;
    kit::ValidationOptions options;
    std::uint64_t seed = 0;  // 0: a random one
    unsigned limit_seconds = 30;
    std::string duration = "10m";
    bool as_json = false;
    bool lists = false;
    std::filesystem::path junit;
};

void list_checks(std::ostream& out) {
    for (const kit::Check& check : kit::all_checks()) {
        std::string name(check.name);
        name.resize(26, ' ');
        out << check.level << (check.level < 10 ? "  " : " ") << name << check.about << "\n";
    }
}

// On a terminal the running check stands in a line of its own, until its result takes its place.
void show_progress(kit::ValidationOptions& options, const CommandContext& context) {
    if (!context.out_is_terminal) return;
    options.on_begin = [&err = context.err](const kit::Check& check) {
        err << "\r\x1b[K  " << check.name << " …" << std::flush;
    };
}

std::string usage_of(const Error& error) {
    return "parley agent validate: " + error.message() + "\n";
}

ExitCode run_validate(const ValidateArguments& arguments, CommandContext& context, Random& random) {
    if (arguments.lists) {
        list_checks(context.out);
        return ExitCode::done;
    }
    if (arguments.files.empty()) {
        context.err << "parley agent validate: name a library\n  write, for example:  parley agent validate "
                       "build/lib/parley/agents/hello.so\n";
        return ExitCode::usage;
    }
    kit::ValidationOptions options = arguments.options;
    options.seed = arguments.seed != 0 ? arguments.seed : 1 + random.below(999'999);
    options.limit = std::chrono::seconds(arguments.limit_seconds);
    const auto duration = parse_duration(arguments.duration);
    if (!duration) {
        context.err << usage_of(duration.error().within("--duration " + arguments.duration));
        return ExitCode::usage;
    }
    options.fuzz_for = *duration;
    if (options.strictness >= 9) {
        auto worker = worker_program(context);
        if (!worker) {
            context.err << usage_of(worker.error());
            return ExitCode::usage;
        }
        options.worker = std::move(*worker);
    }
    if (!arguments.as_json) show_progress(options, context);
    std::vector<kit::ValidationReport> reports;
    bool has_passed = true;
    for (const auto& file : arguments.files) {
        if (arguments.settings.is_given()) {
            auto config = kit::to_config_json(arguments.settings, file);
            if (!config) {
                context.err << usage_of(config.error());
                return ExitCode::usage;
            }
            options.config_json = std::move(*config);
        }
        context.out.flush();
        auto report = kit::validate(file, options);
        if (options.on_begin) context.err << "\r\x1b[K" << std::flush;
        if (!report) {
            context.err << usage_of(report.error());
            return ExitCode::usage;
        }
        has_passed = has_passed && report->has_passed();
        if (!arguments.as_json)
            context.out << (reports.empty() ? "" : "\n")
                        << to_text(*report, {context.columns, context.out_is_terminal});
        reports.push_back(std::move(*report));
    }
    if (arguments.as_json) context.out << to_json(reports);
    if (!arguments.junit.empty())
        if (const auto written = write_text(arguments.junit, to_junit(reports), context.out); !written) {
            context.err << usage_of(written.error());
            return ExitCode::fault;
        }
    return has_passed ? ExitCode::done : ExitCode::fault;
}

}  // namespace

Command add_agent_validate(CLI::App& agent, Random& random) {
    auto arguments = std::make_shared<ValidateArguments>();
    CLI::App* app = agent.add_subcommand(
        "validate", "Holds libraries against the contract, each check in a process of its own");
    app->add_option("files", arguments->files, "The libraries")->type_name("FILE.so");
    app->add_option("--strictness,-l", arguments->options.strictness,
                    "1 to 10; what hosts rely on is up to 5")
        ->check(CLI::Range(1, kit::highest_strictness))
        ->capture_default_str();
    app->add_option("--include,-i", arguments->options.include, "Only checks whose name matches")
        ->type_name("REGEX");
    add_settings(*app, arguments->settings);
    app->add_option("--seed", arguments->seed,
                    "Of the randomness that the agent sees; printed with each report");
    app->add_option("--limit", arguments->limit_seconds, "Seconds for one check")
        ->check(CLI::Range(1, 3600))
        ->capture_default_str();
    app->add_option("--duration", arguments->duration, "How long level 10 fuzzes, as 60s or 10m")
        ->capture_default_str();
    app->add_option("--messages", arguments->options.soak_messages, "How many messages level 10 sends")
        ->check(CLI::Range(1'000, 1'000'000'000))
        ->capture_default_str();
    app->add_flag("--in-process", arguments->options.in_process,
                  "No child processes and no limit, for a debugger");
    app->add_flag("--json", arguments->as_json, "Prints JSON");
    app->add_option("--junit", arguments->junit, "Also writes a JUnit report; - for the standard output")
        ->type_name("FILE");
    app->add_flag("--list", arguments->lists, "Prints the checks and what each promises");
    app->footer(
        "Exit codes: 0 nothing failed, 1 something did, 2 wrong usage.\n\nExample:\n"
        "  parley agent validate build/lib/parley/agents/hello.so --strictness 8 --set greeting=Hi");
    return {app, [arguments, &random](CommandContext& context) {
                return run_validate(*arguments, context, random);
            }};
}

}  // namespace parley
