#include "app/commands/demo.hpp"

#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include "app/commands/loading.hpp"
#include "app/commands/serve.hpp"
#include "app/signals.hpp"
#include "base/log.hpp"
#include "net/curl_client.hpp"
#include "simulator/simulator.hpp"

namespace parley {
namespace {

struct DemoArguments {
    std::filesystem::path config;
    unsigned port = 8000;
};

// Beside an installed program, or in the source tree that it was built in.
std::filesystem::path shipped_demo(const std::filesystem::path& executable) {
    const std::filesystem::path bin = executable.parent_path();
    for (const char* place : {"../share/parley/demo.yaml", "../../../config/demo.yaml"})
        if (std::error_code ignored; std::filesystem::exists(bin / place, ignored))
            return (bin / place).lexically_normal();
    return {};
}

SimulatorOptions simulator_options(const Config& config, unsigned port) {
    SimulatorOptions options;
    options.listen = "127.0.0.1:" + std::to_string(port + 1);
    options.webhook_url = "http://127.0.0.1:" + std::to_string(port) + "/webhook";
    if (!config.whatsapp.apps.empty()) {
        const AppConfig& app = config.whatsapp.apps.front();
        if (!app.app_secrets.empty()) options.app_secret = app.app_secrets.front();
        options.verify_token = std::string(app.verify_token.reveal());
    }
    for (const DeploymentConfig& one : config.deployments)
        options.numbers.push_back(
            {.phone_number_id = one.deployment.channel.str(),
             .display_phone_number = "+91 80000 0000" + std::to_string(options.numbers.size() + 1),
             .waba_id = "200000000000001",
             .access_token = std::string(one.deployment.access_token.reveal()),
             .verified_name = one.deployment.id.str()});
    return options;
}

void greet(std::ostream& out, const std::string& engine, const std::string& phone) {
    out << "\nParley is up.\n\n"
        << "  Chat with the agent:   " << phone << "\n"
        << "  Webhooks go to:        " << engine << "/webhook\n"
        << "  Health:                " << engine << "/health\n\n"
        << "Or ask it by curl:\n\n"
        << "  curl -s " << engine << "/webhook -H 'Content-Type: application/json' -d '"
        << R"({"object":"whatsapp_business_account","entry":[{"changes":[{"value":{"contacts":[{"profile":{"name":"Asha"},)"
        << R"("wa_id":"919876543210"}],"messages":[{"from":"919876543210","id":"msg-'$RANDOM'","timestamp":"1234567890",)"
        << R"("text":{"body":"What is the cashback?"},"type":"text"}]}}]}]})"
        << "'\n\n"
        << "Ctrl-C ends it.\n"
        << std::flush;
}

ExitCode run_demo(const DemoArguments& arguments, CommandContext& context, const InspectAgent& inspect,
                  const Clock& clock, Random& random) {
    const auto file = arguments.config.empty() ? shipped_demo(context.executable) : arguments.config;
    if (file.empty()) {
        context.err << "parley demo: the demo configuration is not beside the program\n"
                       "  write, for example:  parley demo --config config/demo.yaml\n";
        return ExitCode::usage;
    }
    CommandContext with_ports{context.out,        context.err,     context.environment,
                              context.executable, context.columns, context.out_is_terminal};
    with_ports.environment["PARLEY_LISTEN"] = "127.0.0.1:" + std::to_string(arguments.port);
    with_ports.environment["PARLEY_GRAPH_URL"] = "http://127.0.0.1:" + std::to_string(arguments.port + 1);
    auto config = load_or_explain(file, with_ports, inspect, clock);
    if (!config) return ExitCode::usage;
    configure_log(config->log.level, config->log.format);
    block_server_signals();

    CurlClient http(CurlOptions{.user_agent = "facebookexternalua"});
    Simulator simulator(simulator_options(*config, arguments.port), clock, random, http);
    const Millis drain = config->agents.drain_timeout;
    auto engine = Engine::start(std::move(*config), {clock, random, context.executable, [&] {
                                                         return load_all(file, with_ports, inspect, clock);
                                                     }});
    if (!engine) {
        context.err << "parley demo: " << engine.error().message() << "\n";
        return ExitCode::fault;
    }
    if (auto started = simulator.start(); !started) {
        context.err << "parley demo: " << started.error().message() << "\n";
        return ExitCode::fault;
    }
    greet(context.out, (*engine)->url(), simulator.url());
    const ExitCode code = run_until_signal(**engine, drain);
    simulator.stop();
    return code;
}

}  // namespace

Command add_demo(CLI::App& parley, InspectAgent inspect, const Clock& clock, Random& random) {
    auto arguments = std::make_shared<DemoArguments>();
    CLI::App* app =
        parley.add_subcommand("demo", "Runs the engine with a WhatsApp simulator: try it without Meta");
    app->add_option("--port,-p", arguments->port, "The engine's port; the simulator takes the next one")
        ->check(CLI::Range(1U, 65534U))
        ->capture_default_str();
    app->add_option("--config,-c", arguments->config, "Another configuration than the shipped one")
        ->type_name("FILE");
    app->footer("Example:\n  parley demo --port 8000");
    return {app, [arguments, inspect = std::move(inspect), &clock, &random](CommandContext& context) {
                return run_demo(*arguments, context, inspect, clock, random);
            }};
}

}  // namespace parley
