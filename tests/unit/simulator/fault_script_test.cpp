// Which send a fault rule concerns, and reading rules and switches.
#include "simulator/fault_script.hpp"

#include <gtest/gtest.h>

#include "fakes/fake_random.hpp"
#include "simulator/behaviour.hpp"

namespace parley::sim {
namespace {

FaultRule rule(const char* text) {
    auto parsed = parse_fault_rule(Json::parse(text));
    EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().message());
    return parsed ? *parsed : FaultRule{};
}

TEST(FaultScript, spends_a_rule_after_its_times) {
    FaultScript script;
    FakeRandom random;
    ASSERT_TRUE(script.add(rule(R"({"http_status":503,"times":2})")));
    EXPECT_TRUE(script.next("1", "9", random));
    EXPECT_TRUE(script.next("2", "9", random));
    EXPECT_FALSE(script.next("1", "9", random));
    EXPECT_TRUE(script.to_json().empty());
}

TEST(FaultScript, concerns_the_named_recipient_and_number_only) {
    FaultScript script;
    FakeRandom random;
    ASSERT_TRUE(script.add(rule(R"({"match":{"to":"+91","phone_number_id":"9"},"cut":"after","times":0})")));
    EXPECT_FALSE(script.next("92", "9", random));
    EXPECT_FALSE(script.next("91", "8", random));
    const auto found = script.next("91", "9", random);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->cut, FaultRule::Cut::after);
    EXPECT_TRUE(script.next("91", "9", random));
}

TEST(FaultScript, begins_with_the_nth_matching_send) {
    FaultScript script;
    FakeRandom random;
    ASSERT_TRUE(script.add(rule(R"({"match":{"to":"91","nth":3},"graph_code":131000})")));
    EXPECT_FALSE(script.next("91", "9", random));
    EXPECT_FALSE(script.next("92", "9", random));
    EXPECT_FALSE(script.next("91", "9", random));
    EXPECT_TRUE(script.next("91", "9", random));
    EXPECT_FALSE(script.next("91", "9", random));
}

TEST(FaultScript, never_and_always_are_probabilities) {
    FaultScript script;
    FakeRandom random;
    ASSERT_TRUE(script.add(rule(R"({"match":{"probability":0},"http_status":500,"times":0})")));
    for (int i = 0; i < 100; ++i) EXPECT_FALSE(script.next("91", "9", random));
    script.clear();
    ASSERT_TRUE(script.add(rule(R"({"match":{"probability":1},"http_status":500,"times":0})")));
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(script.next("91", "9", random));
}

TEST(FaultScript, reads_back_what_it_writes) {
    const char* text =
        R"({"match":{"to":"91","phone_number_id":"9","nth":2,"probability":0.5},"http_status":500,"graph_code":2,"delay_ms":7,"cut":"before","accept":true,"later":true,"times":3})";
    EXPECT_EQ(to_json(rule(text)), Json::parse(text));
}

TEST(FaultScript, refuses_rules_that_say_nothing_or_nonsense) {
    for (const char* text : {R"({})", R"({"http_status":99})", R"({"cut":"between"})", R"({"delay_ms":-1})",
                             R"({"http_status":500,"match":{"probability":2}})", R"({"http_statuss":500})",
                             R"({"http_status":500,"match":{"nth":0}})",
                             R"({"later":true,"http_status":500})", R"({"http_status":"500"})", R"([1])"}) {
        EXPECT_FALSE(parse_fault_rule(Json::parse(text))) << text;
    }
}

TEST(Behaviour, changes_all_named_switches_or_none) {
    Behaviour behaviour;
    ASSERT_TRUE(behaviour.apply(
        Json::parse(R"({"sent_after_ms":5,"window":"status","unreachable":["91"],"read_after_ms":9})")));
    EXPECT_EQ(behaviour.sent_after, Millis{5});
    EXPECT_EQ(behaviour.window, WindowRule::status);
    EXPECT_EQ(behaviour.read_after, Millis{9});
    const Json before = behaviour.to_json();
    for (const char* text : {R"({"batch":7,"sent_after":1})", R"({"batch":0})", R"({"duplicates":11})",
                             R"({"window":"on"})", R"({"statuses":1})", R"({"unreachable":[1]})", R"([])"}) {
        EXPECT_FALSE(behaviour.apply(Json::parse(text))) << text;
        EXPECT_EQ(behaviour.to_json(), before) << text;
    }
}

TEST(Behaviour, reads_back_what_it_writes) {
    Behaviour behaviour;
    behaviour.batch = 12;
    behaviour.pair_rate = true;
    Behaviour copy;
    ASSERT_TRUE(copy.apply(behaviour.to_json()));
    EXPECT_EQ(copy.to_json(), behaviour.to_json());
}

}  // namespace
}  // namespace parley::sim
