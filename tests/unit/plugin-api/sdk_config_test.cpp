// How an SDK agent is made, configured, started and refused.
#include <string>

#include <gtest/gtest.h>

#include <parley/sdk.hpp>
#include <parley/sdk/settings.hpp>
#include <parley/testing/fake_host.hpp>
#include <parley/testing/sdk_agent.hpp>

namespace {

using parley::testing::FakeHost;
using parley::testing::plugin_of;

struct Shop : parley::Agent<Shop> {
    void configure(const parley::Config& config) { read(config); }
    void reconfigure(const parley::Config& config) { read(config); }
    void start() {
        if (name == "closed") throw std::runtime_error("the shop is closed");
    }
    parley::Task on_message(parley::Turn turn) {
        turn.reply(name + ' ' + std::to_string(stock));
        co_return;
    }

    void read(const parley::Config& config) {
        parley::Settings settings(config);
        const std::string new_name = settings.text("name").value_or("none");
        const auto new_stock = settings.number("stock", 0, 100).value_or(7);
        settings.flag("open");
        settings.no_others();
        if (new_name == "mystery") throw std::runtime_error("no idea");
        name = new_name;
        stock = new_stock;
    }

    std::string name;
    std::int64_t stock = 0;
};

struct Strict : parley::Agent<Strict> {
    explicit Strict(const parley::Config& config) {
        if (config.json() != "{}") throw parley::ConfigError("config: there is nothing to set");
    }
    parley::Task on_message(parley::Turn turn) {
        turn.reply("strict");
        co_return;
    }
};

std::string refusal(const char* config) {
    FakeHost host(plugin_of<Shop>);
    const auto result = host.start(config);
    return parley::status_name(result.status) + (": " + result.error);
}

TEST(SdkConfig, reaches_the_agent) {
    FakeHost host(plugin_of<Shop>);
    ASSERT_TRUE(host.start(R"({"name":"Edge","stock":3})").ok());
    EXPECT_EQ(host.send({}).text(), "Edge 3");
}

TEST(SdkConfig, may_be_empty) {
    FakeHost host(plugin_of<Shop>);
    ASSERT_TRUE(host.start("").ok());
    EXPECT_EQ(host.send({}).text(), "none 7");
}

TEST(SdkConfig, mistakes_name_the_key_and_what_was_expected) {
    EXPECT_EQ(refusal(R"({"name":5})"), "config: name: expected a text, found 5");
    EXPECT_EQ(refusal(R"({"open":"yes"})"), "config: open: expected true or false, found \"yes\"");
    EXPECT_EQ(refusal(R"({"stock":101})"), "config: stock: expected a whole number from 0 to 100, found 101");
    EXPECT_EQ(refusal(R"({"stock":-1})"), "config: stock: expected a whole number from 0 to 100, found -1");
    EXPECT_EQ(refusal(R"({"stock":1.5})"), "config: stock: expected a whole number from 0 to 100, found 1.5");
    EXPECT_EQ(refusal(R"({"stock":18446744073709551615})"),
              "config: stock: expected a whole number from 0 to 100, found 18446744073709551615");
    EXPECT_EQ(refusal(R"({"nmae":"x"})"), "config: nmae: unknown key");
    EXPECT_EQ(refusal("[1]"), "config: config: must be a JSON object");
    EXPECT_EQ(refusal("{"), "config: config: must be a JSON object");
}

TEST(SdkConfig, other_exceptions_are_the_agent_s_own_fault) {
    EXPECT_EQ(refusal(R"({"name":"mystery"})"), "internal: no idea");
}

TEST(SdkConfig, may_be_given_to_the_constructor) {
    FakeHost host(plugin_of<Strict>);
    EXPECT_EQ(host.start(R"({"a":1})").error, "config: there is nothing to set");
    ASSERT_TRUE(host.start().ok());
    EXPECT_EQ(host.send({}).text(), "strict");
}

TEST(SdkConfig, is_replaced_by_reconfigure_or_stays_as_it_was) {
    FakeHost host(plugin_of<Shop>);
    ASSERT_TRUE(host.start(R"({"name":"A"})").ok());
    EXPECT_EQ(host.reconfigure(R"({"name":"B"})").status, PARLEY_OK);
    const auto refused = host.reconfigure(R"({"name":"C","stock":"many"})");
    EXPECT_EQ(refused.status, PARLEY_CONFIG);
    EXPECT_EQ(host.send({}).text(), "B 7");
}

TEST(SdkConfig, without_reconfigure_the_host_is_told_so) {
    FakeHost host(plugin_of<Strict>);
    ASSERT_TRUE(host.start().ok());
    EXPECT_EQ(host.reconfigure("{}").status, PARLEY_UNSUPPORTED);
}

TEST(SdkStart, an_exception_keeps_the_deployment_from_starting) {
    FakeHost host(plugin_of<Shop>);
    const auto result = host.start(R"({"name":"closed"})");
    EXPECT_EQ(result.status, PARLEY_INTERNAL);
    EXPECT_EQ(result.error, "the shop is closed");
}

TEST(SdkCreate, refuses_an_id_that_is_not_exactly_its_own) {
    for (const char* id : {"test.agentx", "test", "Test.agent", " "}) {
        FakeHost host(plugin_of<Shop>);
        EXPECT_EQ(host.start("{}", id).status, PARLEY_INVALID) << id;
    }
}

TEST(SdkCreate, refuses_a_host_that_lacks_functions) {
    FakeHost host(plugin_of<Shop>);
    parley_host old = host.table();
    old.struct_size = offsetof(parley_host, now_unix_ms);
    parley_agent agent{.struct_size = sizeof(parley_agent)};
    char err[64] = "";
    EXPECT_EQ(plugin_of<Shop>.create("test.agent", &old, {}, &agent, err, sizeof err), PARLEY_UNSUPPORTED);
    EXPECT_STREQ(err, "the host is older than contract 1.0");
}

TEST(SdkCreate, cuts_its_reason_to_the_host_s_buffer) {
    FakeHost host(plugin_of<Shop>);
    parley_agent agent{.struct_size = sizeof(parley_agent)};
    char err[8] = {'#', '#', '#', '#', '#', '#', '#', '#'};
    const auto config = parley::str(R"({"name":5})");
    EXPECT_EQ(plugin_of<Shop>.create("test.agent", &host.table(), config, &agent, err, 5), PARLEY_CONFIG);
    EXPECT_STREQ(err, "name");
    EXPECT_EQ(err[5], '#');
    EXPECT_EQ(plugin_of<Shop>.create("test.agent", &host.table(), config, &agent, nullptr, 0), PARLEY_CONFIG);
}

TEST(SdkCreate, says_how_large_its_table_is_to_a_newer_host) {
    FakeHost host(plugin_of<Shop>);
    struct {
        parley_agent known;
        void* later;
    } agent{};
    agent.known.struct_size = sizeof agent;
    char err[64];
    ASSERT_EQ(plugin_of<Shop>.create("test.agent", &host.table(), {}, &agent.known, err, sizeof err),
              PARLEY_OK);
    EXPECT_EQ(agent.known.struct_size, sizeof(parley_agent));
    EXPECT_EQ(agent.later, nullptr);
    agent.known.destroy(agent.known.self);
}

}  // namespace
