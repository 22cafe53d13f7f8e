#include "admin/ops_api.hpp"

#include "admin/api_pages.hpp"
#include "admin/list_query.hpp"
#include "base/utc_text.hpp"

namespace parley {
OpsApi::OpsApi(EngineView view, const ApiGate& gate, WorkerPool& workers)
    : view_(std::move(view)), gate_(gate), workers_(workers) {}

void OpsApi::add_routes(Router& router) {
    router.add("GET", "/health", [this](const auto&, const auto&, Responder respond) { respond(health()); });
    router.add("GET", "/ready", [this](const auto&, const auto&, Responder respond) { respond(ready()); });
    router.add("GET", "/metrics", [this](const auto&, const auto&, Responder respond) {
        respond({200, "text/plain; version=0.0.4; charset=utf-8", view_.metrics.text(), {}});
    });
    ApiPages pages(router, gate_, workers_);
    const auto add_plain = [&](std::string_view path, HttpResponse (OpsApi::*answer)() const) {
        pages.add("GET", path, ApiScope::read, [this, answer](const ApiCall& call) {
            const auto checked = has_only(call.query, {});
            return checked ? (this->*answer)() : to_problem(checked.error());
        });
    };
    add_plain("/api/status", &OpsApi::status);
    add_plain("/api/deployments", &OpsApi::deployments);
    add_plain("/api/agents", &OpsApi::agents);
}

HttpResponse OpsApi::health() const {
    const auto up =
        std::chrono::duration_cast<std::chrono::seconds>(view_.clock.wall() - view_.started_at).count();
    return json_response(200, {{"status", "healthy"},
                               {"version", view_.version},
                               {"uptime_seconds", up},
                               {"ready", view_.not_ready().empty()}});
}

HttpResponse OpsApi::ready() const {
    const std::string reason = view_.not_ready();
    if (reason.empty()) return json_response(200, {{"status", "ready"}});
    HttpResponse response = problem(503, "Not ready", reason);
    response.headers.emplace_back("Retry-After", "1");
    return response;
}

HttpResponse OpsApi::status() const {
    const auto counts = view_.store.counts();
    if (!counts) return to_problem(counts.error());
    const auto letters = view_.store.dead_letters(0, 5);
    Json errors = Json::array();
    if (letters)
        for (auto letter = letters->rbegin(); letter != letters->rend(); ++letter)
            errors.push_back({{"at", to_utc_text(letter->at)},
                              {"reason", letter->letter.reason},
                              {"detail", letter->letter.detail}});
    const std::string reason = view_.not_ready();
    return json_response(200, {{"version", view_.version},
                               {"pid", view_.pid},
                               {"started_at", to_utc_text(view_.started_at)},
                               {"ready", reason.empty()},
                               {"not_ready_because", reason.empty() ? Json() : Json(reason)},
                               {"backlog",
                                {{"open", counts->open},
                                 {"unsent", counts->unsent},
                                 {"held", counts->held},
                                 {"in_memory", {{"inbox", view_.inbox()}, {"outbox", view_.outbox()}}}}},
                               {"stored",
                                {{"messages", counts->messages},
                                 {"statuses", counts->statuses},
                                 {"unrouted", counts->unrouted},
                                 {"dead_letters", counts->dead_letters}}},
                               {"last_errors", std::move(errors)}});
}

HttpResponse OpsApi::deployments() const {
    const auto waiting = view_.store.waiting_followups();
    if (!waiting) return to_problem(waiting.error());
    const auto followups_of = [&](const PhoneNumberId& channel) {
        for (const WaitingFollowups& one : *waiting)
            if (one.channel == channel) return one.count;
        return std::uint64_t{0};
    };
    Json data = Json::array();
    for (const DeploymentPtr& deployment : view_.accounts.all()) {
        const std::string trouble = view_.trouble_of(deployment->channel);
        data.push_back({{"id", deployment->id.str()},
                        {"phone_number_id", deployment->channel.str()},
                        {"not_sending_because", trouble.empty() ? Json() : Json(trouble)},
                        {"default", deployment->is_default},
                        {"followups", followups_of(deployment->channel)},
                        {"deadline_ms", deployment->deadline.count()},
                        {"agent", to_json(view_.agent_of(deployment->id))}});
    }
    return json_response(200, {{"data", std::move(data)}, {"next", Json()}});
}

HttpResponse OpsApi::agents() const {
    Json data = Json::array();
    for (const AgentView& agent : view_.agents()) data.push_back(to_json(agent));
    return json_response(200, {{"data", std::move(data)}, {"next", Json()}});
}

}  // namespace parley
