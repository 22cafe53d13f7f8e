// migrate_state, export_memory, import_memory and health of an SDK agent.
#include <stdexcept>
#include <string>

#include <parley/sdk.hpp>
#include <parley/testing/agent_test.hpp>
#include <parley/testing/sdk_agent.hpp>

namespace {

using parley::testing::FakeHost;
using parley::testing::plugin_of;

struct Keeper : parley::Agent<Keeper> {
    parley::Task on_message(parley::Turn turn) {
        turn.reply(std::to_string(turn.state_schema) + " " + turn.state_json);
        if (turn.text == "keep") turn.put_state_json(turn.state_json);
        co_return;
    }

    std::string migrate_state(std::uint32_t from, std::string_view json) {
        if (json.find("broken") != std::string_view::npos) throw std::runtime_error("no \"name\" in it");
        if (json.find("list") != std::string_view::npos) return "[]";
        return "{\"from\":" + std::to_string(from) + '}';
    }

    std::string export_memory() { return memory_; }
    void import_memory(std::string_view version, std::string_view json) {
        if (json == "{}") throw std::runtime_error("nothing in it");
        memory_ = "{\"of\":\"" + std::string(version) + "\"}";
    }

    parley::Health health() {
        if (memory_ == "[]") throw std::runtime_error("lost its memory");
        return parley::Health::degraded("the CRM is slow");
    }

    std::string memory_ = R"({"a":1})";
};

struct SdkMigration : parley::testing::AgentTest {
    SdkMigration() : AgentTest(plugin_of<Keeper>, {.state_schema = 3}) {}
    void SetUp() override { start(); }
};

TEST_F(SdkMigration, gives_the_event_todays_document_and_keeps_the_original_until_a_commit) {
    host.set_state("919800000001", R"({"old":1})", 1);
    EXPECT_EQ(send({.text = "look"}).text(), R"(3 {"from":1})");
    EXPECT_EQ(host.state("919800000001"), R"({"old":1})");
    EXPECT_EQ(host.state_schema("919800000001"), 1U);
    send({.text = "keep"});
    EXPECT_EQ(host.state("919800000001"), R"({"from":1})");
    EXPECT_EQ(host.state_schema("919800000001"), 3U);
    EXPECT_EQ(send({.text = "look"}).text(), R"(3 {"from":1})");
}

TEST_F(SdkMigration, that_fails_fails_the_turn_and_changes_nothing) {
    host.set_state("919800000001", R"({"broken":1})", 2);
    EXPECT_EQ(send({.text = "look"}).error,
              "the state of schema 2 could not be brought to 3: the agent said no \"name\" in it");
    EXPECT_EQ(host.state("919800000001"), R"({"broken":1})");
    host.set_state("919800000001", R"({"list":1})", 2);
    EXPECT_EQ(send({.text = "look"}).error,
              "the state of schema 2 could not be brought to 3: what it gave is no JSON object");
}

TEST(SdkHandover, gives_and_takes_what_is_in_memory) {
    FakeHost host(plugin_of<Keeper>);
    ASSERT_TRUE(host.start().ok());
    EXPECT_EQ(host.export_memory().text, R"({"a":1})");
    EXPECT_EQ(host.import_memory("0.9.0", R"({"b":2})").status, PARLEY_OK);
    EXPECT_EQ(host.export_memory().text, R"({"of":"0.9.0"})");
    const auto refused = host.import_memory("0.9.0", "{}");
    EXPECT_EQ(refused.status, PARLEY_INTERNAL);
    EXPECT_EQ(refused.text, "nothing in it");
}

TEST(SdkHealth, is_a_level_and_a_line) {
    FakeHost host(plugin_of<Keeper>);
    ASSERT_TRUE(host.start().ok());
    EXPECT_EQ(host.health().level, PARLEY_HEALTH_DEGRADED);
    EXPECT_EQ(host.health().text, "the CRM is slow");
}

struct Plain : parley::Agent<Plain> {
    parley::Task on_message(parley::Turn) { co_return; }
};

TEST(SdkExtensions, that_an_agent_does_not_define_are_not_there) {
    FakeHost host(plugin_of<Plain>, {.state_schema = 2});
    ASSERT_TRUE(host.start().ok());
    EXPECT_EQ(host.health().status, PARLEY_UNSUPPORTED);
    EXPECT_EQ(host.export_memory().status, PARLEY_UNSUPPORTED);
    EXPECT_EQ(host.import_memory("1.0.0", "{}").status, PARLEY_UNSUPPORTED);
    host.set_state("919800000001", "{}", 1);
    EXPECT_TRUE(host.send({.text = "Hi"}).committed()) << "without migrate_state the document comes as it is";
}

}  // namespace
