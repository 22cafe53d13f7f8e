#include "admin/agent_api.hpp"

#include <nlohmann/json.hpp>

#include "admin/view_json.hpp"

namespace parley {
namespace {

HttpResponse refused(const Error& error) {
    if (error.code() == Errc::not_found) return problem(404, "Not Found", error.message());
    if (error.code() == Errc::conflict) return problem(409, "Conflict", error.message());
    return problem(422, "Unprocessable Content", error.message() + "; the agent that ran answers on");
}

HttpResponse answer(const AgentApi::Swap& swap, const std::string& id, bool to_previous) {
    const auto done = swap(DeploymentId(id), to_previous);
    if (!done) return refused(done.error());
    return json_response(
        200, {{"deployment", id}, {"before", to_json(done->before)}, {"now", to_json(done->now)}});
}

// Nothing, {} or {"to":"previous"}.
Result<bool> wants_previous(std::string_view body) {
    if (body.empty()) return false;
    const Json wish = Json::parse(body, nullptr, false);
    const Error wrong(Errc::invalid_input, "The body may be empty, or {\"to\":\"previous\"}.");
    if (!wish.is_object()) return wrong;
    if (wish.empty()) return false;
    if (wish.size() != 1 || !wish.contains("to") || wish["to"] != "previous") return wrong;
    return true;
}

}  // namespace

AgentApi::AgentApi(Swap swap, const ApiGate& gate, WorkerPool& workers)
    : swap_(std::move(swap)), gate_(gate), workers_(workers) {}

void AgentApi::add_routes(Router& router) {
    const auto reload = [this](const HttpRequest& request, const PathArguments& path, Responder respond) {
        const auto previous = wants_previous(request.body());
        if (!previous) return respond(problem(400, "Bad request", previous.error().message()));
        auto shared = std::make_shared<Responder>(std::move(respond));
        const bool queued = workers_.post([this, shared, id = path.at(0), to_previous = *previous] {
            (*shared)(answer_safely([&] { return answer(swap_, id, to_previous); }));
        });
        if (!queued) (*shared)(problem(503, "Busy", "Too much work waits already; try again."));
    };
    router.add("POST", "/api/deployments/{deployment}/reload", gate_.guard(ApiScope::admin, reload));
}

}  // namespace parley
