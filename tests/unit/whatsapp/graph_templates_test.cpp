#include "whatsapp/graph_templates.hpp"

#include <gtest/gtest.h>

#include "fakes/fake_http_client.hpp"

namespace parley {
namespace {

constexpr const char* token = "EAATOKENVALUE";

struct GraphTemplatesTest : testing::Test {
    FakeHttpClient http;
    GraphTemplates templates{{.graph_url = "https://graph.example"}, http};
    std::optional<GraphResult<TemplatePage>> page;
    std::optional<GraphResult<MessageTemplate>> made;
    std::optional<GraphResult<void>> removed;

    static DeploymentPtr account(const char* waba = "w1") {
        Deployment deployment;
        deployment.channel = PhoneNumberId("111");
        deployment.waba_id = waba;
        deployment.access_token = Secret(token);
        return std::make_shared<const Deployment>(deployment);
    }
    void list(const TemplateQuery& query, DeploymentPtr from = account()) {
        templates.list(query, std::move(from), [this](auto result) { page.emplace(std::move(result)); });
    }
    void create(std::string json) {
        templates.create(std::move(json), account(),
                         [this](auto result) { made.emplace(std::move(result)); });
    }
    HttpCall call(std::size_t number) { return http.wait_for_call(number).value().second; }
};

TEST_F(GraphTemplatesTest, lists_page_by_page) {
    list({.limit = 2});
    EXPECT_EQ(call(1).url,
              "https://graph.example/v25.0/w1/"
              "message_templates?fields=id,name,language,category,status,components&limit=2");
    EXPECT_EQ(call(1).headers.at(0).second, std::string("Bearer ") + token);
    http.answer(
        1, 200,
        R"({"data":[{"id":7,"name":"welcome","language":"en_US","category":"UTILITY","status":"APPROVED",)"
        R"("components":[{"type":"BODY","text":"Hi"}]}],"paging":{"cursors":{"after":"a=="},"next":"https://x"}})");
    ASSERT_TRUE(*page);
    ASSERT_EQ((*page)->templates.size(), 1U);
    const MessageTemplate& first = (*page)->templates[0];
    EXPECT_EQ(first.id, "7");
    EXPECT_EQ(first.name, "welcome");
    EXPECT_EQ(first.status, "APPROVED");
    EXPECT_EQ(first.components_json, R"([{"text":"Hi","type":"BODY"}])");
    EXPECT_EQ((*page)->after, "a==");
    list({.after = "a==", .name = "wel come"});
    EXPECT_TRUE(call(2).url.ends_with("&limit=100&after=a%3D%3D&name=wel%20come")) << call(2).url;
    http.answer(2, 200, R"({"data":[],"paging":{"cursors":{"after":"b"}}})");
    EXPECT_EQ((*page)->after, "") << "a page without next is the last";
}

TEST_F(GraphTemplatesTest, says_which_cursor_or_account_is_wrong) {
    list({});
    http.answer(1, 400, R"({"error":{"message":"(#131059) Invalid paging cursor","code":131059}})");
    EXPECT_EQ(page->error().code, 131059);
    list({}, account(""));
    EXPECT_NE(page->error().reason.find("waba_id"), std::string::npos);
    EXPECT_EQ(http.started_calls(), 1U);
}

TEST_F(GraphTemplatesTest, creates) {
    create(R"({"name":"welcome"})");
    EXPECT_EQ(call(1).method, "POST");
    EXPECT_EQ(call(1).body, R"({"name":"welcome"})");
    http.answer(1, 200, R"({"id":"77","status":"PENDING","category":"UTILITY"})");
    EXPECT_EQ((*made)->id, "77");
    EXPECT_EQ((*made)->status, "PENDING");
    create("nonsense");
    EXPECT_FALSE(*made);
    EXPECT_EQ(http.started_calls(), 1U);
    create("{}");
    http.answer(2, 400, R"({"error":{"message":"limit","code":100,"error_subcode":2388019}})");
    EXPECT_EQ(made->error().subcode, 2388019);
    EXPECT_EQ(made->error().error_class, ErrorClass::request);
}

TEST_F(GraphTemplatesTest, deletes_by_name_and_id) {
    templates.remove("welcome", "7", account(), [this](auto result) { removed.emplace(std::move(result)); });
    EXPECT_EQ(call(1).method, "DELETE");
    EXPECT_EQ(call(1).url, "https://graph.example/v25.0/w1/message_templates?name=welcome&hsm_id=7");
    http.answer(1, 200, R"({"success":true})");
    EXPECT_TRUE(*removed);
    templates.remove("", "", account(), [this](auto result) { removed.emplace(std::move(result)); });
    EXPECT_FALSE(*removed);
}

}  // namespace
}  // namespace parley
