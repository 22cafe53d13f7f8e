#include "admin/view_json.hpp"

#include "base/log.hpp"
#include "net/router.hpp"

namespace parley {

HttpResponse json_response(int status, const Json& body) {
    return HttpResponse::json(status, body.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Json text_or_null(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

static Json to_json(const TrialView& trial) {
    Json out{{"version", trial.version}, {"sha256", trial.sha256}};
    if (!trial.is_running) {
        out["state"] = "taken back";
        out["reason"] = trial.taken_back_because;
        return out;
    }
    out["state"] = "running";
    if (!trial.is_shadow) {
        out["percent"] = trial.percent;
        out["turns"] = trial.turns;
        out["failures"] = trial.failures;
    }
    out["seconds"] = trial.running_for.count() / 1000;
    return out;
}

Json to_json(const AgentView& agent) {
    Json out{{"id", agent.id}, {"version", agent.version}, {"summary", agent.summary}, {"path", agent.path}};
    if (!agent.sha256.empty()) out["sha256"] = agent.sha256;
    if (!agent.loaded.empty()) out["loaded"] = agent.loaded;
    if (!agent.problem.empty()) out["problem"] = agent.problem;
    if (!agent.handover.empty()) out["handover"] = agent.handover;
    if (agent.health)
        out["health"] = {{"state", agent.health->state},
                         {"text", agent.health->text.empty() ? Json() : Json(agent.health->text)},
                         {"seconds_ago", agent.health->seconds_ago}};
    if (agent.worker)
        out["worker"] = {
            {"pid", agent.worker->pid == 0 ? Json() : Json(agent.worker->pid)},
            {"state", agent.worker->state},
            {"restarts", agent.worker->restarts},
            {"last_end", agent.worker->last_end.empty() ? Json() : Json(agent.worker->last_end)}};
    if (agent.trial) out[agent.trial->is_shadow ? "shadow" : "canary"] = to_json(*agent.trial);
    return out;
}

HttpResponse answer_safely(std::string_view request_id, const std::function<HttpResponse()>& answer) {
    HttpResponse response;
    if (auto failed = failure_of(request_id, [&] { response = answer(); })) return std::move(*failed);
    return response;
}

std::optional<HttpResponse> failure_of(std::string_view request_id, const std::function<void()>& work) {
    try {
        work();
        return std::nullopt;
    } catch (const std::exception& fault) {
        log_error("page of the API failed", {{"request_id", request_id}, {"reason", fault.what()}});
        return problem(500, "Fault", "The engine could not answer; its log says why.");
    }
}

}  // namespace parley
