#include "app/commands/trace.hpp"

#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include "app/commands/engine_client.hpp"
#include "app/commands/text_table.hpp"
#include "whatsapp/graph_call.hpp"

namespace parley {
namespace {

using Json = EngineClient::Json;

struct TraceArguments {
    EngineAddress engine;
    std::string message;
    bool as_json = false;
};

// A message's own name, or a person's number: then the last that they wrote.
bool is_number(const std::string& text) {
    return !text.empty() && text.find_first_not_of("+0123456789 -()") == text.npos;
}

// The newest message that came from this person, on any number; empty with the reason on err.
std::string last_from(EngineClient& engine, const std::string& user, std::ostream& err) {
    const Json found = engine.get("/api/conversations?user=" + percent_encode(user));
    if (found.is_null()) return {};
    for (const Json& row : found["data"]) {
        const std::string place =
            text_of(row["deployment"].is_null() ? row["phone_number_id"] : row["deployment"]);
        const Json talk = engine.get("/api/conversations/" + percent_encode(place) + "/" +
                                     percent_encode(text_of(row["user"])));
        if (talk.is_null()) return {};
        for (auto message = talk["data"].rbegin(); message != talk["data"].rend(); ++message)
            if (message->at("direction") == "in") return text_of(message->at("id"));
    }
    err << "parley trace: nothing came from " << user
        << "\n  Webhooks that were turned away: GET /api/webhook-logs?outcome=refused\n";
    return {};
}

void print(const Json& way, CommandContext& context) {
    const Json& message = way["message"];
    const bool is_in = message["direction"] == "in";
    context.out << text_of(message["id"]) << "  " << text_of(message["type"]) << (is_in ? " from " : " to ")
                << text_of(message["user"]) << (is_in ? " to " : " from ")
                << text_of(message["deployment"].is_null() ? message["phone_number_id"]
                                                           : message["deployment"])
                << ", " << text_of(message["state"]) << "\n  " << text_of(message["text"]) << "\n";
    if (message.contains("trace_id") && message["trace_id"].is_string())
        context.out << "  trace " << text_of(message["trace_id"]) << "\n";
    context.out << "\n";
    TextTable table({"AT", "", "STEP", ""});
    for (const Json& step : way["timeline"])
        table.add({text_of(step["at"]),
                   step["ok"] == true    ? "ok"
                   : step["ok"] == false ? "!!"
                                         : "",
                   text_of(step["step"]), text_of(step["text"])});
    context.out << table.text(context.out_is_terminal ? context.columns : 0) << "\n"
                << text_of(way["verdict"]) << "\n";
    if (!way["remedy"].is_null()) context.out << text_of(way["remedy"]) << "\n";
}

ExitCode run(const TraceArguments& arguments, CommandContext& context) {
    EngineClient engine(arguments.engine, "parley trace", context.err);
    std::string id = arguments.message;
    if (is_number(id)) id = last_from(engine, id, context.err);
    if (id.empty()) return ExitCode::fault;
    const Json way = engine.get("/api/messages/" + percent_encode(id));
    if (way.is_null()) return ExitCode::fault;
    if (arguments.as_json)
        context.out << way.dump(2) << "\n";
    else
        print(way, context);
    return ExitCode::done;
}

}  // namespace

Command add_trace(CLI::App& parley) {
    auto arguments = std::make_shared<TraceArguments>();
    CLI::App* app = parley.add_subcommand("trace", "Shows the way of one message, and why it got no answer");
    app->add_option("MESSAGE", arguments->message,
                    "in-12, out-34, a wamid, or a person's number for their last message")
        ->required();
    add_engine_options(*app, arguments->engine);
    app->add_flag("--json", arguments->as_json, "Prints JSON");
    app->footer("Example:\n  parley trace +919812345678");
    return {app, [arguments](CommandContext& context) { return run(*arguments, context); }};
}

}  // namespace parley
