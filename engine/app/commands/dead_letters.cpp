#include "app/commands/dead_letters.hpp"

#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include "app/commands/engine_client.hpp"
#include "app/commands/text_table.hpp"

namespace parley {
namespace {

using Json = EngineClient::Json;

struct LetterArguments {
    EngineAddress engine;
    std::vector<std::int64_t> letters;
    std::string deployment;
    bool all = false;
    bool as_json = false;
};

std::string path_of(std::int64_t letter) {
    return "/api/dead-letters/" + std::to_string(letter);
}

// All of them, or a deployment's; null when the engine does not answer.
Json read_all(EngineClient& engine, const std::string& deployment) {
    Json all = Json::array();
    std::string after;
    do {
        const Json page =
            engine.get("/api/dead-letters?limit=500" + (after.empty() ? "" : "&after=" + after));
        if (page.is_null()) return {};
        for (const Json& letter : page.at("data"))
            if (deployment.empty() || letter.at("deployment") == deployment) all.push_back(letter);
        after = text_of(page.at("next"));
    } while (!after.empty());
    return all;
}

ExitCode list(const LetterArguments& arguments, CommandContext& context) {
    EngineClient engine(arguments.engine, "parley dead-letters", context.err);
    const Json letters = read_all(engine, arguments.deployment);
    if (letters.is_null()) return ExitCode::fault;
    if (arguments.as_json) {
        context.out << letters.dump(2) << "\n";
        return ExitCode::done;
    }
    if (letters.empty()) {
        context.out << "There are no dead letters.\n";
        return ExitCode::done;
    }
    TextTable table({"ID", "AT", "", "DEPLOYMENT", "USER", "MESSAGE", "REASON", "DETAIL"});
    for (const Json& one : letters)
        table.add({text_of(one["id"]), text_of(one["at"]).substr(0, 19), text_of(one["direction"]),
                   text_of(one["deployment"]), text_of(one["user"]), text_of(one["message"]),
                   text_of(one["reason"]), text_of(one["detail"])});
    context.out << table.text(context.columns);
    return ExitCode::done;
}

ExitCode show(const LetterArguments& arguments, CommandContext& context) {
    EngineClient engine(arguments.engine, "parley dead-letters", context.err);
    for (const std::int64_t letter : arguments.letters) {
        const Json one = engine.get(path_of(letter));
        if (one.is_null()) return ExitCode::fault;
        context.out << one.dump(2) << "\n";
    }
    return ExitCode::done;
}

// Tries all that are meant; one that cannot be ended does not keep the others.
ExitCode end(const LetterArguments& arguments, CommandContext& context, bool retry) {
    EngineClient engine(arguments.engine, "parley dead-letters", context.err);
    std::vector<std::int64_t> letters = arguments.letters;
    if (letters.empty() == !arguments.all) {
        context.err << "parley dead-letters: give the numbers of letters, or --all\n";
        return ExitCode::usage;
    }
    if (arguments.all) {
        const Json all = read_all(engine, arguments.deployment);
        if (all.is_null()) return ExitCode::fault;
        for (auto letter = all.rbegin(); letter != all.rend(); ++letter) letters.push_back(letter->at("id"));
    }
    std::size_t done = 0;
    for (const std::int64_t letter : letters) {
        const Json answer =
            retry ? engine.call("POST", path_of(letter) + "/retry") : engine.call("DELETE", path_of(letter));
        if (answer.is_null()) continue;
        ++done;
        context.out << letter << "  " << text_of(answer["status"])
                    << (retry ? "  " + text_of(answer["message"]) : std::string()) << "\n";
    }
    return done == letters.size() ? ExitCode::done : ExitCode::fault;
}

}  // namespace

std::vector<Command> add_dead_letters(CLI::App& parley) {
    CLI::App* letters = parley.add_subcommand("dead-letters", "Messages that no agent or send could finish");
    letters->require_subcommand(1);
    letters->footer("Example:\n  parley dead-letters list\n  parley dead-letters retry 17");
    std::vector<Command> commands;
    const auto add = [&](const char* name, const char* what, const char* example, auto run) {
        auto arguments = std::make_shared<LetterArguments>();
        CLI::App* app = letters->add_subcommand(name, what);
        add_engine_options(*app, arguments->engine);
        app->footer(std::string("Example:\n  parley dead-letters ") + example);
        commands.push_back(
            {app, [arguments, run](CommandContext& context) { return run(*arguments, context); }});
        return arguments;
    };
    const auto options_of = [&] { return commands.back().app; };
    const auto numbers = [&](const std::shared_ptr<LetterArguments>& arguments) {
        return options_of()->add_option("LETTER", arguments->letters, "Numbers from the list");
    };
    const auto meant = [&](const std::shared_ptr<LetterArguments>& arguments) {
        options_of()
            ->add_option("--deployment,-d", arguments->deployment, "Only this deployment's")
            ->type_name("ID");
    };
    const auto listed = add("list", "Lists them, the newest first", "list --deployment support-desk", &list);
    meant(listed);
    options_of()->add_flag("--json", listed->as_json, "Prints JSON");
    numbers(add("show", "Shows one with its message", "show 17", &show))->required();
    const auto ending = [&](const char* name, const char* what, const char* example, bool retry) {
        const auto arguments = add(
            name, what, example,
            [retry](const LetterArguments& a, CommandContext& context) { return end(a, context, retry); });
        numbers(arguments);
        meant(arguments);
        options_of()->add_flag("--all", arguments->all, "All of them, the oldest first");
    };
    ending("retry", "Gives their messages to the agent, or sends them, again", "retry 17 18", true);
    ending("drop", "Forgets them; their messages stay in the history", "drop --all --deployment trial",
           false);
    return commands;
}

}  // namespace parley
