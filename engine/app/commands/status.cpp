#include "app/commands/status.hpp"

#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include "app/commands/engine_client.hpp"
#include "app/commands/text_table.hpp"

namespace parley {
namespace {

using Json = EngineClient::Json;

struct StatusArguments {
    EngineAddress engine;
    bool as_json = false;
    bool is_health_only = false;
};

std::string health_of(const Json& agent) {
    return agent.contains("health") ? text_of(agent["health"]["state"]) : "";
}

// "version 2.0.0 is tried: …" for a deployment with a canary or a shadow; else nothing.
std::string trial_of(const Json& agent) {
    const bool is_shadow = agent.contains("shadow");
    if (!is_shadow && !agent.contains("canary")) return {};
    const Json& trial = agent.at(is_shadow ? "shadow" : "canary");
    const std::string who = "version " + text_of(trial["version"]);
    if (trial["state"] != "running") return who + " was taken back: " + text_of(trial["reason"]);
    const std::string since = " for " + trial["seconds"].dump() + " s";
    if (is_shadow) return who + " listens" + since;
    return who + " is tried with " + trial["percent"].dump() + " % of the conversations" + since + ": " +
           trial["turns"].dump() + " turns, " + trial["failures"].dump() + " failures";
}

void print(const Json& status, const Json& deployments, CommandContext& context) {
    const Json& backlog = status["backlog"];
    const Json& stored = status["stored"];
    context.out << "Parley " << text_of(status["version"]) << ", up since " << text_of(status["started_at"])
                << ", "
                << (status["ready"] == true ? "ready" : "NOT READY: " + text_of(status["not_ready_because"]))
                << "\n\n";
    TextTable counts({"", "OPEN", "UNSENT", "HELD", "UNROUTED", "DEAD LETTERS", "STORED"});
    counts.add({"messages", backlog["open"].dump(), backlog["unsent"].dump(), backlog["held"].dump(),
                stored["unrouted"].dump(), stored["dead_letters"].dump(), stored["messages"].dump()});
    context.out << counts.text(context.columns) << "\n";
    TextTable table({"DEPLOYMENT", "NUMBER ID", "AGENT", "VERSION", "HEALTH", "FOLLOW-UPS", ""});
    for (const Json& one : deployments["data"])
        table.add({text_of(one["id"]), text_of(one["phone_number_id"]), text_of(one["agent"]["id"]),
                   text_of(one["agent"]["version"]), health_of(one["agent"]), text_of(one["followups"]),
                   one["default"] == true ? "default" : ""});
    context.out << table.text(context.columns);
    for (const Json& one : deployments["data"])
        if (const std::string health = health_of(one["agent"]); !health.empty() && health != "ok")
            context.out << "  the agent of " << text_of(one["id"]) << " is " << health
                        << (one["agent"]["health"]["text"].is_string()
                                ? ": " + text_of(one["agent"]["health"]["text"])
                                : "")
                        << "\n";
    for (const Json& one : deployments["data"])
        if (one["not_sending_because"].is_string())
            context.out << "  " << text_of(one["id"])
                        << " sends nothing: " << text_of(one["not_sending_because"]) << "\n";
    for (const Json& one : deployments["data"])
        if (const std::string trial = trial_of(one["agent"]); !trial.empty())
            context.out << "  " << text_of(one["id"]) << ": " << trial << "\n";
    if (status["last_errors"].empty()) return;
    TextTable errors({"LAST ERRORS", "", ""});
    for (const Json& one : status["last_errors"])
        errors.add({text_of(one["at"]), text_of(one["reason"]), text_of(one["detail"])});
    context.out << "\n" << errors.text(context.columns);
}

ExitCode print_health(EngineClient& engine, bool as_json, CommandContext& context) {
    const Json health = engine.get("/health");
    if (health.is_null()) return ExitCode::fault;
    if (as_json)
        context.out << health.dump(2) << "\n";
    else
        context.out << text_of(health["status"]) << (health["ready"] == true ? "" : ", not ready") << "\n";
    return health["status"] == "healthy" ? ExitCode::done : ExitCode::fault;
}

ExitCode run_status(const StatusArguments& arguments, CommandContext& context) {
    EngineClient engine(arguments.engine, "parley status", context.err);
    if (arguments.is_health_only) return print_health(engine, arguments.as_json, context);
    const Json status = engine.get("/api/status");
    if (status.is_null()) return ExitCode::fault;
    const Json deployments = engine.get("/api/deployments");
    if (deployments.is_null()) return ExitCode::fault;
    if (arguments.as_json) {
        Json both = status;
        both["deployments"] = deployments["data"];
        context.out << both.dump(2) << "\n";
    } else {
        print(status, deployments, context);
    }
    return ExitCode::done;
}

}  // namespace

Command add_status(CLI::App& parley) {
    auto arguments = std::make_shared<StatusArguments>();
    CLI::App* app =
        parley.add_subcommand("status", "Shows a running engine: health, deployments, backlog, last errors");
    add_engine_options(*app, arguments->engine);
    app->add_flag("--json", arguments->as_json, "Prints JSON");
    app->add_flag("--health", arguments->is_health_only,
                  "Only asks whether the engine lives, which needs no API key: for health checks");
    app->footer("Example:\n  parley status --url http://127.0.0.1:8000");
    return {app, [arguments](CommandContext& context) { return run_status(*arguments, context); }};
}

}  // namespace parley
