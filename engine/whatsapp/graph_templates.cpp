#include "whatsapp/graph_templates.hpp"

#include "whatsapp/graph_answer.hpp"

namespace parley {
namespace {

std::optional<GraphFailure> check_call(const DeploymentPtr& account) {
    if (!account || account->access_token.empty())
        return refused_call(ErrorClass::token, "the deployment has no access token");
    if (!is_path_safe(account->waba_id))
        return refused_call(ErrorClass::request, "the deployment has no waba_id, to which templates belong");
    return std::nullopt;
}

std::string templates_of(const Deployment& account) {
    return account.waba_id + "/message_templates";
}

MessageTemplate read_template(const GraphJson& item) {
    MessageTemplate made{text_of(item, "id"),       text_of(item, "name"),   text_of(item, "language"),
                         text_of(item, "category"), text_of(item, "status"), {}};
    if (const GraphJson& components = member_of(item, "components"); components.is_array())
        made.components_json = components.dump();
    return made;
}

TemplatePage read_page(const HttpReply& reply) {
    const GraphJson root = parse_answer(reply.body);
    TemplatePage page;
    if (const GraphJson& data = member_of(root, "data"); data.is_array())
        for (const GraphJson& item : data) page.templates.push_back(read_template(item));
    page.after = next_cursor(root);
    return page;
}

}  // namespace

GraphTemplates::GraphTemplates(GraphOptions options, HttpClient& http)
    : caller_(std::move(options)), http_(http) {}

void GraphTemplates::list(const TemplateQuery& query, DeploymentPtr account,
                          Completion<GraphResult<TemplatePage>> done) {
    if (auto refused = check_call(account)) return done(std::move(*refused));
    std::string path = templates_of(*account) + "?fields=id,name,language,category,status,components&limit=" +
                       std::to_string(query.limit);
    if (!query.after.empty()) path += "&after=" + percent_encode(query.after);
    if (!query.name.empty()) path += "&name=" + percent_encode(query.name);
    http_.start(caller_.make("GET", path, account->access_token),
                [account, done = std::move(done)](HttpOutcome outcome) mutable {
                    if (auto failure = find_failure(outcome, account->access_token))
                        return done(std::move(*failure));
                    done(read_page(*outcome.reply));
                });
}

void GraphTemplates::create(std::string template_json, DeploymentPtr account,
                            Completion<GraphResult<MessageTemplate>> done) {
    if (auto refused = check_call(account)) return done(std::move(*refused));
    if (!parse_answer(template_json).is_object())
        return done(refused_call(ErrorClass::request, "a template is a JSON object"));
    http_.start(
        caller_.make_json("POST", templates_of(*account), account->access_token, std::move(template_json)),
        [account, done = std::move(done)](HttpOutcome outcome) mutable {
            if (auto failure = find_failure(outcome, account->access_token)) return done(std::move(*failure));
            MessageTemplate made = read_template(parse_answer(outcome.reply->body));
            if (made.id.empty())
                return done(refused_call(ErrorClass::retry, "Graph's answer has no template id"));
            done(std::move(made));
        });
}

void GraphTemplates::remove(const std::string& name, const std::string& id, DeploymentPtr account,
                            Completion<GraphResult<void>> done) {
    if (auto refused = check_call(account)) return done(std::move(*refused));
    if (name.empty()) return done(refused_call(ErrorClass::request, "a template is deleted by its name"));
    std::string path = templates_of(*account) + "?name=" + percent_encode(name);
    if (!id.empty()) path += "&hsm_id=" + percent_encode(id);
    http_.start(caller_.make("DELETE", path, account->access_token),
                [account, done = std::move(done)](HttpOutcome outcome) mutable {
                    if (auto failure = find_failure(outcome, account->access_token))
                        return done(std::move(*failure));
                    done(GraphResult<void>{});
                });
}

}  // namespace parley
