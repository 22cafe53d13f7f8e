#include "admin/account_api.hpp"

#include <stdexcept>

#include "admin/account_json.hpp"
#include "admin/account_patch.hpp"
#include "admin/account_request.hpp"
#include "admin/list_query.hpp"

namespace parley {
namespace {

int status_of(const AccountFailure& failure) {
    if (failure.is_outdated) return 412;
    switch (failure.kind) {
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
        case 412:
            return "Precondition Failed";
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
    if (!result) return to_problem(result.error());
    HttpResponse response = json_response(200, to_json(*result));
    if (result->version != 0) response.headers.emplace_back("ETag", etag_of(result->version));
    return response;
}

DeploymentId account_of(const ApiCall& call) {
    return DeploymentId(call.path.at(0));
}

}  // namespace

void throw_exception_from_error(const AccountFailure& failure, const boost::source_location&) {
    throw std::logic_error("no account: " + failure.message);
}

HttpResponse to_problem(const AccountFailure& failure) {
    const int status = status_of(failure);
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

void answer_in_turn(KeyedWorkers& turns, const DeploymentId& account, const std::string& request_id,
                    ResponderPtr respond, std::function<HttpResponse()> answer) {
    const bool queued = turns.post(account.str(), [respond, request_id, answer = std::move(answer)] {
        (*respond)(answer_safely(request_id, answer));
    });
    if (!queued) (*respond)(too_busy());
}

void AccountApi::add_routes(Router& router) {
    ApiPages pages(router, ports_.gate, ports_.workers);
    add_setup(pages);
    pages.add("GET", "/api/accounts", ApiScope::read,
              [this](const ApiCall& call) { return list(call.query); });
    pages.add("GET", "/api/accounts/{account}", ApiScope::read,
              [this](const ApiCall& call) { return answer_of(ports_.accounts.find(account_of(call))); });
    const auto in_turn = [this](ApiPages::Answer answer) {
        return [this, answer = std::move(answer)](const ApiCall& call, ResponderPtr respond) {
            answer_in_turn(ports_.turns, account_of(call), call.request_id, std::move(respond),
                           [answer, call] { return answer(call); });
        };
    };
    pages.add_late("PATCH", "/api/accounts/{account}", ApiScope::admin, in_turn([this](const ApiCall& call) {
                       return answer_of(ports_.accounts.change(account_of(call), call.body, call.if_match));
                   }));
    for (const bool pauses : {true, false})
        pages.add_late("POST", pauses ? "/api/accounts/{account}/pause" : "/api/accounts/{account}/resume",
                       ApiScope::admin, in_turn([this, pauses](const ApiCall& call) {
                           return answer_of(ports_.accounts.pause(account_of(call), pauses));
                       }));
    pages.add_late("GET", "/api/bsp/account-health/{account}", ApiScope::read,
                   in_turn([this](const ApiCall& call) { return health(account_of(call)); }));
}

// Their accounts stand in the bodies.
void AccountApi::add_setup(ApiPages& pages) {
    pages.add_late("POST", "/api/bsp/create-account", ApiScope::admin,
                   [this](const ApiCall& call, ResponderPtr respond) {
                       auto order = read_new_account(call.body);
                       if (!order) return (*respond)(to_problem(order.error()));
                       const DeploymentId id = order->id;
                       answer_in_turn(ports_.turns, id, call.request_id, std::move(respond),
                                      [this, order = std::move(*order)] { return create(order); });
                   });
    pages.add_late(
        "POST", "/api/bsp/request-verification", ApiScope::admin,
        [this](const ApiCall& call, ResponderPtr respond) {
            const auto asked = read_code_request(call.body);
            if (!asked) return (*respond)(to_problem(asked.error()));
            answer_in_turn(
                ports_.turns, asked->id, call.request_id, std::move(respond), [this, asked = *asked] {
                    return answer_of(ports_.accounts.request_code(asked.id, asked.method, asked.language));
                });
        });
    pages.add_late(
        "POST", "/api/bsp/verify-phone", ApiScope::admin, [this](const ApiCall& call, ResponderPtr respond) {
            const auto told = read_code_answer(call.body);
            if (!told) return (*respond)(to_problem(told.error()));
            answer_in_turn(ports_.turns, told->id, call.request_id, std::move(respond), [this, told = *told] {
                return answer_of(ports_.accounts.verify(told.id, told.code));
            });
        });
    pages.add_late(
        "DELETE", "/api/bsp/delete-account/{account}", ApiScope::admin,
        [this](const ApiCall& call, ResponderPtr respond) {
            const std::string wish = query_value(call.query, "deregister");
            if (!wish.empty() && wish != "true" && wish != "false")
                return (*respond)(problem(400, "Bad request", "deregister: expected true or false"));
            remove(account_of(call), wish == "true", respond);
        });
}

HttpResponse AccountApi::create(NewAccount order) {
    const auto created = ports_.accounts.create(std::move(order));
    if (!created) return to_problem(created.error());
    HttpResponse response = answer_of(created->account);
    if (!created->is_new) return response;
    response.status = 201;
    response.headers.emplace_back("Location", "/api/accounts/" + created->account.id.str());
    return response;
}

HttpResponse AccountApi::list(std::string_view query) {
    const auto page = read_list(query);
    if (!page) return to_problem(page.error());
    auto all = ports_.accounts.all();
    if (!all) return to_problem(all.error());
    Json data = Json::array();
    for (const AccountView& one : *all) {
        if (one.id.str() <= page->after) continue;
        if (data.size() == page->limit) {
            const std::string last = data.back()["account_id"];
            return list_response(std::move(data), last);
        }
        data.push_back(to_json(one));
    }
    return list_response(std::move(data), {});
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

void AccountApi::remove(const DeploymentId& id, bool deregister, const ResponderPtr& respond) {
    const bool queued = ports_.turns.post(id.str(), [this, id, deregister, respond] {
        ports_.accounts.remove(id, deregister, [respond](AccountResult<RemovedAccount> done) {
            if (!done) return (*respond)(to_problem(done.error()));
            Json body = {{"account_id", done->id.str()},
                         {"status", "deleted"},
                         {"dead_lettered", done->dead_lettered}};
            if (!done->not_deregistered.empty()) body["not_deregistered_because"] = done->not_deregistered;
            (*respond)(json_response(200, body));
        });
    });
    if (!queued) (*respond)(too_busy());
}

}  // namespace parley
