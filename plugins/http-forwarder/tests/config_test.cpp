// Configurations that are refused, and the sentences that say why.
#include "fixture.hpp"

namespace forwarder::tests {
namespace {

struct Wrong {
    std::string config;
    std::string expected;
};

void PrintTo(const Wrong& wrong, std::ostream* out) {
    *out << wrong.config;
}

class WrongConfig : public ForwarderTest, public ::testing::WithParamInterface<Wrong> {};

TEST_P(WrongConfig, is_refused_with_the_key_and_the_remedy) {
    const auto result = host.start(GetParam().config);
    EXPECT_EQ(result.status, PARLEY_CONFIG);
    EXPECT_NE(result.error.find(GetParam().expected), std::string::npos) << result.error;
    EXPECT_EQ(result.error.find("hunter2"), std::string::npos) << result.error;
}

std::string with(const std::string& members) {
    return R"({"url":"https://bot.test/",)" + members + "}";
}

INSTANTIATE_TEST_SUITE_P(
    Of, WrongConfig,
    ::testing::Values(
        Wrong{"{}", "url: is missing; write, for example:  url: https://"},
        Wrong{R"({"url":5})", "url: expected the address of the bot"},
        Wrong{R"({"url":""})", "url: it must begin with https:// or http://"},
        Wrong{R"({"url":"ftp://bot.test/"})", "url: it must begin with"},
        Wrong{R"({"url":"https://"})", "url: the host is missing"},
        Wrong{R"({"url":"https://:80/x"})", "url: the host is missing"},
        Wrong{R"({"url":"https:///x"})", "url: the host is missing"},
        Wrong{R"({"url":"https://bot.test:99999/"})", "url: the port must be"},
        Wrong{R"({"url":"https://bot.test:/"})", "url: the port must be"},
        Wrong{R"({"url":"https://[::1/"})", "url: the host is malformed"},
        Wrong{R"({"url":"https://me:hunter2@bot.test/"})", "url: it must not hold a user or password"},
        Wrong{R"({"url":"https://bot.test/?k=hunter2 "})", "url: it holds blanks"},
        Wrong{R"({"url":"https://बॉट.test/"})", "url: it holds blanks or letters that are not ASCII"},
        Wrong{R"({"url":"https://bot.test/#x"})", "url: a fragment"},
        Wrong{with(R"("format":"xml")"), "format: expected bsp or whatsapp, found \"xml\""},
        Wrong{with(R"("secret":"")"), "secret: is empty"},
        Wrong{with(R"("secret":["hunter2"])"), "secret: expected a text"},
        Wrong{with(R"("secret":"whsec_hunter2!")"), "secret: whsec_ must be followed by base64"},
        Wrong{with(R"("secret":"${secret:BOT}")"), "secret: ${secret:NAME} works in headers only"},
        Wrong{with(R"("timeout_ms":0)"), "timeout_ms: expected a whole number from 1 to 600000"},
        Wrong{with(R"("timeout_ms":"3s")"), "timeout_ms: expected a whole number"},
        Wrong{with(R"("max_attempts":101)"), "max_attempts: expected a whole number from 1 to 100"},
        Wrong{with(R"("headers":[])"), "headers: expected names and texts"},
        Wrong{with(R"("headers":{"X Y":"hunter2"})"), "headers: \"X Y\" is no header name"},
        Wrong{with(R"("headers":{"Webhook-Id":"hunter2"})"), "headers: Webhook-Id is set by the forwarder"},
        Wrong{with(R"("headers":{"Host":"hunter2"})"), "headers: Host is set by the forwarder"},
        Wrong{with(R"("headers":{"X-A":7})"), "headers.X-A: expected a text"},
        Wrong{with(R"("headers":{"X-A":"hunter2\r\nX-B: 1"})"), "headers.X-A: holds a line break"},
        Wrong{with(R"("headers":{"X-A":"${secret:hunter2"})"), "headers.X-A: ${secret: is not closed"},
        Wrong{with(R"("headers":{"X-A":"1","x-a":"2"})"), "headers.x-a: is there twice"},
        Wrong{with(R"("URL":"x")"), "URL: unknown key"}));

using Config = ForwarderTest;

TEST_F(Config, may_have_everything) {
    start_with(
        R"("format":"bsp","secret":"s","timeout_ms":1,"max_attempts":1,"headers":{"X-A":"${secret:B}c"})");
}

TEST_F(Config, takes_ports_and_ipv6_hosts) {
    for (const char* url :
         {"http://localhost", "HTTP://bot.test:8080", "http://[::1]:8080/x?y=1", "https://[::1]"}) {
        const auto result = host.start("{\"url\":\"" + std::string(url) + "\"}");
        EXPECT_TRUE(result.ok()) << result.error;
        host.stop();
    }
}

}  // namespace
}  // namespace forwarder::tests
