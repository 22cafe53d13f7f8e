// The signature against vectors that other programs computed.
#include "fixture.hpp"
#include "webhook_signature.hpp"

namespace forwarder::tests {
namespace {

using SignedRequest = ForwarderTest;

// The example that the scheme's reference libraries are tested with.
TEST(Signature, is_that_of_the_reference_libraries) {
    const auto key = to_signing_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    ASSERT_TRUE(key);
    EXPECT_EQ(sign(*key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})"),
              "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(SigningKey, is_base64_after_whsec_with_or_without_padding_and_else_the_text) {
    EXPECT_EQ(to_signing_key("whsec_aGVsbG8="), "hello");
    EXPECT_EQ(to_signing_key("whsec_aGVsbG8"), "hello");
    EXPECT_EQ(to_signing_key("whsec_AAAA"), std::string(3, '\0'));
    EXPECT_EQ(to_signing_key("aGVsbG8="), "aGVsbG8=");
    for (const char* wrong : {"whsec_", "whsec_a", "whsec_a-b_", "whsec_ab=c", "whsec_aGVs bG8="})
        EXPECT_FALSE(to_signing_key(wrong)) << wrong;
}

// printf '%s' "wamid.HBgM….1790000000.$BODY" | openssl dgst -sha256 -mac HMAC -macopt hexkey:… -binary |
// base64
TEST_F(SignedRequest, verifies_with_a_whsec_secret) {
    start_with(R"("secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")");
    bot().reply(204);
    forward(hindi_text);
    const auto& headers = host.http_requests().front().headers;
    EXPECT_EQ(headers.at("webhook-id"), "wamid.HBgMOTE5ODAwMDAwMDAxFQIAEhgU");
    EXPECT_EQ(headers.at("webhook-timestamp"), "1790000000");
    EXPECT_EQ(headers.at("webhook-signature"), "v1,vOIRlYn4bO+r7GZXDaweIKrCwX4wLi9/w0HSJb40l84=");
}

// The same with hexkey of the text itself.
TEST_F(SignedRequest, verifies_with_a_secret_of_plain_text) {
    start_with(R"("secret":"पासवर्ड kept raw")");
    bot().reply(204);
    forward(hindi_text);
    EXPECT_EQ(host.http_requests().front().headers.at("webhook-signature"),
              "v1,ursPe9dh36ihqhVPMbGNPitlk+VLI2yeXknMTCPFNVg=");
}

TEST_F(SignedRequest, keeps_its_id_over_retries_and_signs_the_new_time) {
    start_with(R"("secret":"kept raw")");
    bot().reply(503, "", R"({"retry-after":"3"})").then(204);
    forward(hindi_text);
    host.advance(seconds(3));
    ASSERT_EQ(tries(), 2u);
    const auto& first = host.http_requests()[0].headers;
    const auto& second = host.http_requests()[1].headers;
    EXPECT_EQ(first.at("webhook-id"), second.at("webhook-id"));
    EXPECT_EQ(second.at("webhook-timestamp"), "1790000003");
    EXPECT_EQ(second.at("webhook-signature"),
              sign("kept raw", second.at("webhook-id"), 1790000003, hindi_text));
    EXPECT_NE(first.at("webhook-signature"), second.at("webhook-signature"));
}

TEST(WebhookId, is_made_of_the_message_when_that_has_none_that_fits_a_header) {
    const auto with_id = [](const std::string& id) { return R"({"message_id":)" + id + R"(,"n":1})"; };
    EXPECT_EQ(to_webhook_id(with_id(R"("wamid.A")"), "k"), "wamid.A");
    for (const std::string id : {R"("")", "null", R"("a\nb")", R"("${secret:BOT}")", R"("नमस्ते")"}) {
        const std::string made = to_webhook_id(with_id(id), "k");
        EXPECT_TRUE(made.starts_with("msg_")) << made;
        EXPECT_EQ(made, to_webhook_id(with_id(id), "k"));
        EXPECT_NE(made, to_webhook_id(with_id(id) + " ", "k"));
    }
    EXPECT_TRUE(to_webhook_id(R"({"message":{"message_id":"wamid.inner"}})", "k").starts_with("msg_"));
    EXPECT_THROW(to_webhook_id("[]", "k"), std::runtime_error);
}

TEST_F(SignedRequest, never_shows_the_secret) {
    const std::string secret = "hunter2-hunter2";
    start_with("\"secret\":\"" + secret + R"(","headers":{"X-Key":"other-hunter3"},"max_attempts":2)");
    bot().reply(500, "echo hunter2-hunter2 other-hunter3").then(400, "echo hunter2-hunter2");
    const auto& turn = forward();
    host.advance(seconds(20));
    expect_failed(turn, "400");
    std::string seen = turn.error;
    for (const auto& line : host.log()) seen += '\n' + line.message + line.fields_json;
    for (const auto& request : host.http_requests()) {
        seen += request.url + request.body;
        for (const auto& [name, value] : request.headers) seen += name == "X-Key" ? "" : value;
    }
    EXPECT_FALSE(host.log().empty());
    EXPECT_EQ(seen.find("hunter"), std::string::npos) << seen;
}

}  // namespace
}  // namespace forwarder::tests
