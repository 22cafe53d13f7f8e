#include "admin/account_api.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "admin/account_json.hpp"
#include "admin/account_request.hpp"
#include "admin/api_pages.hpp"
#include "admin/view_json.hpp"

namespace parley {
namespace {

constexpr std::size_t default_limit = 50, max_limit = 500;

int status_of(Errc kind) {
    switch (kind) {
        case Errc::invalid_input:
            return 422;
        case Errc::not_found:
            return 404;
        case Errc::conflict:
            return 409;
        case Errc::unauthorized:
            return 422;  // Meta's word about the account, not ours about the caller
        case Errc::busy:
            return 429;
        case Errc::unavailable:
            return 503;
        default:
            return 500;
    }
}

const char* title_of(int status) {
    switch (status) {
        case 404:
            return "Not Found";
        case 409:
            return "Conflict";
        case 422:
            return "Unprocessable Content";
        case 429:
            return "Too Many Requests";
        case 503:
            return "Unavailable";
        default:
            return "Fault";
    }
}

HttpResponse answer_of(const AccountResult<AccountView>& result) {
    return result ? json_response(200, to_json(*result)) : to_problem(result.error());
}

}  // namespace

void throw_exception_from_error(const AccountFailure& failure, const boost::source_location&) {
    throw std::logic_error("no account: " + failure.message);
}

HttpResponse to_problem(const AccountFailure& failure) {
    const int status = status_of(failure.kind);
    Json body = {{"type", "about:blank"},
                 {"title", title_of(status)},
                 {"status", status},
                 {"detail", failure.message}};
    if (!failure.remedy.empty()) body["remedy"] = failure.remedy;
    if (failure.graph_code != 0) body["graph_code"] = failure.graph_code;
    if (!failure.fields.empty()) {
        Json errors = Json::array();
        for (const FieldMistake& one : failure.fields)
            errors.push_back({{"field", one.field}, {"message", one.message}});
        body["errors"] = std::move(errors);
    }
    HttpResponse response = json_response(status, body);
    response.content_type = "application/problem+json";
    if (failure.wait > Millis{0})
        response.headers.emplace_back("Retry-After", std::to_string((failure.wait.count() + 999) / 1000));
    return response;
}

void AccountApi::add_routes(Router& router) {
    ApiPages pages(router, ports_.gate, ports_.workers);
    const auto admin = ApiScope::admin;
    pages.add("POST", "/api/bsp/create-account", admin,
              [this](const ApiCall& call) { return create(call.body); });
    pages.add("POST", "/api/bsp/request-verification", admin,
              [this](const ApiCall& call) { return request_code(call.body); });
    pages.add("POST", "/api/bsp/verify-phone", admin,
              [this](const ApiCall& call) { return verify(call.body); });
    pages.add("GET", "/api/bsp/account-health/{account}", ApiScope::read,
              [this](const ApiCall& call) { return health(DeploymentId(call.path.at(0))); });
    pages.add("GET", "/api/accounts/{account}", ApiScope::read, [this](const ApiCall& call) {
        return answer_of(ports_.accounts.find(DeploymentId(call.path.at(0))));
    });
    for (const bool pauses : {true, false})
        pages.add("POST", pauses ? "/api/accounts/{account}/pause" : "/api/accounts/{account}/resume", admin,
                  [this, pauses](const ApiCall& call) {
                      return answer_of(ports_.accounts.pause(DeploymentId(call.path.at(0)), pauses));
                  });
    pages.add("GET", "/api/accounts", ApiScope::read,
              [this](const ApiCall& call) { return list(call.query); });
    router.add("DELETE", "/api/bsp/delete-account/{account}",
               ports_.gate.guard(
                   admin, [this](const HttpRequest& request, const PathArguments& path, Responder respond) {
                       const std::string wish = query_value(request.query(), "deregister");
                       if (!wish.empty() && wish != "true" && wish != "false")
                           return respond(problem(400, "Bad request", "deregister: expected true or false"));
                       remove(DeploymentId(path.at(0)), wish == "true", std::move(respond));
                   }));
}

HttpResponse AccountApi::create(const std::string& body) {
    auto order = read_new_account(body);
    if (!order) return to_problem(order.error());
    const auto created = ports_.accounts.create(std::move(*order));
    if (!created) return to_problem(created.error());
    HttpResponse response = json_response(created->is_new ? 201 : 200, to_json(created->account));
    if (created->is_new)
        response.headers.emplace_back("Location", "/api/accounts/" + created->account.id.str());
    return response;
}

HttpResponse AccountApi::request_code(const std::string& body) {
    const auto request = read_code_request(body);
    if (!request) return to_problem(request.error());
    return answer_of(ports_.accounts.request_code(request->id, request->method, request->language));
}

HttpResponse AccountApi::verify(const std::string& body) {
    const auto answer = read_code_answer(body);
    if (!answer) return to_problem(answer.error());
    return answer_of(ports_.accounts.verify(answer->id, answer->code));
}

HttpResponse AccountApi::list(std::string_view query) {
    const std::string after = query_value(query, "after");
    const std::string wish = query_value(query, "limit");
    std::size_t limit = default_limit;
    const auto [end, error] = std::from_chars(wish.data(), wish.data() + wish.size(), limit);
    if (!wish.empty() &&
        (error != std::errc{} || end != wish.data() + wish.size() || limit < 1 || limit > max_limit))
        return problem(400, "Bad request", "limit: expected a number from 1 to 500");
    auto all = ports_.accounts.all();
    if (!all) return to_problem(all.error());
    Json data = Json::array();
    Json next;
    for (const AccountView& one : *all) {
        if (one.id.str() <= after) continue;
        if (data.size() == limit) {
            next = data.back()["account_id"];
            break;
        }
        data.push_back(to_json(one));
    }
    return json_response(200, {{"data", std::move(data)}, {"next", std::move(next)}});
}

HttpResponse AccountApi::health(const DeploymentId& id) {
    const auto account = ports_.accounts.find(id);
    if (!account) return to_problem(account.error());
    HealthParts parts{*account, {}, {}, {}, {}, {}};
    const auto traffic =
        ports_.records.traffic(account->channel, ports_.view.clock.wall() - std::chrono::hours(24));
    if (!traffic) return to_problem(traffic.error());
    const auto backlog = ports_.records.backlog(account->channel);
    if (!backlog) return to_problem(backlog.error());
    parts.traffic = *traffic;
    parts.backlog = *backlog;
    parts.agent = ports_.view.agent_of(id);
    parts.trouble = ports_.view.trouble_of(account->channel);
    if (!account->channel.empty()) parts.meta = ports_.accounts.ask_meta(id);
    return json_response(200, health_json(parts));
}

void AccountApi::remove(const DeploymentId& id, bool deregister, Responder respond) {
    auto shared = std::make_shared<Responder>(std::move(respond));
    const bool queued = ports_.workers.post([this, id, deregister, shared] {
        ports_.accounts.remove(id, deregister, [shared](AccountResult<RemovedAccount> done) {
            if (!done) return (*shared)(to_problem(done.error()));
            Json body = {{"account_id", done->id.str()},
                         {"status", "deleted"},
                         {"dead_lettered", done->dead_lettered}};
            if (!done->not_deregistered.empty()) body["not_deregistered_because"] = done->not_deregistered;
            (*shared)(json_response(200, body));
        });
    });
    if (!queued) (*shared)(problem(503, "Busy", "Too much work waits already; try again."));
}

}  // namespace parley
