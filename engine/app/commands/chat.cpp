#include "app/commands/chat.hpp"

#include <algorithm>
#include <istream>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/chat_session.hpp"
#include "app/commands/chat_talk.hpp"
#include "app/commands/loading.hpp"
#include "base/log.hpp"

namespace parley {
namespace {

struct ChatArguments {
    std::filesystem::path config;
    std::string deployment;
    std::string agent;
    std::vector<std::string> settings;  // key=value
};

// --set limit=3 is the number 3, --set name=Asha the text.
Result<std::string> to_config_json(const std::vector<std::string>& settings) {
    auto document = nlohmann::json::object();
    for (const std::string& setting : settings) {
        const auto equals = setting.find('=');
        if (equals == std::string::npos || equals == 0)
            return Error{Errc::invalid_input, "--set " + setting + ": expected key=value"};
        const std::string text = setting.substr(equals + 1);
        auto value = nlohmann::json::parse(text, nullptr, false);
        document[setting.substr(0, equals)] = value.is_discarded() ? nlohmann::json(text) : std::move(value);
    }
    return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<Config> config_for_agent(const ChatArguments& arguments) {
    Config config;
    config.base_dir = std::filesystem::current_path();
    config.state_dir = (std::filesystem::temp_directory_path() / "parley-chat").string();
    DeploymentConfig deployment;
    deployment.deployment.id = DeploymentId("chat");
    deployment.deployment.channel = PhoneNumberId("1");
    deployment.deployment.agent = arguments.agent;
    auto config_json = to_config_json(arguments.settings);
    if (!config_json) return config_json.error();
    deployment.config_json = std::move(*config_json);
    config.deployments.push_back(std::move(deployment));
    return config;
}

std::optional<Config> read_config(const ChatArguments& arguments, CommandContext& context,
                                  const InspectAgent& inspect, const Clock& clock) {
    if (!arguments.config.empty()) return load_or_explain(arguments.config, context, inspect, clock);
    auto config = config_for_agent(arguments);
    if (config) return std::move(*config);
    context.err << "parley chat: " << config.error().message() << "\n";
    return std::nullopt;
}

ExitCode run_chat(const ChatArguments& arguments, CommandContext& context, const InspectAgent& inspect,
                  EngineEnvironment environment, const Keyboard& keyboard) {
    if (arguments.config.empty() == arguments.agent.empty()) {
        context.err
            << "parley chat: give --config with --deployment, or --agent\n"
               "  write, for example:  parley chat --config config/demo.yaml --deployment jupiter-edge\n";
        return ExitCode::usage;
    }
    configure_log(LogLevel::warning, LogFormat::text);
    auto config = read_config(arguments, context, inspect, environment.clock);
    if (!config) return ExitCode::usage;
    const auto& all = config->deployments;
    const auto found = arguments.deployment.empty()
                           ? all.begin()
                           : std::find_if(all.begin(), all.end(), [&](const auto& one) {
                                 return one.deployment.id.str() == arguments.deployment;
                             });
    if (found == all.end()) {
        context.err << "parley chat: no deployment is named \"" << arguments.deployment << "\"\n";
        return ExitCode::usage;
    }
    AdvancedClock clock(environment.clock);
    auto session = ChatSession::start(*config, *found, {clock, environment.random, environment.executable});
    if (!session) {
        context.err << "parley chat: " << session.error().message() << "\n";
        return session.error().code() == Errc::unavailable ? ExitCode::fault : ExitCode::usage;
    }
    if (keyboard.is_terminal)
        context.out << "Write as a user would; a number taps a button; /help names what else there is.\n";
    return ChatTalk(**session, clock, arguments.config.empty() ? found->config_json : "", context, keyboard)
        .run();
}

}  // namespace

Command add_chat(CLI::App& parley, InspectAgent inspect, const Clock& clock, Random& random, std::istream& in,
                 bool in_is_terminal) {
    auto arguments = std::make_shared<ChatArguments>();
    CLI::App* app =
        parley.add_subcommand("chat", "Talks to an agent in the terminal, or runs lines from a pipe");
    auto* config = app->add_option("--config,-c", arguments->config, "A configuration")->type_name("FILE");
    app->add_option("--deployment,-d", arguments->deployment, "Whose agent; the first one when left out")
        ->type_name("NAME")
        ->needs(config);
    auto* agent = app->add_option("--agent,-a", arguments->agent, "An agent's file, without a configuration")
                      ->type_name("FILE.so")
                      ->excludes(config);
    app->add_option("--set,-s", arguments->settings, "A member of the agent's configuration; again for more")
        ->type_name("KEY=VALUE")
        ->needs(agent);
    app->footer(
        "Examples:\n  parley chat --config config/demo.yaml --deployment jupiter-edge\n"
        "  printf 'Hi\\nHow do I apply?\\n' | parley chat --agent build/release/lib/parley/agents/echo.so "
        "--set prefix=Hey:");
    return {app, [=, inspect = std::move(inspect), &clock, &random, &in](CommandContext& context) {
                return run_chat(*arguments, context, inspect, {clock, random, context.executable},
                                {in, in_is_terminal});
            }};
}

}  // namespace parley
