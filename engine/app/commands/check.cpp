#include "app/commands/check.hpp"

#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/commands/loading.hpp"
#include "app/commands/text_table.hpp"
#include "app/config_documents.hpp"

namespace parley {
namespace {

using Json = nlohmann::ordered_json;

std::string counted(std::size_t number, const std::string& noun) {
    return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

Json to_json(const Diagnostics& diagnostics) {
    Json list = Json::array();
    for (const Diagnostic& one : diagnostics) {
        list.push_back({{"file", one.file},
                        {"line", one.at.line},
                        {"column", one.at.column},
                        {"key", one.path},
                        {"message", one.what},
                        {"instead", one.instead}});
    }
    return list;
}

Json to_json(const DeploymentConfig& one, const AgentSummary& agent) {
    return {
        {"name", one.deployment.id.str()},
        {"phone_number_id", one.deployment.channel.str()},
        {"app", one.deployment.app.str()},
        {"default", one.deployment.is_default},
        {"agent",
         {{"id", agent.id}, {"version", agent.version}, {"abi", agent.abi}, {"file", agent.file.string()}}}};
}

void print_json(const LoadReport& report, const std::vector<AgentSummary>& agents, std::ostream& out) {
    Json deployments = Json::array();
    for (std::size_t i = 0; i < agents.size(); ++i) {
        deployments.push_back(to_json(report.config.deployments[i], agents[i]));
    }
    const Json document = {{"file", report.config.file},
                           {"valid", report.errors.empty()},
                           {"deployments", deployments},
                           {"errors", to_json(report.errors)},
                           {"warnings", to_json(report.warnings)}};
    out << document.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
}

void print_table(const LoadReport& report, const std::vector<AgentSummary>& agents, CommandContext& context) {
    const auto& deployments = report.config.deployments;
    if (!deployments.empty()) {
        TextTable table({"DEPLOYMENT", "NUMBER ID", "AGENT", "VERSION", "ABI"});
        for (std::size_t i = 0; i < agents.size(); ++i) {
            const Deployment& one = deployments[i].deployment;
            table.add({one.id.str(), one.channel.str(), agents[i].id, agents[i].version, agents[i].abi});
        }
        context.out << table.text(context.out_is_terminal ? context.columns : 0) << "\n";
    }
    context.out << report.config.file << ": " << counted(deployments.size(), "deployment") << ", no mistakes";
    if (!report.warnings.empty()) context.out << ", " << counted(report.warnings.size(), "warning");
    context.out << ".";
    for (const DeploymentConfig& one : deployments)
        if (one.deployment.is_default) context.out << " Default: " << one.deployment.id.str() << ".";
    context.out << "\n";
}

}  // namespace

ExitCode run_check(const CheckArguments& arguments, CommandContext& context, const InspectAgent& inspect,
                   const Clock& clock) {
    if (arguments.print_schema) context.out << json_schema();
    if (arguments.print_reference) context.out << reference_yaml();
    if (arguments.print_keys) context.out << keys_markdown();
    if (arguments.print_schema || arguments.print_reference || arguments.print_keys) return ExitCode::done;
    if (arguments.config.empty()) {
        context.err << "parley check: --config is missing\n  write, for example:  parley check --config "
                       "config/demo.yaml\n";
        return ExitCode::usage;
    }
    LoadReport report = load_config_file(arguments.config, context.environment, clock.wall());
    const auto agents = inspect_agents(report, context.executable, inspect);
    if (arguments.as_json) {
        print_json(report, agents, context.out);
        return report.errors.empty() ? ExitCode::done : ExitCode::usage;
    }
    print_mistakes(report, context.err);
    if (!report.errors.empty()) {
        context.err << closing_line(report) << "\n";
        return ExitCode::usage;
    }
    if (!report.warnings.empty()) context.err << "\n";
    context.err.flush();
    print_table(report, agents, context);
    return ExitCode::done;
}

Command add_check(CLI::App& parley, InspectAgent inspect, const Clock& clock) {
    auto arguments = std::make_shared<CheckArguments>();
    CLI::App* app = parley.add_subcommand("check", "Checks a configuration and prints its deployments");
    app->add_option("--config,-c", arguments->config, "The configuration to check")->type_name("FILE");
    app->add_flag("--json", arguments->as_json, "Prints JSON, mistakes included");
    app->add_flag("--schema", arguments->print_schema,
                  "Prints the JSON Schema of configurations, for editors");
    app->add_flag("--reference", arguments->print_reference, "Prints every key with its default as YAML");
    app->add_flag("--keys", arguments->print_keys, "Prints every key as a Markdown table");
    app->footer(
        "Exit codes: 0 no mistakes, 2 mistakes.\n\nExample:\n  parley check --config config/demo.yaml");
    return {app, [arguments, inspect = std::move(inspect), &clock](CommandContext& context) {
                return run_check(*arguments, context, inspect, clock);
            }};
}

}  // namespace parley
