// co_await turn.kv().get(…) and its kin.
#include <string>

#include <parley/sdk.hpp>
#include <parley/testing/agent_test.hpp>
#include <parley/testing/sdk_agent.hpp>

namespace {

using parley::testing::FakeHost;
using parley::testing::plugin_of;

// "count", "get KEY", "create KEY", "drop KEY" or "list PREFIX".
struct Clerk : parley::Agent<Clerk> {
    parley::Task on_message(parley::Turn turn) {
        const std::string word = turn.text.substr(0, turn.text.find(' '));
        const std::string argument = word.size() < turn.text.size() ? turn.text.substr(word.size() + 1) : "";
        if (word == "count") {
            // Again when another conversation was quicker.
            for (bool is_done = false; !is_done;) {
                const auto seen = co_await turn.kv().get("seen");
                const int next = (seen.found() ? std::stoi(seen.value) : 0) + 1;
                if (next == 3) co_await turn.kv().put("seen", "10");
                const auto put = co_await turn.kv().put_if("seen", std::to_string(next), seen.version);
                is_done = put.is_done || !put.ok();
                turn.annotate("tried", std::to_string(next));
            }
            co_return;
        }
        parley::KvAnswer answer;
        if (word == "get") answer = co_await turn.kv().get(argument);
        if (word == "create") answer = co_await turn.kv().put_if(argument, "new", 0);
        if (word == "drop") answer = co_await turn.kv().remove(argument);
        if (word == "list") answer = co_await turn.kv().keys(argument, "", 2);
        std::string said = answer.ok()
                               ? answer.value
                               : std::string(parley::status_name(answer.outcome)) + ": " + answer.reason;
        for (const std::string& key : answer.keys) said += key + ';';
        turn.reply(said + '|' + std::to_string(answer.version) + (answer.is_done ? " done" : " not done") +
                   (answer.has_more ? " more" : ""));
    }
};

struct SdkKv : parley::testing::AgentTest {
    SdkKv() : AgentTest(plugin_of<Clerk>) {}
    void SetUp() override { start(); }
};

TEST_F(SdkKv, gives_what_is_there) {
    host.kept().put("rate", "9.5");
    EXPECT_EQ(send({.text = "get rate"}).text(), "9.5|1 done");
    EXPECT_EQ(send({.text = "get other"}).text(), "|0 done");
}

TEST_F(SdkKv, counts_without_losing_what_others_count) {
    EXPECT_EQ(send({.text = "count"}).annotation("tried"), "1");
    EXPECT_EQ(send({.text = "count"}).annotation("tried"), "2");
    EXPECT_EQ(send({.text = "count"}).annotation("tried"), "11");
    EXPECT_EQ(host.kept().value("seen"), "11");
}

TEST_F(SdkKv, creates_and_removes) {
    EXPECT_EQ(send({.text = "create a"}).text(), "|1 done");
    EXPECT_EQ(send({.text = "create a"}).text(), "new|1 not done");
    EXPECT_EQ(send({.text = "drop a"}).text(), "|0 done");
    EXPECT_EQ(host.kept().value("a"), std::nullopt);
}

TEST_F(SdkKv, lists_keys_whatever_they_are) {
    for (const char* key : {"a \"more\"", "a,b", "a]c"}) host.kept().put(key, "x");
    EXPECT_EQ(send({.text = "list a"}).text(), "a \"more\";a,b;|0 done more");
    EXPECT_EQ(send({.text = "list a]"}).text(), "a]c;|0 done");
}

TEST_F(SdkKv, says_why_not) {
    host.kept().fail(PARLEY_LIMIT, "it has 10000 keys");
    EXPECT_EQ(send({.text = "create a"}).text(), "limit: it has 10000 keys|0 not done");
    EXPECT_EQ(send({.text = "get " + std::string(513, 'k')}).text(),
              "invalid: the host refused the key: invalid|0 not done");
}

TEST(SdkKvWithout, a_host_that_has_it_says_so) {
    FakeHost host(plugin_of<Clerk>, {.withheld = {PARLEY_EXT_KV}});
    ASSERT_TRUE(host.start().ok());
    EXPECT_EQ(host.send({.text = "get a"}).text(),
              "unsupported: the host refused the key: unsupported|0 not done");
}

}  // namespace
