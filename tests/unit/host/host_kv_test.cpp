#include "host/host_kv.hpp"

#include <gtest/gtest.h>

#include "fakes/fake_key_values.hpp"
#include "host_fixture.hpp"

namespace parley {
namespace {

class HostKv : public BothWays {
  protected:
    HostKv() { options_.key_values = &values_; }
    std::string said(Agent& agent, const std::string& words) {
        const std::string reply = ask(agent, words).reply();
        return reply.substr(text_reply("").size() - 3, reply.size() - text_reply("").size());
    }
    // As the probe tells a result: status, HTTP status, headers, body; within JSON.
    static std::string told(int version, bool is_done, const std::string& body = "") {
        return R"(0 0 {\"version\":\")" + std::to_string(version) + R"(\",\"done\":\")" +
               (is_done ? "true" : "false") + R"(\"} )" + body;
    }
    FakeKeyValues values_;
};

TEST_P(HostKv, keeps_changes_and_removes_values) {
    const auto agent = make("probe");
    EXPECT_EQ(said(*agent, "kv-get a"), told(0, true));
    EXPECT_EQ(said(*agent, "kv-put a any one"), told(1, true));
    EXPECT_EQ(said(*agent, "kv-get a"), told(1, true, "one"));
    EXPECT_EQ(said(*agent, "kv-put a 7 two"), told(1, false, "one"));
    EXPECT_EQ(said(*agent, "kv-put a 0 two"), told(1, false, "one"));
    EXPECT_EQ(said(*agent, "kv-put a 1 two"), told(2, true));
    EXPECT_EQ(said(*agent, "kv-remove a"), told(0, true));
    EXPECT_EQ(said(*agent, "kv-get a"), told(0, true));
}

TEST_P(HostKv, lists_keys_by_what_they_begin_with) {
    const auto agent = make("probe");
    for (const char* key : {"a/1", "a/2", "a/3", "b"}) said(*agent, std::string("kv-put ") + key + " any x");
    EXPECT_EQ(said(*agent, "kv-list a/"), told(0, true, R"({\"keys\":[\"a/1\",\"a/2\"],\"more\":\"true\"})"));
    EXPECT_EQ(said(*agent, "kv-list b"), told(0, true, R"({\"keys\":[\"b\"],\"more\":\"false\"})"));
}

TEST_P(HostKv, refuses_what_no_key_and_no_value_may_be) {
    const auto agent = make("probe");
    EXPECT_EQ(said(*agent, "kv-get " + std::string(513, 'k')), "-2");
    EXPECT_EQ(said(*agent, "kv-get a\tb"), "-2");
    EXPECT_EQ(said(*agent, "kv-get \xff"), "-2");
    EXPECT_EQ(said(*agent, "kv-get"), "-2");
    EXPECT_EQ(said(*agent, "kv-put-large"), "-3");
}

TEST_P(HostKv, tells_bounds_and_a_disk_that_refuses_apart) {
    const auto agent = make("probe");
    values_.failure = Error{Errc::invalid_input, "it has 10000 keys"};
    EXPECT_EQ(said(*agent, "kv-put a any x"), "-3 0  it has 10000 keys");
    values_.failure = Error{Errc::unavailable, "the disk is full"};
    EXPECT_EQ(said(*agent, "kv-put a any x"), "-9 0  the disk is full");
}

TEST_P(HostKv, is_cancelled_with_its_turn) {
    const auto agent = make("probe");
    values_.is_held = true;
    const Asked asked = ask(*agent, "kv-get a", 2);
    ASSERT_EQ(ask(*agent, "echo x").reply(), text_reply("x"));
    asked.turn()->revoke();
    agent->cancel(asked.turn(), "deadline");
    EXPECT_TRUE(eventually(
        [&] { return ask(*agent, "report").reply().find("result -7 0  cancelled") != std::string::npos; }));
}

INSTANTIATE_TEST_SUITE_P(Agents, HostKv, both_ways, way_name);

class WithoutKv : public HostFixture {};

TEST_F(WithoutKv, a_host_says_so) {
    const auto agent = make("probe");
    EXPECT_EQ(ask(*agent, "kv-get a").reply(), text_reply("-4"));
}

}  // namespace
}  // namespace parley
