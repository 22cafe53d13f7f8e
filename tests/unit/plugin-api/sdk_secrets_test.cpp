// secret("NAME") in an agent.
#include <string>

#include <parley/sdk.hpp>
#include <parley/testing/agent_test.hpp>
#include <parley/testing/sdk_agent.hpp>

namespace {

using parley::testing::FakeHost;
using parley::testing::plugin_of;

// Replies the secret that the message names.
struct Spy : parley::Agent<Spy> {
    parley::Task on_message(parley::Turn turn) {
        turn.reply(secret(turn.text));
        co_return;
    }
};

struct SdkSecrets : parley::testing::AgentTest {
    SdkSecrets()
        : AgentTest(plugin_of<Spy>, {.secrets = {{"KEY", "abc"}, {"LONG", std::string(70'000, 'x')}}}) {}
    void SetUp() override { start(); }
};

TEST_F(SdkSecrets, are_given_whatever_their_size) {
    EXPECT_EQ(send({.text = "KEY"}).text(), "abc");
    EXPECT_EQ(send({.text = "LONG"}).text(), std::string(70'000, 'x'));
    EXPECT_EQ(host.secrets_read(), (std::vector<std::string>{"KEY", "LONG"}));
}

TEST_F(SdkSecrets, that_are_not_listed_fail_the_turn_with_their_name) {
    const auto& turn = send({.text = "OTHER"});
    EXPECT_EQ(turn.status, PARLEY_INTERNAL);
    EXPECT_EQ(turn.error, "secret OTHER: refused by the host (denied)");
}

TEST(SdkSecretsWithout, a_host_that_has_them_say_so) {
    FakeHost host(plugin_of<Spy>, {.withheld = {PARLEY_EXT_SECRETS}, .secrets = {{"KEY", "abc"}}});
    ASSERT_TRUE(host.start().ok());
    EXPECT_EQ(host.send({.text = "KEY"}).error, "secret KEY: refused by the host (unsupported)");
}

TEST(SdkSecretsForTrials, may_have_one_value_for_all_names) {
    FakeHost host(plugin_of<Spy>, {.secrets = {{"KEY", "abc"}}, .any_secret = "placeholder"});
    ASSERT_TRUE(host.start().ok());
    EXPECT_EQ(host.send({.text = "KEY"}).text(), "abc");
    EXPECT_EQ(host.send({.text = "OTHER"}).text(), "placeholder");
}

}  // namespace
