// What the bot gets.
#include <fstream>

#include "fixture.hpp"

namespace forwarder::tests {
namespace {

using Request = ForwarderTest;

TEST_F(Request, is_the_canonical_message_byte_for_byte) {
    start_with();
    bot().reply(204);
    forward(hindi_text);
    ASSERT_EQ(tries(), 1u);
    const auto& request = host.http_requests().front();
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.url, bot_url);
    EXPECT_EQ(request.body, hindi_text);
}

TEST_F(Request, carries_messages_without_text_too) {
    start_with();
    bot().reply(204);
    EXPECT_TRUE(send({.text = "", .type = "image", .message_json = image}).committed());
    EXPECT_EQ(host.http_requests().front().body, image);
}

TEST_F(Request, has_no_header_but_its_type_without_a_secret) {
    start_with();
    bot().reply(204);
    forward();
    const std::map<std::string, std::string> expected{{"Content-Type", "application/json"}};
    EXPECT_EQ(host.http_requests().front().headers, expected);
}

TEST_F(Request, has_the_configured_headers_with_secrets_left_to_the_host) {
    start_with(R"("headers":{"Authorization":"Bearer ${secret:BOT}","X-Team":"cards"})");
    bot().reply(204);
    forward();
    const auto& headers = host.http_requests().front().headers;
    EXPECT_EQ(headers.at("Authorization"), "Bearer ${secret:BOT}");
    EXPECT_EQ(headers.at("X-Team"), "cards");
}

TEST_F(Request, may_take_what_is_left_of_the_turn_unless_timeout_ms_is_less) {
    start_with();
    bot().reply(204);
    forward();
    EXPECT_EQ(host.http_requests().back().timeout, milliseconds(19'900));

    host.stop();
    start_with(R"("timeout_ms":1500)");
    forward();
    EXPECT_EQ(host.http_requests().back().timeout, milliseconds(1500));
}

TEST_F(Request, of_two_conversations_do_not_wait_for_each_other) {
    start_with();
    bot().reply(200, R"({"message":"late"})").after(seconds(5)).then(200, R"({"message":"at once"})");
    const auto& slow = send({.sender = "1", .message_json = hindi_text});
    const auto& quick = send({.sender = "2", .message_json = image});
    EXPECT_TRUE(slow.open());
    EXPECT_EQ(quick.text(), "at once");
    host.advance(seconds(5));
    EXPECT_EQ(slow.text(), "late");
}

TEST(Library, is_unmapped_when_the_host_lets_it_go) {
    const auto is_mapped = [] {
        std::ifstream maps("/proc/self/maps");
        const std::string text{std::istreambuf_iterator<char>(maps), {}};
        return text.find("http-forwarder.so") != std::string::npos;
    };
    {
        parley::testing::FakeHost host{parley::testing::Library(FORWARDER_SO)};
        ASSERT_TRUE(host.start(R"({"url":"https://bot.test/","secret":"x"})").ok());
        host.on_http("POST", "https://bot.test/").reply(204);
        EXPECT_TRUE(host.send({.message_json = image}).committed());
        EXPECT_TRUE(is_mapped());
    }
    EXPECT_FALSE(is_mapped());
}

}  // namespace
}  // namespace forwarder::tests
