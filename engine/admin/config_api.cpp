#include "admin/config_api.hpp"

#include <nlohmann/json.hpp>

#include "base/log.hpp"

namespace parley {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const std::vector<ReloadReport::Mistake>& mistakes) {
    Json list = Json::array();
    for (const auto& one : mistakes)
        list.push_back({{"file", one.file},
                        {"line", one.line},
                        {"column", one.column},
                        {"key", one.key},
                        {"message", one.message},
                        {"instead", one.instead}});
    return list;
}

std::string text_of(const Json& body) {
    return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

HttpResponse to_response(const ReloadReport& report) {
    if (!report.refused.empty()) return problem(409, "Conflict", report.refused);
    if (!report.errors.empty()) {
        Json body = {{"type", "about:blank"},
                     {"title", "Unprocessable Content"},
                     {"status", 422},
                     {"detail", "The configuration has mistakes; nothing has changed."},
                     {"errors", to_json(report.errors)},
                     {"warnings", to_json(report.warnings)}};
        return {422, "application/problem+json", text_of(body), {}, false};
    }
    Json left = Json::array();
    for (const auto& one : report.left) left.push_back({{"key", one.key}, {"why", one.why}});
    const bool is_unchanged = report.applied.empty() && report.left.empty();
    return HttpResponse::json(200, text_of({{"status", is_unchanged ? "unchanged" : "reloaded"},
                                            {"applied", report.applied},
                                            {"left", std::move(left)},
                                            {"warnings", to_json(report.warnings)}}));
}

HttpResponse answer_safely(const ConfigApi::Reload& reload) {
    try {
        return to_response(reload());
    } catch (const std::exception& fault) {
        log_error("reload failed", {{"reason", fault.what()}});
        return problem(500, "Fault", "The engine could not reload; its log says why.");
    }
}

}  // namespace

ConfigApi::ConfigApi(Reload reload, const ApiGate& gate, WorkerPool& workers)
    : reload_(std::move(reload)), gate_(gate), workers_(workers) {}

void ConfigApi::add_routes(Router& router) {
    router.add("POST", "/api/config/reload",
               gate_.guard([this](const HttpRequest&, const PathArguments&, Responder respond) {
                   auto shared = std::make_shared<Responder>(std::move(respond));
                   const bool queued = workers_.post([this, shared] { (*shared)(answer_safely(reload_)); });
                   if (!queued) (*shared)(problem(503, "Busy", "Too much work waits already; try again."));
               }));
}

}  // namespace parley
