#include "app/commands/simulate.hpp"

#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include "app/signals.hpp"
#include "net/curl_client.hpp"
#include "simulator/simulator.hpp"

namespace parley {
namespace {

struct SimulateArguments {
    std::string listen = "127.0.0.1:8001";
    std::string webhook;
    std::string app_secret;
    std::string verify_token;
    std::vector<std::string> numbers;
};

ExitCode run_simulate(const SimulateArguments& arguments, CommandContext& context, const Clock& clock,
                      Random& random) {
    block_server_signals();
    CurlClient http(CurlOptions{.user_agent = "facebookexternalua"});
    SimulatorOptions options;
    options.listen = arguments.listen;
    options.webhook_url = arguments.webhook;
    options.app_secret = Secret(arguments.app_secret);
    options.verify_token = arguments.verify_token;
    for (const std::string& id : arguments.numbers)
        options.numbers.push_back(
            {.phone_number_id = id,
             .display_phone_number = "+91 80000 0000" + std::to_string(options.numbers.size() + 1),
             .waba_id = "200000000000001",
             .access_token = "",
             .verified_name = "Business " + id});
    Simulator simulator(std::move(options), clock, random, http);
    if (auto started = simulator.start(); !started) {
        context.err << "parley simulate: " << started.error().message() << "\n";
        return ExitCode::fault;
    }
    context.out << "Phone page and Graph API: " << simulator.url()
                << "\nWebhooks go to:           " << arguments.webhook << "\n"
                << std::flush;
    while (wait_for_signal() == ServerSignal::reload) {
    }
    simulator.stop();
    return ExitCode::done;
}

}  // namespace

Command add_simulate(CLI::App& parley, const Clock& clock, Random& random) {
    auto arguments = std::make_shared<SimulateArguments>();
    CLI::App* app =
        parley.add_subcommand("simulate", "Plays WhatsApp: Graph API, signed webhooks, a phone page");
    app->add_option("--listen,-l", arguments->listen, "Where to listen; port 0 picks a free one")
        ->type_name("HOST:PORT")
        ->capture_default_str();
    app->add_option("--webhook,-w", arguments->webhook, "Where webhooks are posted")
        ->type_name("URL")
        ->required();
    app->add_option("--app-secret,-s", arguments->app_secret, "Signs the webhooks")
        ->type_name("SECRET")
        ->envname("WHATSAPP_APP_SECRET")
        ->required();
    app->add_option("--verify-token", arguments->verify_token,
                    "Verifies the webhook at the start, as Meta does")
        ->type_name("TOKEN")
        ->envname("WHATSAPP_VERIFY_TOKEN");
    app->add_option("--number,-n", arguments->numbers, "A phone_number_id of the business; again for more")
        ->type_name("ID");
    app->footer(
        "Example:\n  parley simulate --listen 127.0.0.1:8001 --webhook http://127.0.0.1:8000/webhook "
        "--app-secret s3cret");
    return {app, [arguments, &clock, &random](CommandContext& context) {
                return run_simulate(*arguments, context, clock, random);
            }};
}

}  // namespace parley
