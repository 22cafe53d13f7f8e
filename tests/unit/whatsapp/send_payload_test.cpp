#include "whatsapp/send_payload.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace parley {
namespace {

OutboundMessage message_with(const std::string& payload) {
    OutboundMessage message;
    message.to = {"919800000001", "IN.4812"};
    message.callback = "p1.01K5TESTULID";
    message.payload_json = payload;
    return message;
}

TEST(SendPayload, puts_the_native_object_into_its_frame_as_it_is) {
    const auto body = to_graph_body(
        message_with(R"({"type":"text","text":{"body":"caf\u00e9"},"context":{"message_id":"w"}})"));
    ASSERT_TRUE(body);
    EXPECT_EQ(*body, R"({"messaging_product":"whatsapp","recipient_type":"individual","to":"+919800000001",)"
                     R"("biz_opaque_callback_data":"p1.01K5TESTULID",)"
                     R"("type":"text","text":{"body":"caf\u00e9"},"context":{"message_id":"w"}})");
}

TEST(SendPayload, goes_to_the_user_id_only_without_a_number) {
    OutboundMessage message = message_with(R"({"type":"text","text":{"body":"x"}})");
    message.to.wa_id.clear();
    const auto body = nlohmann::json::parse(*to_graph_body(message));
    EXPECT_EQ(body["recipient"], "IN.4812");
    EXPECT_FALSE(body.contains("to"));
}

TEST(SendPayload, does_not_let_the_payload_choose_who_gets_it) {
    const auto body = to_graph_body(message_with(
        R"({"to":"+1","\u0074o":"+2","recipient":"IN.9","recipient_type":"group","messaging_product":"x","biz_opaque_callback_data":"mine","type":"text","text":{"body":"x"}})"));
    ASSERT_TRUE(body);
    EXPECT_EQ(*body, *to_graph_body(message_with(R"({"type":"text","text":{"body":"x"}})")));
}

TEST(SendPayload, refuses_what_cannot_be_sent) {
    for (const char* payload : {"", "[]", "{\"type\":", "7"}) {
        const auto body = to_graph_body(message_with(payload));
        ASSERT_FALSE(body) << payload;
        EXPECT_EQ(body.error().code(), Errc::invalid_input);
    }
    OutboundMessage nobody = message_with("{}");
    nobody.to = {};
    EXPECT_FALSE(to_graph_body(nobody));
}

TEST(SendPayload, marks_read_with_or_without_typing) {
    EXPECT_EQ(to_presence_body(MessageId("wamid.A1"), false),
              R"({"messaging_product":"whatsapp","status":"read","message_id":"wamid.A1"})");
    EXPECT_EQ(
        to_presence_body(MessageId("wamid.A1"), true),
        R"({"messaging_product":"whatsapp","status":"read","message_id":"wamid.A1","typing_indicator":{"type":"text"}})");
}

}  // namespace
}  // namespace parley
