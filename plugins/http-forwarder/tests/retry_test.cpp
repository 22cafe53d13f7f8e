// When the bot is tried again, in virtual time.
#include "fixture.hpp"

namespace forwarder::tests {
namespace {

using Retry = ForwarderTest;
const std::string hello = R"({"message":"Hello"})";

TEST_F(Retry, follows_a_503_after_125_to_250_ms) {
    start_with();
    bot().reply(503).then(200, hello);
    const auto& turn = forward();
    host.advance(milliseconds(124));
    EXPECT_TRUE(turn.open());
    EXPECT_EQ(tries(), 1u);
    host.advance(milliseconds(126));
    EXPECT_EQ(turn.text(), "Hello");
    ASSERT_EQ(tries(), 2u);
    EXPECT_EQ(host.http_requests()[0].body, host.http_requests()[1].body);
}

TEST_F(Retry, follows_every_passing_trouble) {
    start_with();
    bot().reply(408).then(429).then(500).then(502).fail(PARLEY_INTERNAL, "connection reset").then(200, hello);
    const auto& turn = forward();
    host.advance(seconds(10));
    EXPECT_EQ(turn.text(), "Hello");
    EXPECT_EQ(tries(), 6u);
}

TEST_F(Retry, follows_a_try_that_took_longer_than_timeout_ms) {
    start_with(R"("timeout_ms":1000)");
    bot().hang().then(200, hello);
    const auto& turn = forward();
    host.advance(milliseconds(1100));
    EXPECT_EQ(tries(), 1u);
    host.advance(milliseconds(150));
    EXPECT_EQ(turn.text(), "Hello");
}

TEST_F(Retry, waits_as_long_as_retry_after_says) {
    start_with();
    bot().reply(429, "", R"({"retry-after":"7"})").then(200, hello);
    const auto& turn = forward();
    host.advance(milliseconds(6999));
    EXPECT_EQ(tries(), 1u);
    host.advance(milliseconds(1));
    EXPECT_EQ(turn.text(), "Hello");
}

TEST_F(Retry, waits_until_the_date_of_retry_after) {
    start_with();  // The host's clock stands at Mon, 21 Sep 2026 14:13:20 GMT.
    bot().reply(503, "", R"({"retry-after":"Mon, 21 Sep 2026 14:13:25 GMT"})").then(200, hello);
    const auto& turn = forward();
    host.advance(milliseconds(4999));
    EXPECT_EQ(tries(), 1u);
    host.advance(milliseconds(1));
    EXPECT_EQ(turn.text(), "Hello");
}

TEST_F(Retry, follows_its_own_pace_when_retry_after_does_not_fit_or_says_nothing) {
    start_with();
    for (const char* value :
         {"3600", "99999999999999999999", "soon", "0", "-5", "Mon, 01 Jan 2001 00:00:00 GMT"}) {
        bot().reply(503, "", "{\"retry-after\":\"" + std::string(value) + "\"}").then(200, hello);
        const auto& turn = forward();
        host.advance(milliseconds(250));
        EXPECT_EQ(turn.text(), "Hello") << value;
    }
}

TEST_F(Retry, does_not_follow_what_will_not_pass) {
    start_with();
    for (const int status : {301, 400, 401, 403, 404, 413, 422}) {
        const std::size_t before = tries();
        bot().reply(status, R"({"message":"not for the user"})");
        const auto& turn = forward();
        host.advance(seconds(20));
        expect_failed(turn, "the bot answered " + std::to_string(status));
        EXPECT_EQ(tries(), before + 1) << status;
    }
}

TEST_F(Retry, does_not_follow_what_the_host_forbids) {
    start_with();
    const std::vector<std::pair<parley_status, std::string>> cases{{PARLEY_DENIED, "allow_private_networks"},
                                                                   {PARLEY_INVALID, "${secret:NAME}"},
                                                                   {PARLEY_LIMIT, "limit"}};
    for (const auto& [status, reason] : cases) {
        const std::size_t before = tries();
        bot().refuse(status);
        const auto& turn = forward();
        host.advance(seconds(20));
        expect_failed(turn, reason);
        EXPECT_EQ(tries(), before + 1) << reason;
    }
}

TEST_F(Retry, ends_after_max_attempts) {
    start_with(R"("max_attempts":3)");
    bot().reply(500);
    const auto& turn = forward();
    host.advance(seconds(2));
    expect_failed(turn, "the bot answered 500; given up at attempt 3, the last of max_attempts");
    EXPECT_EQ(tries(), 3u);
}

TEST_F(Retry, ends_with_a_reason_before_the_deadline_takes_the_turn) {
    start_with();
    bot().reply(503);
    const auto& turn = forward();
    host.advance(milliseconds(19'999));
    expect_failed(turn, "the bot answered 503; given up at attempt");
    EXPECT_FALSE(turn.cancelled);
    EXPECT_GE(tries(), 6u);
    EXPECT_LE(tries(), 10u);
}

TEST_F(Retry, of_a_bot_that_hangs_ends_before_the_deadline_too) {
    start_with();
    bot().hang();
    const auto& turn = forward();
    host.advance(milliseconds(19'899));
    EXPECT_TRUE(turn.open());
    host.advance(milliseconds(1));
    expect_failed(turn, "no answer from the bot (timeout)");
}

TEST_F(Retry, of_a_bot_that_is_spared_ends_before_the_deadline_too) {
    start_with();
    bot().reply(503);
    for (int i = 0; i < 12; ++i) {
        send({.text = "Hi", .sender = "9198000000" + std::to_string(10 + i)});
        host.advance(seconds(60));
    }
    send({.text = "Hi", .sender = "919800000030"});  // its failure opens the breaker for 30 s
    host.advance(milliseconds(10'300));
    std::vector<const parley::testing::TurnRecord*> waiting;
    for (int i = 0; i < 10; ++i)
        waiting.push_back(&send({.text = "Hi", .sender = "9198000000" + std::to_string(40 + i)}));
    EXPECT_TRUE(waiting.back()->open());
    host.advance(seconds(30));
    for (const auto* turn : waiting) EXPECT_TRUE(turn->finished) << "taken away by the deadline";
}

TEST_F(Retry, ends_when_the_host_takes_the_turn_away) {
    start_with();
    bot().reply(503);
    const auto& turn = forward();
    host.cancel(turn.id);
    host.advance(seconds(20));
    EXPECT_TRUE(turn.cancelled);
    EXPECT_EQ(tries(), 1u);
    EXPECT_EQ(host.operations(), 0u);
}

TEST_F(Retry, is_logged_without_what_the_user_wrote) {
    start_with();
    bot().reply(503, "you said नमस्ते").then(200, hello);
    forward();
    host.advance(seconds(1));
    ASSERT_EQ(host.log().size(), 1u);
    const auto& line = host.log().front();
    EXPECT_EQ(line.level, PARLEY_LOG_WARNING);
    EXPECT_EQ(line.message, "the bot is tried again: the bot answered 503");
    EXPECT_TRUE(line.fields_json.starts_with(R"({"attempt":1,"wait_ms":)")) << line.fields_json;
}

}  // namespace
}  // namespace forwarder::tests
