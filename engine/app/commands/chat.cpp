#include "app/commands/chat.hpp"

#include <algorithm>
#include <istream>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/chat_session.hpp"
#include "app/commands/loading.hpp"
#include "app/reply_text.hpp"
#include "base/log.hpp"

namespace parley {
namespace {

struct ChatArguments {
    std::filesystem::path config;
    std::string deployment;
    std::string agent;
    std::vector<std::string> settings;  // key=value
};

struct Keyboard {
    std::istream& in;
    bool is_terminal;
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

// A line, or the number of a choice that was offered last.
ChatInput to_input(const std::string& line, const std::vector<Choice>& choices) {
    for (std::size_t i = 0; i < choices.size(); ++i)
        if (line == std::to_string(i + 1)) return {choices[i].title, choices[i].kind, choices[i].id};
    return {line, "", ""};
}

void print(const TurnSummary& summary, std::vector<Choice>& choices, std::ostream& out) {
    choices.clear();
    for (const NewOutbound& reply : summary.replies) {
        const ReplyText shown = to_reply_text(reply.payload_json);
        out << "agent> " << shown.text << "\n";
        for (const Choice& choice : shown.choices) {
            choices.push_back(choice);
            out << "       [" << choices.size() << "] " << choice.title << "\n";
        }
    }
    if (summary.replies.empty()) out << "agent> (no reply)\n";
    if (summary.annotations.empty()) return;
    out << "       (";
    for (std::size_t i = 0; i < summary.annotations.size(); ++i)
        out << (i > 0 ? ", " : "") << summary.annotations[i].first << " " << summary.annotations[i].second;
    out << ")\n";
}

ExitCode talk(ChatSession& session, CommandContext& context, const Keyboard& keyboard) {
    std::vector<Choice> choices;
    std::string line;
    while (true) {
        if (keyboard.is_terminal) context.out << "you> " << std::flush;
        if (!std::getline(keyboard.in, line)) break;
        if (line.empty()) continue;
        if (line == "/quit") break;
        if (!keyboard.is_terminal) context.out << "you> " << line << "\n";
        auto summary = session.say(to_input(line, choices));
        if (!summary) {
            context.err << "parley chat: " << summary.error().message() << "\n";
            return ExitCode::fault;
        }
        print(*summary, choices, context.out);
        context.out << std::flush;
    }
    if (keyboard.is_terminal) context.out << "\n";
    return ExitCode::done;
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
    auto session = ChatSession::start(*config, *found, environment);
    if (!session) {
        context.err << "parley chat: " << session.error().message() << "\n";
        return session.error().code() == Errc::unavailable ? ExitCode::fault : ExitCode::usage;
    }
    if (keyboard.is_terminal)
        context.out << "Write as a user would; a number taps a button; /quit or Ctrl-D ends.\n";
    return talk(**session, context, keyboard);
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
