// `parley agent fuzz`: plays with an agent until something breaks, or the time is over.
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include "app/commands/agent.hpp"
#include "app/scalars.hpp"
#include "kit/fuzzer.hpp"

namespace parley {
namespace {

struct FuzzArguments {
    std::filesystem::path file;
    kit::AgentSettings settings;
    kit::FuzzOptions options;
    std::string duration = "60s";
    std::uint64_t seed = 0;       // 0: a random one
    std::uint64_t reproduce = 0;  // 0: none
};

ExitCode complain(CommandContext& context, const Error& error) {
    context.err << "parley agent fuzz: " << error.message() << "\n";
    return ExitCode::usage;
}

ExitCode show_one(const FuzzArguments& arguments, kit::FuzzOptions options, CommandContext& context) {
    options.seed = arguments.reproduce;
    const auto played = kit::reproduce(arguments.file, options, [&](const std::string& action) {
        context.out << "  " << action << std::endl;
    });
    if (!played) return complain(context, played.error());
    for (const std::string& one : played->findings) context.out << "FOUND  " << one << "\n";
    if (played->findings.empty()) context.out << "Seed " << options.seed << " finds nothing.\n";
    return played->findings.empty() ? ExitCode::done : ExitCode::fault;
}

ExitCode show_all(const FuzzArguments& arguments, const kit::FuzzOptions& options, CommandContext& context) {
    const auto report = kit::fuzz(arguments.file, options);
    if (options.on_progress) context.err << "\r\x1b[K" << std::flush;
    if (!report) return complain(context, report.error());
    for (const kit::FuzzFinding& one : report->findings)
        context.out << "FOUND  " << one.what << "\n       "
                    << (one.times > 1 ? std::to_string(one.times) + " times; again with: " : "again with: ")
                    << "parley agent fuzz " << arguments.file.string() << " --reproduce " << one.seed << "\n";
    context.out << report->cases << " cases, " << report->findings.size()
                << (report->findings.size() == 1 ? " finding" : " findings") << " (seed " << options.seed
                << ")\n";
    return report->findings.empty() ? ExitCode::done : ExitCode::fault;
}

ExitCode run_fuzz(const FuzzArguments& arguments, CommandContext& context, Random& random) {
    kit::FuzzOptions options = arguments.options;
    const auto duration = parse_duration(arguments.duration);
    if (!duration)
        return complain(context, Error{Errc::invalid_input, "--duration " + arguments.duration + ": " +
                                                                duration.error().message()});
    options.duration = *duration;
    options.seed = arguments.seed != 0 ? arguments.seed : 1 + random.below(999'999);
    if (arguments.settings.is_given()) {
        auto config = kit::to_config_json(arguments.settings, arguments.file);
        if (!config) return complain(context, config.error());
        options.config_json = std::move(*config);
    }
    if (arguments.reproduce != 0) return show_one(arguments, std::move(options), context);
    if (context.out_is_terminal)
        options.on_progress = [&err = context.err](std::uint64_t cases, std::size_t findings) {
            err << "\r\x1b[K  " << cases << " cases, " << findings << " found …" << std::flush;
        };
    return show_all(arguments, options, context);
}

}  // namespace

Command add_agent_fuzz(CLI::App& agent, Random& random) {
    auto arguments = std::make_shared<FuzzArguments>();
    CLI::App* app =
        agent.add_subcommand("fuzz", "Plays with an agent until something breaks, or the time is over");
    app->add_option("file", arguments->file, "The library")->type_name("FILE.so")->required();
    app->add_option("--duration,-d", arguments->duration, "How long, as 60s or 10m")->capture_default_str();
    app->add_option("--jobs,-j", arguments->options.lanes, "Child processes at once")
        ->check(CLI::Range(1, 256))
        ->capture_default_str();
    app->add_option("--corpus", arguments->options.corpus,
                    "A folder of further messages: a text, or WhatsApp's JSON object, each")
        ->type_name("FOLDER");
    add_settings(*app, arguments->settings);
    app->add_option("--seed", arguments->seed, "Where the numbers begin; printed at the end");
    app->add_option("--reproduce", arguments->reproduce,
                    "Plays the case of this seed only, in this process, and tells each action")
        ->type_name("SEED");
    app->footer(
        "Exit codes: 0 nothing found, 1 something was, 2 wrong usage.\n\nExample:\n  parley agent fuzz "
        "build/lib/parley/agents/hello.so -d 10m -j 2");
    return {app,
            [arguments, &random](CommandContext& context) { return run_fuzz(*arguments, context, random); }};
}

}  // namespace parley
