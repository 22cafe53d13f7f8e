#include "whatsapp/graph_block_list.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakes/fake_http_client.hpp"

namespace parley {
namespace {

struct GraphBlockListTest : testing::Test {
    FakeHttpClient http;
    GraphBlockList blocked{{.graph_url = "https://graph.example"}, http};
    std::optional<GraphResult<BlockedPage>> page;
    std::optional<GraphResult<BlockChange>> change;

    static DeploymentPtr account() {
        Deployment deployment;
        deployment.channel = PhoneNumberId("111");
        deployment.access_token = Secret("EAATOKENVALUE");
        return std::make_shared<const Deployment>(deployment);
    }
    void add(const std::vector<Recipient>& users) {
        blocked.add(users, account(), [this](auto result) { change.emplace(std::move(result)); });
    }
    HttpCall call(std::size_t number) { return http.wait_for_call(number).value().second; }
};

TEST_F(GraphBlockListTest, blocks_by_number_or_user_id) {
    add({{"919800000001", "IN.1"}, {"", "IN.2"}});
    EXPECT_EQ(call(1).method, "POST");
    EXPECT_EQ(call(1).url, "https://graph.example/v25.0/111/block_users");
    EXPECT_EQ(
        nlohmann::json::parse(call(1).body),
        nlohmann::json::parse(
            R"({"messaging_product":"whatsapp","block_users":[{"user":"+919800000001"},{"user_id":"IN.2"}]})"));
    http.answer(
        1, 200,
        R"({"block_users":{"added_users":[{"input":"x","wa_id":"919800000001"},{"user_id":"IN.2"}]}})");
    ASSERT_TRUE(*change);
    ASSERT_EQ((*change)->done.size(), 2U);
    EXPECT_EQ((*change)->done[0].wa_id, "919800000001");
    EXPECT_EQ((*change)->done[1].user_id, "IN.2");
    EXPECT_TRUE((*change)->failed.empty());
}

TEST_F(GraphBlockListTest, tells_what_was_done_in_part) {
    add({{"91", ""}, {"92", ""}});
    http.answer(1, 400,
                R"({"block_users":{"added_users":[{"wa_id":"91"}],"failed_users":[{"wa_id":"92","errors":[)"
                R"({"code":139100,"message":"m","error_data":{"details":"has not written"}}]}]},)"
                R"("error":{"message":"(#139100) Failed to block some users","code":139100}})");
    ASSERT_TRUE(*change);
    ASSERT_EQ((*change)->failed.size(), 1U);
    EXPECT_EQ((*change)->failed[0].user.wa_id, "92");
    EXPECT_EQ((*change)->failed[0].reason, "has not written");
}

TEST_F(GraphBlockListTest, says_why_nothing_was_done) {
    add({});
    EXPECT_FALSE(*change);
    EXPECT_EQ(http.started_calls(), 0U);
    add({{"91", ""}});
    http.answer(1, 400, R"({"error":{"message":"(#139101) full EAATOKENVALUE","code":139101}})");
    EXPECT_EQ(change->error().code, 139101);
    EXPECT_EQ(change->error().reason, "(#139101) full ***");
    EXPECT_EQ(change->error().meaning, "the block list is full");
    add({{"91", ""}});
    http.answer(2, 400, R"({"error":{"message":"(#139100) none","code":139100}})");
    EXPECT_FALSE(*change);
}

TEST_F(GraphBlockListTest, unblocks_and_lists) {
    blocked.remove({{"91", ""}}, account(), [this](auto result) { change.emplace(std::move(result)); });
    EXPECT_EQ(call(1).method, "DELETE");
    http.answer(1, 200, R"({"block_users":{"removed_users":[{"wa_id":"91"}]}})");
    EXPECT_EQ((*change)->done.size(), 1U);
    blocked.list("c=", account(), [this](auto result) { page.emplace(std::move(result)); });
    EXPECT_EQ(call(2).url, "https://graph.example/v25.0/111/block_users?limit=100&after=c%3D");
    http.answer(2, 200, R"({"data":[{"wa_id":"91"}],"paging":{"cursors":{"after":"d"},"next":"https://x"}})");
    ASSERT_TRUE(*page);
    EXPECT_EQ((*page)->users.at(0).wa_id, "91");
    EXPECT_EQ((*page)->after, "d");
}

}  // namespace
}  // namespace parley
