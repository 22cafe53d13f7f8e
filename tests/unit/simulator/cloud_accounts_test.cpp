// The pretended cloud's templates, blocked users, usage headers and expired tokens.
#include <gtest/gtest.h>

#include "fakes/fake_clock.hpp"
#include "fakes/fake_random.hpp"
#include "simulator/cloud.hpp"

namespace parley::sim {
namespace {

const char* const user = "919800000001";

class CloudAccountsTest : public ::testing::Test {
  protected:
    CloudAccountsTest() {
        CloudOptions options;
        options.app_secret = Secret("app secret");
        options.numbers = {{"111", "15550001111", "w1", "token", "Cards"}};
        cloud_ = std::make_unique<Cloud>(options, clock_, random_);
    }
    HttpResponse graph(const char* method, const std::string& node, const std::string& edge,
                       const std::string& query = "", const Json& body = nullptr,
                       const char* token = "Bearer token") {
        const std::string text = body.is_null() ? "" : body.dump();
        return cloud_
            ->graph({method, "v25.0", node, edge, token, query, "application/json", text, "http://sim.test"})
            .response;
    }
    HttpResponse create(const std::string& name,
                        const std::string& text = "Hi {{1}}, it is {{2}}. Bye {{1}}") {
        return graph("POST", "w1", "message_templates", "",
                     {{"name", name},
                      {"language", "en_US"},
                      {"category", "UTILITY"},
                      {"components", {{{"type", "BODY"}, {"text", text}}}}});
    }
    HttpResponse send_template(const std::string& name, std::size_t parameters) {
        Json list = Json::array();
        for (std::size_t i = 0; i < parameters; ++i) list.push_back({{"type", "text"}, {"text", "x"}});
        const Json body{{"messaging_product", "whatsapp"},
                        {"to", std::string("+") + user},
                        {"type", "template"},
                        {"template",
                         {{"name", name},
                          {"language", {{"code", "en_US"}}},
                          {"components", {{{"type", "body"}, {"parameters", list}}}}}}};
        return cloud_->send("v25.0", "111", "Bearer token", body.dump()).response;
    }
    HttpResponse block(const char* method, const std::string& who) {
        return graph(method, "111", "block_users", "",
                     {{"messaging_product", "whatsapp"}, {"block_users", {{{"user", who}}}}});
    }
    static int code(const HttpResponse& response) { return Json::parse(response.body)["error"]["code"]; }
    std::size_t webhooks() {
        std::size_t count = 0;
        for (const WebhookPost& post : cloud_->step(clock_.mono())) {
            cloud_->answered(post.id, {200, ""});
            ++count;
        }
        return count;
    }

