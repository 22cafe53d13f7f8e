#include "admin/config_api.hpp"

#include "admin/api_pages.hpp"
#include "admin/view_json.hpp"

namespace parley {
namespace {

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

HttpResponse to_response(const ReloadReport& report) {
    if (!report.refused.empty()) return problem(409, "Conflict", report.refused);
    if (!report.errors.empty()) {
        Json body = {{"type", "about:blank"},
                     {"title", "Unprocessable Content"},
                     {"status", 422},
                     {"detail", "The configuration has mistakes; nothing has changed."},
                     {"errors", to_json(report.errors)},
                     {"warnings", to_json(report.warnings)}};
        HttpResponse response = json_response(422, body);
        response.content_type = "application/problem+json";
        return response;
    }
    Json left = Json::array();
    for (const auto& one : report.left) left.push_back({{"key", one.key}, {"why", one.why}});
    const bool is_unchanged = report.applied.empty() && report.left.empty();
    return json_response(200, {{"status", is_unchanged ? "unchanged" : "reloaded"},
                               {"applied", report.applied},
                               {"left", std::move(left)},
                               {"warnings", to_json(report.warnings)}});
}

}  // namespace

ConfigApi::ConfigApi(Reload reload, const ApiGate& gate, WorkerPool& workers)
    : reload_(std::move(reload)), gate_(gate), workers_(workers) {}

void ConfigApi::add_routes(Router& router) {
    ApiPages(router, gate_, workers_)
        .add("POST", "/api/config/reload", ApiScope::admin,
             [this](const ApiCall&) { return to_response(reload_()); });
}

}  // namespace parley
