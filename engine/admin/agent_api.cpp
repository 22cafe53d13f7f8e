#include "admin/agent_api.hpp"

#include "admin/api_pages.hpp"
#include "admin/view_json.hpp"

namespace parley {
namespace {

HttpResponse refused(const Error& error) {
    if (error.code() == Errc::not_found) return problem(404, "Not Found", error.message());
    if (error.code() == Errc::conflict) return problem(409, "Conflict", error.message());
    return problem(422, "Unprocessable Content", error.message() + "; the agent that ran answers on");
}

HttpResponse answer(const AgentApi::Swap& swap, const std::string& id, SwapTo to) {
    const auto done = swap(DeploymentId(id), to);
    if (!done) return refused(done.error());
    return json_response(
        200, {{"deployment", id}, {"before", to_json(done->before)}, {"now", to_json(done->now)}});
}

// Nothing, {}, {"to":"previous"} or {"to":"promote"}.
Result<SwapTo> read_wish(std::string_view body) {
    if (body.empty()) return SwapTo::newest;
    const Json wish = Json::parse(body, nullptr, false);
    const Error wrong(Errc::invalid_input,
                      "The body may be empty, {\"to\":\"previous\"} or {\"to\":\"promote\"}.");
    if (!wish.is_object()) return wrong;
    if (wish.empty()) return SwapTo::newest;
    if (wish.size() != 1 || !wish.contains("to")) return wrong;
    if (wish["to"] == "previous") return SwapTo::previous;
    if (wish["to"] == "promote") return SwapTo::promoted;
    return wrong;
}

}  // namespace

AgentApi::AgentApi(Swap swap, const ApiGate& gate, WorkerPool& workers)
    : swap_(std::move(swap)), gate_(gate), workers_(workers) {}

void AgentApi::add_routes(Router& router) {
    ApiPages(router, gate_, workers_)
        .add("POST", "/api/deployments/{deployment}/reload", ApiScope::admin, [this](const ApiCall& call) {
            const auto wish = read_wish(call.body);
            if (!wish) return problem(400, "Bad request", wish.error().message());
            return answer(swap_, call.path.at(0), *wish);
        });
}

}  // namespace parley
