#include "admin/account_json.hpp"

#include "base/utc_text.hpp"

namespace parley {
namespace {

Json or_null(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}
Json or_null(const std::optional<WallTime>& time) {
    return time && *time != WallTime{} ? Json(to_utc_text(*time)) : Json();
}

Json to_json(const SendingHealth& health) {
    Json entities = Json::array();
    for (const HealthEntity& one : health.entities) {
        Json issues = Json::array();
        for (const HealthIssue& issue : one.issues)
            issues.push_back({{"code", issue.code},
                              {"description", issue.description},
                              {"possible_solution", or_null(issue.possible_solution)}});
        entities.push_back({{"type", one.type},
                            {"id", one.id},
                            {"can_send", one.can_send},
                            {"issues", std::move(issues)},
                            {"remarks", one.remarks}});
    }
    return {{"can_send", health.can_send}, {"entities", std::move(entities)}};
}

Json to_json(const NumberFacts& facts) {
    return {{"display_phone_number", or_null(facts.display_number)},
            {"verified_name", or_null(facts.verified_name)},
            {"name_status", or_null(facts.name_status)},
            {"code_verification_status", or_null(facts.code_verification)},
            {"quality_rating", or_null(facts.quality)},
            {"status", or_null(facts.status)},
            {"throughput", or_null(facts.throughput)},
            {"messaging_limit", or_null(facts.messaging_limit)},
            {"account_mode", or_null(facts.account_mode)},
            {"health_status", facts.health ? to_json(*facts.health) : Json()}};
}

struct Verdict {
    int grade = 0;  // 0 healthy, 1 degraded, 2 unhealthy
    Json reasons = Json::array();

    void add(int how_bad, const std::string& what, const std::string& remedy) {
        grade = std::max(grade, how_bad);
        reasons.push_back({{"problem", what}, {"remedy", or_null(remedy)}});
    }
};

void judge_state(const HealthParts& parts, Verdict& verdict) {
    const AccountView& account = parts.account;
    if (account.state == AccountState::pending_verification)
        verdict.add(2, "its number is not verified", "POST /api/bsp/request-verification");
    else if (account.state == AccountState::code_sent)
        verdict.add(2, "its number waits for the code", "POST /api/bsp/verify-phone with the six digits");
    else if (account.state == AccountState::paused)
        verdict.add(1, "it is paused", "POST /api/accounts/" + account.id.str() + "/resume");
    else if (account.state == AccountState::deleted)
        verdict.add(2, "it is being deleted", "");
    if (!account.problem.empty()) verdict.add(2, account.problem, "");
    if (!parts.trouble.empty()) verdict.add(2, "nothing is sent: " + parts.trouble, "");
    if (!parts.agent.problem.empty()) verdict.add(2, "its agent: " + parts.agent.problem, "");
    if (parts.agent.health && parts.agent.health->state != "ok")
        verdict.add(1, "its agent says that it is " + parts.agent.health->state, "");
    if (parts.traffic.failed > 0 && parts.traffic.failed * 10 >= parts.traffic.out)
        verdict.add(1, "a tenth of what was sent in 24 hours has failed", "GET /api/dead-letters says why");
}

void judge_meta(const AccountResult<NumberFacts>& meta, Verdict& verdict) {
    if (!meta) return verdict.add(1, "Meta was asked in vain: " + meta.error().message, meta.error().remedy);
    if (!meta->status.empty() && meta->status != "CONNECTED")
        verdict.add(2, "Meta says that the number is " + meta->status, "only a CONNECTED number can send");
    if (meta->quality == "RED")
        verdict.add(1, "Meta rates its quality RED", "send less, and only what people expect");
    if (!meta->health || meta->health->can_send == "AVAILABLE") return;
    for (const HealthEntity& one : meta->health->entities) {
        for (const HealthIssue& issue : one.issues)
            verdict.add(one.can_send == "BLOCKED" ? 2 : 1, one.type + ": " + issue.description,
                        issue.possible_solution);
        for (const std::string& remark : one.remarks) verdict.add(1, one.type + ": " + remark, "");
    }
}

}  // namespace

Json to_json(const AccountView& account) {
    Json out{{"account_id", account.id.str()},
             {"status", to_string(account.state)},
             {"source", account.is_from_file ? "file" : "api"},
             {"phone_number_id", or_null(account.channel.str())},
             {"waba_id", or_null(account.waba_id)},
             {"agent", or_null(account.agent)}};
    const Json details = Json::parse(account.details_json, nullptr, false);
    if (details.is_object())
        for (const auto& [name, value] : details.items()) out[name] = value;
    out["problem"] = or_null(account.problem);
    out["created_at"] = or_null(account.created_at);
    out["changed_at"] = or_null(account.changed_at);
    out["version"] = account.version == 0 ? Json() : Json(account.version);
    return out;
}

Json health_json(const HealthParts& parts) {
    Verdict verdict;
    judge_state(parts, verdict);
    if (parts.meta) judge_meta(*parts.meta, verdict);
    static constexpr const char* words[] = {"healthy", "degraded", "unhealthy"};
    const NumberTraffic& traffic = parts.traffic;
    const AgentView& agent = parts.agent;
    Json ours{{"status", to_string(parts.account.state)},
              {"last_24_hours",
               {{"in", traffic.in},
                {"out", traffic.out},
                {"failed", traffic.failed},
                {"partial", traffic.is_partial}}},
              {"backlog", {{"open", parts.backlog.open.size()}, {"unsent", parts.backlog.unsent.size()}}},
              {"last_webhook_at",
               traffic.last_webhook == WallTime{} ? Json() : Json(to_utc_text(traffic.last_webhook))},
              {"not_sending_because", or_null(parts.trouble)},
              {"agent",
               {{"id", or_null(agent.id)},
                {"version", or_null(agent.version)},
                {"problem", or_null(agent.problem)},
                {"health", agent.health ? Json(agent.health->state) : Json()}}}};
    Json meta;
    if (parts.meta) meta = *parts.meta ? to_json(**parts.meta) : Json{{"error", parts.meta->error().message}};
    return {{"account_id", parts.account.id.str()},
            {"verdict", words[verdict.grade]},
            {"reasons", std::move(verdict.reasons)},
            {"engine", std::move(ours)},
            {"meta", std::move(meta)}};
}

}  // namespace parley
