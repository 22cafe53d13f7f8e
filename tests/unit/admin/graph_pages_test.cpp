// Templates and block lists over HTTP: what is asked of Meta, and how its words come back.
#include "admin/graph_pages.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakes/fake_exchange.hpp"

namespace parley {
namespace {

using nlohmann::json;

struct NotedGraph final : AccountGraph {
    std::vector<std::string> asked;
    std::optional<AccountFailure> refusal;

    AccountResult<TemplateItems> templates(const DeploymentId& id, const std::string& after, unsigned limit,
                                           const std::string& name) override {
        asked.push_back("templates " + id.str() + ' ' + after + ' ' + std::to_string(limit) + ' ' + name);
        if (refusal) return *refusal;
        return TemplateItems{{{"1", "hello", "en_US", "UTILITY", "APPROVED", R"([{"type":"BODY"}])"}},
                             "more"};
    }
    AccountResult<TemplateItem> create_template(const DeploymentId& id, const std::string& text) override {
        asked.push_back("create " + id.str() + ' ' + text);
        if (refusal) return *refusal;
        return TemplateItem{"2", "", "", "UTILITY", "PENDING", ""};
    }
    AccountResult<bool> remove_template(const DeploymentId& id, const std::string& name,
                                        const std::string& template_id) override {
        asked.push_back("remove " + id.str() + ' ' + name + ' ' + template_id);
        if (refusal) return *refusal;
        return true;
    }
    AccountResult<BlockedItems> blocked(const DeploymentId& id, const std::string& after,
                                        unsigned limit) override {
        asked.push_back("blocked " + id.str() + ' ' + after + ' ' + std::to_string(limit));
        if (refusal) return *refusal;
        return BlockedItems{{{"9198", ""}}, ""};
    }
    AccountResult<BlockOutcome> block(const DeploymentId& id, const std::vector<Recipient>& users,
                                      bool is_blocked) override {
        std::string line = (is_blocked ? "block " : "unblock ") + id.str();
        for (const Recipient& one : users) line += ' ' + (one.wa_id.empty() ? one.user_id : one.wa_id);
        asked.push_back(line);
        if (refusal) return *refusal;
        return BlockOutcome{{users.front()}, {{{"", "IN.48"}, "has not written"}}};
    }
};

class GraphPagesTest : public testing::Test {
  protected:
    GraphPagesTest() { pages_.add_routes(router_); }
    HttpResponse call(const std::string& method, const std::string& path, const std::string& body = "",
                      const std::string& key = "right") {
        FakeRequest request;
        request.verb = method;
        const auto question = path.find('?');
        request.where = "/api/accounts/shop/" + path.substr(0, question);
        if (question != std::string::npos) request.question = path.substr(question + 1);
        request.content = body;
        request.headers = {{"X-API-Key", key}};
        FakeExchange exchange;
        router_.handle(request, exchange.responder());
        return exchange.answer();
    }

    NotedGraph graph_;
    ApiGate gate_{
        {{{"api_key", Secret{"right"}, {ApiScope::admin}}, {"reader", Secret{"reads"}, {ApiScope::read}}},
         false}};
    Router router_;
    KeyedWorkers turns_{1, 16};
    GraphPages pages_{{graph_, gate_, workers_, turns_}};
    WorkerPool workers_{1, 16};  // last: it runs out before the rest goes
};

TEST_F(GraphPagesTest, lists_pages_of_templates) {
    const HttpResponse response = call("GET", "templates?limit=5&after=x&name=hello", "", "reads");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(json::parse(response.body), (json{{"data",
                                                 {{{"id", "1"},
                                                   {"name", "hello"},
                                                   {"language", "en_US"},
                                                   {"category", "UTILITY"},
                                                   {"status", "APPROVED"},
                                                   {"components", {{{"type", "BODY"}}}}}}},
                                                {"next", "more"}}));
    EXPECT_EQ(graph_.asked, std::vector<std::string>{"templates shop x 5 hello"});
    EXPECT_EQ(call("GET", "templates?limit=0").status, 400);
    EXPECT_EQ(call("GET", "templates?nam=hello").status, 400);
    EXPECT_EQ(graph_.asked.size(), 1U);
}

TEST_F(GraphPagesTest, creates_and_deletes_templates) {
    const std::string body =
        R"({"name":"hello","language":"en_US","category":"UTILITY","components":[{"type":"BODY","text":"Hi"}]})";
    const HttpResponse made = call("POST", "templates", body);
    EXPECT_EQ(made.status, 201);
    EXPECT_EQ(json::parse(made.body).at("name"), "hello");
    EXPECT_EQ(json::parse(made.body).at("status"), "PENDING");
    const HttpResponse wrong = call("POST", "templates", R"({"name":"hello"})");
    EXPECT_EQ(wrong.status, 422);
    EXPECT_EQ(json::parse(wrong.body).at("errors").size(), 3U);
    EXPECT_EQ(call("DELETE", "templates").status, 400);
    EXPECT_EQ(call("DELETE", "templates?name=hello&id=7").status, 200);
    EXPECT_EQ(graph_.asked, (std::vector<std::string>{"create shop " + body, "remove shop hello 7"}));
}

TEST_F(GraphPagesTest, puts_people_on_the_block_list_and_takes_them_off) {
    const HttpResponse listed = call("GET", "blocked", "", "reads");
    EXPECT_EQ(json::parse(listed.body),
              (json{{"data", {{{"wa_id", "9198"}, {"user_id", nullptr}}}}, {"next", nullptr}}));
    const HttpResponse blocked = call("POST", "blocked", R"({"users":["+91 98","IN.48"]})");
    EXPECT_EQ(blocked.status, 200);
    EXPECT_EQ(
        json::parse(blocked.body),
        (json{{"blocked", {{{"wa_id", "9198"}, {"user_id", nullptr}}}},
              {"failed", {{{"wa_id", nullptr}, {"user_id", "IN.48"}, {"reason", "has not written"}}}}}));
    EXPECT_TRUE(json::parse(call("DELETE", "blocked", R"({"users":["IN.48"]})").body).contains("unblocked"));
    EXPECT_EQ(graph_.asked,
              (std::vector<std::string>{"blocked shop  50", "block shop 9198 IN.48", "unblock shop IN.48"}));
    for (const char* body : {"", "[]", "{}", R"({"users":[]})", R"({"users":[7]})", R"({"users":"91"})",
                             R"({"users":["91"],"more":1})"})
        EXPECT_EQ(call("POST", "blocked", body).status, 422) << body;
    EXPECT_EQ(graph_.asked.size(), 3U);
}

TEST_F(GraphPagesTest, explains_what_meta_refuses_and_lets_readers_change_nothing) {
    graph_.refusal = AccountFailure(Errc::invalid_input, "the template exists already");
    graph_.refusal->graph_code = 100;
    graph_.refusal->remedy = "give it another name";
    const HttpResponse refused = call("DELETE", "templates?name=hello");
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(json::parse(refused.body).at("graph_code"), 100);
    EXPECT_EQ(json::parse(refused.body).at("remedy"), "give it another name");
    EXPECT_EQ(call("POST", "blocked", R"({"users":["91"]})", "reads").status, 403);
    EXPECT_EQ(call("DELETE", "templates?name=hello", "", "reads").status, 403);
    EXPECT_EQ(graph_.asked.size(), 1U);
}

}  // namespace
}  // namespace parley
