#include "app/commands/status.hpp"

#include <future>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/commands/text_table.hpp"
#include "net/curl_client.hpp"

namespace parley {
namespace {

using Json = nlohmann::ordered_json;

struct StatusArguments {
    std::string url = "http://127.0.0.1:8000";
    std::string api_key;
    bool as_json = false;
};

HttpOutcome get(HttpClient& http, const StatusArguments& arguments, const char* path) {
    HttpCall call;
    call.url = arguments.url + path;
    call.timeout = Millis{5'000};
    call.connect_timeout = Millis{2'000};
    if (!arguments.api_key.empty()) call.headers.emplace_back("X-API-Key", arguments.api_key);
    std::promise<HttpOutcome> answer;
    http.start(std::move(call), [&answer](HttpOutcome outcome) { answer.set_value(std::move(outcome)); });
    return answer.get_future().get();
}

// The page as JSON, or null with the reason on err.
Json fetch(HttpClient& http, const StatusArguments& arguments, const char* path, std::ostream& err) {
    const HttpOutcome outcome = get(http, arguments, path);
    if (!outcome.reply) {
        err << "parley status: no engine answers at " << arguments.url << ": " << outcome.failure.reason
            << "\n";
        return {};
    }
    Json body = Json::parse(outcome.reply->body, nullptr, false);
    if (outcome.reply->status == 200 && body.is_object()) return body;
    err << "parley status: " << path << " answered " << outcome.reply->status;
    if (body.is_object() && body.contains("detail") && body["detail"].is_string())
        err << ": " << body["detail"].get<std::string>();
    err << "\n";
    if (outcome.reply->status == 401 || outcome.reply->status == 403)
        err << "  give the API key with --api-key or in the variable API_KEY\n";
    return {};
}

std::string text_of(const Json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
}

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

ExitCode run_status(const StatusArguments& arguments, CommandContext& context) {
    CurlClient http(CurlOptions{});
    const Json status = fetch(http, arguments, "/api/status", context.err);
    if (status.is_null()) return ExitCode::fault;
    const Json deployments = fetch(http, arguments, "/api/deployments", context.err);
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
    app->add_option("--url,-u", arguments->url, "The engine's address")
        ->type_name("URL")
        ->capture_default_str();
    app->add_option("--api-key,-k", arguments->api_key, "The API key")->type_name("KEY")->envname("API_KEY");
    app->add_flag("--json", arguments->as_json, "Prints JSON");
    app->footer("Example:\n  parley status --url http://127.0.0.1:8000");
    return {app, [arguments](CommandContext& context) { return run_status(*arguments, context); }};
}

}  // namespace parley