    FakeClock clock_;
    FakeRandom random_;
    std::unique_ptr<Cloud> cloud_;
};

TEST_F(CloudAccountsTest, takes_any_template_until_there_is_one) {
    EXPECT_EQ(send_template("whatever", 3).status, 200);
    const HttpResponse made = create("welcome");
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(Json::parse(made.body)["status"], "PENDING");
    EXPECT_EQ(send_template("welcome", 2).status, 200);
    EXPECT_EQ(code(send_template("whatever", 2)), 132001);
    EXPECT_EQ(code(send_template("welcome", 3)), 132000);
    EXPECT_EQ(send_template("whatever", 2).status, 404);
}

TEST_F(CloudAccountsTest, sends_no_template_before_its_review) {
    ASSERT_TRUE(cloud_->change_behaviour({{"template_review_ms", 60'000}}));
    ASSERT_EQ(create("welcome").status, 200);
    EXPECT_EQ(code(send_template("welcome", 2)), 132001);
    clock_.advance(Millis{60'000});
    EXPECT_EQ(send_template("welcome", 2).status, 200);
}

TEST_F(CloudAccountsTest, lists_templates_in_pages) {
    for (const char* name : {"a", "b", "c"}) ASSERT_EQ(create(name).status, 200);
    Json page = Json::parse(graph("GET", "w1", "message_templates", "limit=2").body);
    ASSERT_EQ(page["data"].size(), 2U);
    EXPECT_EQ(page["data"][1]["name"], "b");
    EXPECT_EQ(page["data"][1]["status"], "APPROVED");
    const std::string after = page["paging"]["cursors"]["after"];
    EXPECT_TRUE(page["paging"].contains("next"));
    page = Json::parse(graph("GET", "w1", "message_templates", "limit=2&after=" + after).body);
    ASSERT_EQ(page["data"].size(), 1U);
    EXPECT_EQ(page["data"][0]["name"], "c");
    EXPECT_FALSE(page["paging"].contains("next"));
    EXPECT_EQ(code(graph("GET", "w1", "message_templates", "after=junk")), 131059);
}

TEST_F(CloudAccountsTest, refuses_templates_that_are_none) {
    EXPECT_EQ(code(create("With Spaces")), 100);
    ASSERT_EQ(create("twice").status, 200);
    EXPECT_EQ(code(create("twice")), 100);
    EXPECT_EQ(code(graph("POST", "w1", "message_templates", "", {{"name", "x"}})), 131008);
    EXPECT_EQ(code(graph("GET", "w9", "message_templates")), 100);
    EXPECT_EQ(code(graph("GET", "w1", "message_templates", "", nullptr, "Bearer wrong")), 190);
}

TEST_F(CloudAccountsTest, deletes_templates_by_name) {
    ASSERT_EQ(create("gone").status, 200);
    EXPECT_EQ(graph("DELETE", "w1", "message_templates", "name=gone").body, R"({"success":true})");
    EXPECT_EQ(code(graph("DELETE", "w1", "message_templates", "name=gone")), 100);
    EXPECT_EQ(code(send_template("gone", 2)), 132001);
}

TEST_F(CloudAccountsTest, blocks_only_who_wrote_within_a_day) {
    const HttpResponse refused = block("POST", user);
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(code(refused), 139100);
    EXPECT_EQ(Json::parse(refused.body)["block_users"]["failed_users"][0]["wa_id"], user);
    ASSERT_TRUE(cloud_->user_message({{"from", user}, {"text", "Hi"}}));
    const HttpResponse done = block("POST", std::string("+") + user);
    EXPECT_EQ(done.status, 200) << done.body;
    EXPECT_EQ(Json::parse(done.body)["block_users"]["added_users"][0]["wa_id"], user);
    EXPECT_EQ(Json::parse(graph("GET", "111", "block_users").body)["data"][0]["wa_id"], user);
}

TEST_F(CloudAccountsTest, hears_nothing_of_a_blocked_user_and_brings_it_nothing) {
    ASSERT_TRUE(cloud_->user_message({{"from", user}, {"text", "Hi"}}));
    ASSERT_EQ(webhooks(), 1U);
    ASSERT_EQ(block("POST", user).status, 200);
    ASSERT_TRUE(cloud_->user_message({{"from", user}, {"text", "Hello?"}}));
    EXPECT_EQ(webhooks(), 0U);
    const Json text{
        {"messaging_product", "whatsapp"}, {"to", user}, {"type", "text"}, {"text", {{"body", "x"}}}};
    ASSERT_EQ(cloud_->send("v25.0", "111", "Bearer token", text.dump()).response.status, 200);
    clock_.advance(Millis{1000});
    const auto posts = cloud_->step(clock_.mono());
    ASSERT_EQ(posts.size(), 1U);
    EXPECT_NE(posts[0].body.find("131026"), std::string::npos);
    cloud_->answered(posts[0].id, {200, ""});
    ASSERT_EQ(block("DELETE", user).status, 200);
    ASSERT_TRUE(cloud_->user_message({{"from", user}, {"text", "Back"}}));
    EXPECT_EQ(webhooks(), 1U);
}

TEST_F(CloudAccountsTest, tells_usage_when_asked_to) {
    const auto header = [](const HttpResponse& response, std::string_view name) -> std::string {
        for (const auto& [key, value] : response.headers)
            if (key == name) return value;
        return {};
    };
    EXPECT_EQ(header(graph("GET", "111", ""), "X-App-Usage"), "");
    ASSERT_TRUE(cloud_->change_behaviour({{"usage_percent", 100}, {"regain_access_minutes", 7}}));
    for (const HttpResponse& response : {graph("GET", "111", ""), send_template("x", 0)}) {
        const Json usage = Json::parse(header(response, "X-Business-Use-Case-Usage"));
        EXPECT_EQ(usage["w1"][0]["call_count"], 100);
        EXPECT_EQ(usage["w1"][0]["estimated_time_to_regain_access"], 7);
        EXPECT_EQ(Json::parse(header(response, "X-App-Usage"))["call_count"], 100);
    }
}

TEST_F(CloudAccountsTest, lets_tokens_expire_by_a_switch) {
    ASSERT_TRUE(cloud_->change_behaviour({{"token_expired", true}}));
    for (const HttpResponse& response :
         {graph("GET", "111", ""), graph("GET", "w1", "message_templates"), send_template("x", 0)}) {
        EXPECT_EQ(response.status, 401);
        EXPECT_EQ(code(response), 190);
        EXPECT_EQ(Json::parse(response.body)["error"]["error_subcode"], 463);
    }
}

}  // namespace
}  // namespace parley::sim
