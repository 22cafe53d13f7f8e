#include "app/commands/engine_client.hpp"

#include <future>
#include <ostream>

#include <CLI/CLI.hpp>

namespace parley {

void add_engine_options(CLI::App& app, EngineAddress& address) {
    app.add_option("--url,-u", address.url, "The engine's address")->type_name("URL")->capture_default_str();
    app.add_option("--api-key,-k", address.api_key, "The API key")->type_name("KEY")->envname("API_KEY");
}

EngineClient::Json EngineClient::call(const std::string& method, const std::string& path) {
    HttpCall call;
    call.method = method;
    call.url = address_.url + path;
    call.timeout = Millis{30'000};
    call.connect_timeout = Millis{2'000};
    if (!address_.api_key.empty()) call.headers.emplace_back("X-API-Key", address_.api_key);
    std::promise<HttpOutcome> answer;
    http_.start(std::move(call), [&answer](HttpOutcome outcome) { answer.set_value(std::move(outcome)); });
    const HttpOutcome outcome = answer.get_future().get();
    if (!outcome.reply) {
        err_ << command_ << ": no engine answers at " << address_.url << ": " << outcome.failure.reason
             << "\n";
        return {};
    }
    Json body = Json::parse(outcome.reply->body, nullptr, false);
    const int status = outcome.reply->status;
    if (status >= 200 && status < 300 && body.is_object()) return body;
    err_ << command_ << ": " << path << " answered " << status;
    if (body.is_object() && body.contains("detail") && body["detail"].is_string())
        err_ << ": " << body["detail"].get<std::string>();
    err_ << "\n";
    if (status == 401 || status == 403)
        err_ << "  give the API key with --api-key or in the variable API_KEY\n";
    return {};
}

std::string text_of(const EngineClient::Json& value) {
    if (value.is_null()) return {};
    return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace parley
