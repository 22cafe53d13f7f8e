#include "app/commands/doctor.hpp"

#include <algorithm>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include "app/commands/loading.hpp"
#include "app/doctor/asking.hpp"
#include "app/doctor/report_text.hpp"
#include "net/certificate_expiry.hpp"
#include "net/curl_client.hpp"

namespace parley {
namespace {

struct DoctorArguments {
    std::filesystem::path config;
    doctor::Questions questions;
    bool as_json = false;
};

bool has_deployment(const LoadReport& report, const std::string& name, std::ostream& err) {
    const auto& all = report.config.deployments;
    const auto is_it = [&](const DeploymentConfig& one) { return one.deployment.id.str() == name; };
    if (name.empty() || std::any_of(all.begin(), all.end(), is_it)) return true;
    err << "parley doctor: no deployment is named \"" << name << "\"; there are:";
    for (const DeploymentConfig& one : all) err << " " << one.deployment.id.str();
    err << "\n";
    return false;
}

// Each section is printed when it is complete; meanwhile its name stands there, on a terminal.
doctor::Listener listen(std::vector<doctor::Section>& sections, bool as_json, CommandContext& context) {
    const bool shows_progress = context.out_is_terminal && !as_json;
    const doctor::TextStyle style{context.out_is_terminal ? context.columns : 0,
                                  context.out_is_terminal && !context.environment.contains("NO_COLOR")};
    return {[=, &context](const std::string& name) {
                if (shows_progress) context.err << "  looking at: " << name << " …" << std::flush;
            },
            [=, &context, &sections](const doctor::Section& section) {
                if (shows_progress) context.err << "\r\x1b[K" << std::flush;
                if (!as_json) context.out << to_text(section, style) << "\n" << std::flush;
                sections.push_back(section);
            }};
}

ExitCode run_doctor(DoctorArguments arguments, CommandContext& context, const InspectAgent& inspect,
                    const Clock& clock, Random& random) {
    std::error_code failed;
    LoadReport report = load_config_file(arguments.config, context.environment, clock.wall());
    if (!std::filesystem::exists(arguments.config, failed) ||
        std::filesystem::is_directory(arguments.config, failed)) {
        print_mistakes(report, context.err);
        return ExitCode::usage;
    }
    if (report.errors.empty() && !has_deployment(report, arguments.questions.deployment, context.err))
        return ExitCode::usage;
    while (arguments.questions.url.ends_with('/')) arguments.questions.url.pop_back();
    std::vector<doctor::Section> sections;
    const auto certificate = [](const std::string& url) {
        return certificate_expiry(url, doctor::longest_call);
    };
    doctor::examine(report, arguments.questions,
                    {clock, random, inspect, context.executable,
                     [] { return std::make_unique<CurlClient>(CurlOptions{}); }, certificate},
                    listen(sections, arguments.as_json, context));
    context.out << (arguments.as_json ? to_json(sections) : closing_text(sections)) << "\n";
    return has_failed(sections) ? ExitCode::fault : ExitCode::done;
}

}  // namespace

Command add_doctor(CLI::App& parley, InspectAgent inspect, const Clock& clock, Random& random) {
    auto arguments = std::make_shared<DoctorArguments>();
    CLI::App* app = parley.add_subcommand(
        "doctor", "Looks at configuration, machine, agents, engine, Meta and webhook; says what to do");
    app->add_option("--config,-c", arguments->config, "The configuration")->type_name("FILE")->required();
    app->add_option("--deployment,-d", arguments->questions.deployment, "Only this one")->type_name("NAME");
    app->add_option("--url,-u", arguments->questions.url,
                    "The engine's address; else where the configuration listens")
        ->type_name("URL");
    app->add_flag("--offline", arguments->questions.is_offline, "Calls nobody: neither engine, nor Meta");
    app->add_flag("--json", arguments->as_json, "Prints JSON");
    app->footer(
        "Changes, stores and sends nothing. Run it as the user the engine runs as.\n"
        "Exit codes: 0 nothing is broken, 1 something is, 2 wrong usage.\n\n"
        "Example:\n  parley doctor --config /etc/parley/parley.yaml");
    return {app, [arguments, inspect = std::move(inspect), &clock, &random](CommandContext& context) {
                return run_doctor(*arguments, context, inspect, clock, random);
            }};
}

}  // namespace parley
