// The forwarder in a FakeHost, and the messages that the tests send through it.
#pragma once

#include <string>
#include <string_view>

#include <parley/testing/agent_test.hpp>

namespace forwarder::tests {

using std::chrono::milliseconds;
using std::chrono::seconds;

inline constexpr const char* bot_url = "https://bot.test/webhook";

// As the engine writes it: not ASCII as it came, Meta's escapes in `message` untouched.
inline const std::string hindi_text =
    R"({"message_id":"wamid.HBgMOTE5ODAwMDAwMDAxFQIAEhgU",)"
    R"("from":"+919800000001","content":"नमस्ते 🙏 \"card\"\n?",)"
    R"("message_type":"text","timestamp":"2026-09-21T14:13:20Z",)"
    R"("context":{"message_id":"wamid.before","from":"+918000000000"},)"
    R"("business_info":{"name":"Jupiter","phone":"+918000000000"},)"
    R"("metadata":{"deployment_id":"edge","account_id":"edge"},)"
    R"("user_id":"","profile_name":"आशा","message":{"from":"919800000001",)"
    R"("id":"wamid.HBgMOTE5ODAwMDAwMDAxFQIAEhgU","timestamp":"1790000000",)"
    R"("text":{"body":"\u0928\u092e\u0938\u094d\u0924\u0947 \ud83d\ude4f"},)"
    R"("type":"text"}})";

inline const std::string image =
    R"({"message_id":"wamid.image","from":null,"content":"","message_type":"image",)"
    R"("timestamp":"2026-09-21T14:13:20Z","context":null,)"
    R"("business_info":{"name":"Jupiter","phone":null},)"
    R"("metadata":{"deployment_id":"edge","account_id":"edge"},"user_id":"IN.4812","profile_name":"",)"
    R"("message":{"id":"wamid.image","type":"image","image":{"id":"9","mime_type":"image\/jpeg"}}})";

class ForwarderTest : public parley::testing::AgentTest {
  protected:
    ForwarderTest() : AgentTest(FORWARDER_SO) {}

    // `more` are members of the configuration besides url.
    void start_with(const std::string& more = "") {
        start("{\"url\":\"" + std::string(bot_url) + '"' + (more.empty() ? "" : "," + more) + '}');
    }

    parley::testing::HttpRule& bot() { return host.on_http("POST", bot_url); }

    const parley::testing::TurnRecord& forward(const std::string& message_json = hindi_text) {
        return send({.text = "नमस्ते", .message_json = message_json});
    }

    std::size_t tries() const { return host.http_requests().size(); }

    static void expect_failed(const parley::testing::TurnRecord& turn, const std::string& reason) {
        EXPECT_TRUE(turn.finished);
        EXPECT_EQ(turn.status, PARLEY_INTERNAL);
        EXPECT_NE(turn.error.find(reason), std::string::npos) << turn.error;
        EXPECT_TRUE(turn.replies.empty());
    }
};

}  // namespace forwarder::tests
