#include "app/commands/send.hpp"

#include <algorithm>
#include <future>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include "app/commands/loading.hpp"
#include "base/json_text.hpp"
#include "core/callback_id.hpp"
#include "core/recipient_text.hpp"
#include "net/curl_client.hpp"
#include "whatsapp/graph_client.hpp"

namespace parley {
namespace {

struct SendArguments {
    std::filesystem::path config;
    std::string deployment;
    std::string to;
    std::string text;
};

OutboundMessage to_message(const SendArguments& arguments, const Deployment& account, const Clock& clock,
                           Random& random) {
    OutboundMessage message;
    message.channel = account.channel;
    message.to = to_recipient(arguments.to);
    message.payload_json = R"({"type":"text","text":{"body":)" + json_string(arguments.text) + "}}";
    message.callback = make_callback_id(clock, random);
    message.created_at = clock.wall();
    return message;
}

struct Explain {
    CommandContext& context;

    ExitCode operator()(const Sent& sent) const {
        context.out << sent.wamid.str() << "\n";
        return ExitCode::done;
    }
    ExitCode operator()(const RetryLater& later) const {
        return refused(later.code, later.reason + " (try again later)");
    }
    ExitCode operator()(const Rejected& rejected) const { return refused(rejected.code, rejected.reason); }
    ExitCode operator()(const Unknown& unknown) const {
        context.err << "parley send: unknown whether it was sent: " << unknown.reason << "\n";
        return ExitCode::fault;
    }
    ExitCode refused(std::int32_t code, const std::string& reason) const {
        context.err << "parley send: not sent: ";
        if (code != 0) context.err << "Graph error " << code << ": ";
        context.err << reason << "\n";
        return ExitCode::fault;
    }
};

ExitCode run_send(const SendArguments& arguments, CommandContext& context, const Clock& clock,
                  Random& random) {
    LoadReport report = load_config_file(arguments.config, context.environment, clock.wall());
    print_mistakes(report, context.err);
    if (!report.errors.empty()) return ExitCode::usage;
    const auto& all = report.config.deployments;
    const auto found = std::find_if(all.begin(), all.end(), [&](const DeploymentConfig& one) {
        return one.deployment.id.str() == arguments.deployment;
    });
    if (found == all.end()) {
        context.err << "parley send: no deployment is named \"" << arguments.deployment << "\"; there are:";
        for (const DeploymentConfig& one : all) context.err << " " << one.deployment.id.str();
        context.err << "\n";
        return ExitCode::usage;
    }
    const auto account = std::make_shared<const Deployment>(found->deployment);
    Metrics metrics;
    CurlClient http(CurlOptions{});
    GraphClient graph(
        {.graph_url = report.config.whatsapp.graph_url, .api_version = report.config.whatsapp.api_version},
        http, clock, metrics);
    std::promise<SendOutcome> answer;
    graph.send(to_message(arguments, *account, clock, random), account,
               [&answer](SendOutcome outcome) { answer.set_value(std::move(outcome)); });
    return std::visit(Explain{context}, answer.get_future().get());
}

}  // namespace

Command add_send(CLI::App& parley, const Clock& clock, Random& random) {
    auto arguments = std::make_shared<SendArguments>();
    CLI::App* app = parley.add_subcommand("send", "Sends one text message and prints its wamid");
    app->add_option("--config,-c", arguments->config, "The configuration")->type_name("FILE")->required();
    app->add_option("--deployment,-d", arguments->deployment, "Whose number sends it")
        ->type_name("NAME")
        ->required();
    app->add_option("--to,-t", arguments->to, "The number with its country code, or a BSUID")
        ->type_name("NUMBER")
        ->required();
    app->add_option("text", arguments->text, "What to send")->required();
    app->footer(
        "Example:\n  parley send --config config/bsp.yaml --deployment support --to +919876543210 \"Hello\"");
    return {app, [arguments, &clock, &random](CommandContext& context) {
                return run_send(*arguments, context, clock, random);
            }};
}

}  // namespace parley
