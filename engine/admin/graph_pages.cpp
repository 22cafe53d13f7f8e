#include "admin/graph_pages.hpp"

#include "admin/account_api.hpp"
#include "admin/account_request.hpp"
#include "admin/list_query.hpp"
#include "core/recipient_text.hpp"

namespace parley {
namespace {

constexpr std::size_t longest_user = 128;

DeploymentId account_of(const ApiCall& call) {
    return DeploymentId(call.path.at(0));
}

Json to_json(const TemplateItem& item) {
    Json components = Json::parse(item.components_json, nullptr, false);
    if (components.is_discarded()) components = nullptr;
    return {{"id", item.id},
            {"name", text_or_null(item.name)},
            {"language", text_or_null(item.language)},
            {"category", text_or_null(item.category)},
            {"status", text_or_null(item.status)},
            {"components", std::move(components)}};
}

Json to_json(const Recipient& user) {
    return {{"wa_id", text_or_null(user.wa_id)}, {"user_id", text_or_null(user.user_id)}};
}

AccountResult<std::vector<Recipient>> read_users(const std::string& text) {
    BodyReader body(text);
    if (!body.mistakes().empty()) return refused(std::move(body.mistakes()));
    body.only({"users"});
    body.must_have("users");
    std::vector<Recipient> users;
    const auto& list = body.object().value("users", nlohmann::json::array());
    if (body.has("users") && (!list.is_array() || list.empty()))
        body.wrong("users", "expected a list of phone numbers, or of WhatsApp's user ids");
    for (std::size_t i = 0; list.is_array() && i < list.size(); ++i) {
        const std::string user = list[i].is_string() ? list[i].get<std::string>() : std::string();
        if (user.empty() || user.size() > longest_user)
            body.wrong("users[" + std::to_string(i) + "]", "expected a phone number or a user id, as a text");
        else
            users.push_back(to_recipient(user));
    }
    if (!body.mistakes().empty()) return refused(std::move(body.mistakes()));
    return users;
}

}  // namespace

void GraphPages::add_routes(Router& router) {
    ApiPages pages(router, ports_.gate, ports_.workers);
    const auto add = [&](const char* method, const char* pattern, ApiScope scope, ApiPages::Answer answer) {
        pages.add_late(method, pattern, scope,
                       [this, answer = std::move(answer)](const ApiCall& call, ResponderPtr respond) {
                           answer_in_turn(ports_.turns, account_of(call), call.request_id, std::move(respond),
                                          [answer, call] { return answer(call); });
                       });
    };
    const char* const templates = "/api/accounts/{account}/templates";
    const char* const blocked = "/api/accounts/{account}/blocked";
    add("GET", templates, ApiScope::read, [this](const ApiCall& call) { return list_templates(call); });
    add("POST", templates, ApiScope::admin, [this](const ApiCall& call) { return create_template(call); });
    add("DELETE", templates, ApiScope::admin, [this](const ApiCall& call) { return remove_template(call); });
    add("GET", blocked, ApiScope::read, [this](const ApiCall& call) { return list_blocked(call); });
    add("POST", blocked, ApiScope::admin, [this](const ApiCall& call) { return block(call, true); });
    add("DELETE", blocked, ApiScope::admin, [this](const ApiCall& call) { return block(call, false); });
}

HttpResponse GraphPages::list_templates(const ApiCall& call) {
    const auto query = read_list(call.query, {"name"});
    if (!query) return to_problem(query.error());
    const auto page = ports_.graph.templates(
        account_of(call), query->after, static_cast<unsigned>(query->limit), query_value(call.query, "name"));
    if (!page) return to_problem(page.error());
    Json data = Json::array();
    for (const TemplateItem& one : page->templates) data.push_back(to_json(one));
    return list_response(std::move(data), page->next);
}

HttpResponse GraphPages::create_template(const ApiCall& call) {
    BodyReader body(call.body);
    if (!body.mistakes().empty()) return to_problem(refused(std::move(body.mistakes())));
    for (const char* needed : {"name", "language", "category", "components"}) body.must_have(needed);
    if (!body.mistakes().empty()) return to_problem(refused(std::move(body.mistakes())));
    auto made = ports_.graph.create_template(account_of(call), call.body);
    if (!made) return to_problem(made.error());
    if (made->name.empty()) made->name = body.text("name");
    if (made->language.empty()) made->language = body.text("language");
    return json_response(201, to_json(*made));
}

HttpResponse GraphPages::remove_template(const ApiCall& call) {
    if (const auto checked = has_only(call.query, {"name", "id"}); !checked)
        return to_problem(checked.error());
    const std::string name = query_value(call.query, "name");
    if (name.empty())
        return problem(400, "Bad request",
                       "name: expected the template's; with id only that language of it goes");
    const auto gone = ports_.graph.remove_template(account_of(call), name, query_value(call.query, "id"));
    if (!gone) return to_problem(gone.error());
    return json_response(200, {{"name", name}, {"status", "deleted"}});
}

HttpResponse GraphPages::list_blocked(const ApiCall& call) {
    const auto query = read_list(call.query);
    if (!query) return to_problem(query.error());
    const auto page =
        ports_.graph.blocked(account_of(call), query->after, static_cast<unsigned>(query->limit));
    if (!page) return to_problem(page.error());
    Json data = Json::array();
    for (const Recipient& user : page->users) data.push_back(to_json(user));
    return list_response(std::move(data), page->next);
}

HttpResponse GraphPages::block(const ApiCall& call, bool is_blocked) {
    const auto users = read_users(call.body);
    if (!users) return to_problem(users.error());
    const auto outcome = ports_.graph.block(account_of(call), *users, is_blocked);
    if (!outcome) return to_problem(outcome.error());
    Json done = Json::array(), failed = Json::array();
    for (const Recipient& user : outcome->done) done.push_back(to_json(user));
    for (const BlockOutcome::Failed& one : outcome->failed) {
        Json user = to_json(one.user);
        user["reason"] = text_or_null(one.reason);
        failed.push_back(std::move(user));
    }
    return json_response(
        200, {{is_blocked ? "blocked" : "unblocked", std::move(done)}, {"failed", std::move(failed)}});
}

}  // namespace parley
