// Message templates at the Graph API: listing, creating, deleting.
#pragma once

#include <string>
#include <vector>

#include "base/unique_function.hpp"
#include "core/account_registry.hpp"
#include "whatsapp/graph_call.hpp"
#include "whatsapp/graph_failure.hpp"

namespace parley {

struct MessageTemplate {
    std::string id, name, language, category;
    std::string status;           // APPROVED, PENDING, REJECTED, PAUSED … an open set
    std::string components_json;  // an array; empty: not told
};

struct TemplatePage {
    std::vector<MessageTemplate> templates;
    std::string after;  // for the next page; empty: this was the last
};

struct TemplateQuery {
    unsigned limit = 100;
    std::string after;  // of the page before
    std::string name;   // only this one, in all languages; empty: all
};

// Of the account's waba_id. Any thread; `done` as in GraphMedia.
class GraphTemplates {
  public:
    GraphTemplates(GraphOptions options, HttpClient& http);

    void list(const TemplateQuery& query, DeploymentPtr account, Completion<GraphResult<TemplatePage>> done);

    // `template_json` is Graph's own object: name, language, category, components … Gives its id, category and status,
    // which is PENDING as a rule.
    void create(std::string template_json, DeploymentPtr account,
                Completion<GraphResult<MessageTemplate>> done);

    // All languages of a name, or with `id` that one only. Meta keeps the name blocked for 30 days.
    void remove(const std::string& name, const std::string& id, DeploymentPtr account,
                Completion<GraphResult<void>> done);

  private:
    GraphCaller caller_;
    HttpClient& http_;
};

}  // namespace parley
