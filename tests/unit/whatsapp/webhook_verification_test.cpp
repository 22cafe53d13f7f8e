#include "whatsapp/webhook_verification.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

const std::vector<Secret> tokens{Secret("my token"), Secret("second+one")};

int status(std::string_view query) {
    return answer_verification(query, tokens).status;
}

TEST(WebhookVerification, echoes_the_challenge_and_nothing_else) {
    const auto answer = answer_verification(
        "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=my%20token", tokens);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "1158201444");
    EXPECT_TRUE(answer.content_type.starts_with("text/plain"));
}

TEST(WebhookVerification, takes_the_keys_in_any_order_and_any_of_the_tokens) {
    EXPECT_EQ(status("hub.verify_token=second%2Bone&hub.challenge=1&hub.mode=subscribe"), 200);
    EXPECT_EQ(status("hub.challenge=1&hub.verify_token=my+token&hub.mode=subscribe"), 200);
}

TEST(WebhookVerification, takes_the_bare_names_only_without_any_hub_name) {
    EXPECT_EQ(status("mode=subscribe&challenge=test123&verify_token=my%20token"), 200);
    EXPECT_EQ(status("mode=subscribe&challenge=test123&verify_token=my%20token&hub.x=1"), 403);
    EXPECT_EQ(status("mode=subscribe&challenge=test123&verify_token=my%20token&hub%2Emode=subscribe"), 403);
}

TEST(WebhookVerification, refuses_without_saying_why) {
    std::string first;
    for (const char* query :
         {"", "hub.mode=subscribe", "hub.mode=subscribe&hub.challenge=1&hub.verify_token=wrong",
          "hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=my%20token",
          "hub.challenge=1&hub.verify_token=my%20token", "hub.mode=subscribe&hub.verify_token=my%20token",
          "hub.mode=subscribe&hub.challenge=1&hub.verify_token="}) {
        const auto answer = answer_verification(query, tokens);
        EXPECT_EQ(answer.status, 403) << query;
        if (first.empty()) first = answer.body;
        EXPECT_EQ(answer.body, first) << query;
        EXPECT_EQ(answer.body.find("my token"), std::string::npos);
    }
}

TEST(WebhookVerification, echoes_no_markup_and_no_book) {
    const std::string valid = "hub.mode=subscribe&hub.verify_token=my%20token&hub.challenge=";
    EXPECT_EQ(status(valid + "<script>"), 403);
    EXPECT_EQ(status(valid + "%3Cscript%3E"), 403);
    EXPECT_EQ(status(valid + "a%0d%0ab"), 403);
    EXPECT_EQ(status(valid + std::string(256, '7')), 200);
    EXPECT_EQ(status(valid + std::string(257, '7')), 403);
}

TEST(WebhookVerification, has_no_default_token) {
    for (const auto& none : {std::vector<Secret>(), std::vector<Secret>{Secret("")}}) {
        EXPECT_EQ(answer_verification("hub.mode=subscribe&hub.challenge=1&hub.verify_token=", none).status,
                  403);
        EXPECT_EQ(answer_verification("mode=subscribe&challenge=1", none).status, 403);
    }
}

}  // namespace
}  // namespace parley
