#include "app/commands/engine_list.hpp"

#include <algorithm>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include "app/commands/engine_client.hpp"
#include "app/commands/text_table.hpp"

namespace parley {
namespace {

using Json = EngineClient::Json;
using ListPtr = std::shared_ptr<const EngineList>;

struct ListArguments {
    EngineAddress engine;
    std::vector<std::int64_t> entries;
    std::string deployment, state;
    bool all = false;
    bool as_json = false;
};

EngineClient client_of(const EngineList& list, const ListArguments& arguments, CommandContext& context) {
    return {arguments.engine, "parley " + list.name, context.err};
}

// All of them, or a deployment's; null when the engine does not answer.
Json read_all(EngineClient& engine, const EngineList& list, const ListArguments& arguments) {
    Json all = Json::array();
    std::string after;
    do {
        const Json page = engine.get(list.path + "?limit=500" +
                                     (arguments.state.empty() ? "" : "&state=" + arguments.state) +
                                     (after.empty() ? "" : "&after=" + after));
        if (page.is_null()) return {};
        for (const Json& entry : page.at("data"))
            if (arguments.deployment.empty() || entry.at("deployment") == arguments.deployment)
                all.push_back(entry);
        after = text_of(page.at("next"));
    } while (!after.empty());
    return all;
}

std::string cell(const Json& entry, const std::string& field) {
    const std::string text = text_of(entry.value(field, Json()));
    return field == "at" || field == "since" ? text.substr(0, 19) : text;
}

ExitCode print_list(const EngineList& list, const ListArguments& arguments, CommandContext& context) {
    EngineClient engine = client_of(list, arguments, context);
    const Json entries = read_all(engine, list, arguments);
    if (entries.is_null()) return ExitCode::fault;
    if (arguments.as_json) {
        context.out << entries.dump(2) << "\n";
        return ExitCode::done;
    }
    if (entries.empty()) {
        context.out << list.none << "\n";
        return ExitCode::done;
    }
    std::vector<std::string> row;
    for (const auto& [title, field] : list.columns) row.push_back(title);
    TextTable table(row);
    for (const Json& entry : entries) {
        row.clear();
        for (const auto& [title, field] : list.columns) row.push_back(cell(entry, field));
        table.add(row);
    }
    context.out << table.text(context.columns);
    return ExitCode::done;
}

ExitCode show(const EngineList& list, const ListArguments& arguments, CommandContext& context) {
    EngineClient engine = client_of(list, arguments, context);
    for (const std::int64_t entry : arguments.entries) {
        const Json one = engine.get(list.path_of_one + std::to_string(entry));
        if (one.is_null()) return ExitCode::fault;
        context.out << one.dump(2) << "\n";
    }
    return ExitCode::done;
}

// Tries all that are meant; one that cannot be ended does not keep the others.
ExitCode end(const EngineList& list, const EngineList::Ending& ending, const ListArguments& arguments,
             CommandContext& context) {
    EngineClient engine = client_of(list, arguments, context);
    std::vector<std::int64_t> entries = arguments.entries;
    if (entries.empty() == !arguments.all) {
        context.err << "parley " << list.name << ": give numbers from the list, or --all\n";
        return ExitCode::usage;
    }
    if (arguments.all) {
        const Json all = read_all(engine, list, arguments);
        if (all.is_null()) return ExitCode::fault;
        for (const Json& entry : all) entries.push_back(entry.at("id"));
        if (list.newest_first) std::reverse(entries.begin(), entries.end());
    }
    std::size_t done = 0;
    for (const std::int64_t entry : entries) {
        const Json answer = engine.call(ending.method, list.path + "/" + std::to_string(entry) + ending.path);
        if (answer.is_null()) continue;
        ++done;
        const std::string message = text_of(answer.value("message", Json()));
        context.out << entry << "  " << text_of(answer["status"]) << (message.empty() ? "" : "  ") << message
                    << "\n";
    }
    return done == entries.size() ? ExitCode::done : ExitCode::fault;
}

using Run = std::function<ExitCode(const ListArguments&, CommandContext&)>;

class ListCommands {
  public:
    ListCommands(CLI::App& parley, ListPtr list)
        : list_(std::move(list)), app_(*parley.add_subcommand(list_->name, list_->what)) {
        app_.require_subcommand(1);
        app_.footer("Example:\n  parley " + list_->name + " list\n  parley " + list_->name + " " +
                    list_->example);
    }

    std::shared_ptr<ListArguments> add(const std::string& name, const std::string& what,
                                       const std::string& example, Run run) {
        auto arguments = std::make_shared<ListArguments>();
        CLI::App* app = app_.add_subcommand(name, what);
        add_engine_options(*app, arguments->engine);
        app->footer("Example:\n  parley " + list_->name + " " + example);
        commands_.push_back({app, [arguments, run = std::move(run)](CommandContext& context) {
                                 return run(*arguments, context);
                             }});
        return arguments;
    }
    CLI::Option* take_entries(ListArguments& arguments) {
        CLI::Option* option = last().add_option(list_->argument, arguments.entries, "Numbers from the list");
        if (!list_->prefix.empty())
            option->transform([prefix = list_->prefix](std::string text) {
                return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
            });
        return option;
    }
    void take_choice(ListArguments& arguments) {
        last().add_option("--deployment,-d", arguments.deployment, "Only this deployment's")->type_name("ID");
        if (list_->states.empty()) return;
        arguments.state = list_->states.front();
        last()
            .add_option("--state", arguments.state, "Only those in this state")
            ->check(CLI::IsMember(list_->states))
            ->capture_default_str();
    }
    CLI::App& last() { return *commands_.back().app; }
    std::vector<Command> take() { return std::move(commands_); }

  private:
    ListPtr list_;
    CLI::App& app_;
    std::vector<Command> commands_;
};

}  // namespace

std::vector<Command> add_engine_list(CLI::App& parley, EngineList described) {
    const auto list = std::make_shared<const EngineList>(std::move(described));
    ListCommands commands(parley, list);
    const std::string order = list->newest_first ? "newest" : "oldest";
    auto arguments =
        commands.add("list", "Lists them, the " + order + " first", "list --deployment support-desk",
                     [list](const auto& a, auto& context) { return print_list(*list, a, context); });
    commands.take_choice(*arguments);
    commands.last().add_flag("--json", arguments->as_json, "Prints JSON");
    arguments = commands.add("show", "Shows one with its message", "show 17",
                             [list](const auto& a, auto& context) { return show(*list, a, context); });
    commands.take_entries(*arguments)->required();
    for (const EngineList::Ending& ending : list->endings) {
        arguments = commands.add(
            ending.name, ending.what, ending.example,
            [list, ending](const auto& a, auto& context) { return end(*list, ending, a, context); });
        commands.take_entries(*arguments);
        commands.take_choice(*arguments);
        commands.last().add_flag("--all", arguments->all, "All of them, the oldest first");
    }
    return commands.take();
}

}  // namespace parley
