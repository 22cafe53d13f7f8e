#include "host/host_metrics.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "host/agent_metrics.hpp"
#include "host_fixture.hpp"

namespace parley {
namespace {

class HostMetrics : public BothWays {
  protected:
    bool shows(const std::string& line) { return metrics_.text().find(line + "\n") != std::string::npos; }
};

TEST_P(HostMetrics, stand_beside_the_engines_own_with_deployment_and_agent) {
    const auto agent = make("probe");
    for (const char* words :
         {"count 1", "count 2.5", "depth 7", "deeper -3", "length 0.5", "length 5", "length 50"})
        EXPECT_EQ(ask(*agent, words).reply(), text_reply("0")) << words;
    EXPECT_TRUE(shows(R"(agent_asked_total{agent="probe",deployment="shop",kind="any"} 3.5)"))
        << metrics_.text();
    EXPECT_TRUE(shows(R"(agent_depth{agent="probe",deployment="shop"} 4)"));
    EXPECT_TRUE(shows(R"(agent_length_bucket{agent="probe",deployment="shop",le="1"} 1)"));
    EXPECT_TRUE(shows(R"(agent_length_bucket{agent="probe",deployment="shop",le="10"} 2)"));
    EXPECT_TRUE(shows(R"(agent_length_count{agent="probe",deployment="shop"} 3)"));
    EXPECT_TRUE(shows(R"(agent_length_sum{agent="probe",deployment="shop"} 55.5)"));
}

TEST_P(HostMetrics, refuse_what_their_kind_does_not_have) {
    const auto agent = make("probe");
    for (const char* words : {"count -1", "set-counter 3", "count nan", "length inf"})
        EXPECT_EQ(ask(*agent, words).reply(), text_reply("-2")) << words;
    EXPECT_TRUE(shows(R"(agent_asked_total{agent="probe",deployment="shop",kind="any"} 0)"))
        << metrics_.text();
}

TEST_P(HostMetrics, are_defined_before_start_has_returned) {
    const auto agent = make("probe");
    EXPECT_EQ(ask(*agent, "define-late").reply(), text_reply("-8"));
    EXPECT_EQ(metrics_.text().find("late"), std::string::npos);
}

TEST_P(HostMetrics, go_on_with_the_next_instance) {
    auto agent = make("probe");
    ask(*agent, "count 1").wait();
    agent = make((test_plugins() / "variants/probe-2.so").string());
    ask(*agent, "count 1").wait();
    EXPECT_TRUE(shows(R"(agent_asked_total{agent="probe",deployment="shop",kind="any"} 2)"))
        << metrics_.text();
}

INSTANTIATE_TEST_SUITE_P(Agents, HostMetrics, both_ways, way_name);

class MetricRules : public ::testing::Test {
  protected:
    std::string refusal(const MetricDefinition& definition) {
        const auto made = metrics.define(definition);
        return made ? "" : made.error().message();
    }
    Metrics registry;
    AgentMetrics metrics{registry, {{"deployment", "shop"}, {"agent", "desk"}}};
};

TEST_F(MetricRules, about_names_are_those_of_prometheus) {
    for (const char* name : {"", "Questions", "1st", "a-b", "a__b", "a_", "_a", "a:b", "frag\xC3\xA9"})
        EXPECT_NE(refusal({MetricKind::gauge, name, "Help", {}, {}}), "") << name;
    EXPECT_NE(refusal({MetricKind::gauge, std::string(65, 'a'), "Help", {}, {}}), "");
    EXPECT_EQ(refusal({MetricKind::gauge, std::string(64, 'a'), "Help", {}, {}}), "");
    EXPECT_EQ(refusal({MetricKind::gauge, "depth_total", "Help", {}, {}}),
              "its name ends in _total, which Prometheus keeps for other metrics");
    EXPECT_EQ(refusal({MetricKind::counter, "calls_total", "Help", {}, {}}), "");
    EXPECT_NE(registry.text().find("agent_calls_total{"), std::string::npos);
}

TEST_F(MetricRules, about_help_labels_and_bounds) {
    EXPECT_NE(refusal({MetricKind::gauge, "a", "", {}, {}}), "");
    EXPECT_NE(refusal({MetricKind::gauge, "a", "two\nlines", {}, {}}), "");
    for (const char* labels :
         {"[]", "{", R"({"a":1})", R"({"deployment":"x"})", R"({"agent":"x"})", R"({"le":"1"})",
          R"({"A":"x"})", R"({"a":"x\ny"})", R"({"a":"","b":"","c":"","d":"","e":""})"})
        EXPECT_NE(refusal({MetricKind::gauge, "a", "Help", labels, {}}), "") << labels;
    EXPECT_EQ(refusal({MetricKind::gauge, "a", "Help", R"({"a":"","b":"","c":"","d":""})", {}}), "");
    for (const auto& bounds : std::vector<std::vector<double>>{
             {}, {2, 1}, {1, 1}, {1, INFINITY}, {NAN}, std::vector<double>(33, 1)})
        EXPECT_NE(refusal({MetricKind::histogram, "h", "Help", {}, bounds}), "") << bounds.size();
}

TEST_F(MetricRules, allow_64_for_an_instance_and_give_the_same_metric_twice) {
    for (int i = 0; i < 64; ++i)
        ASSERT_EQ(metrics.define({MetricKind::gauge, "a" + std::to_string(i), "Help", {}, {}}).value(),
                  i + 1U);
    const auto more = metrics.define({MetricKind::gauge, "one_more", "Help", {}, {}});
    ASSERT_FALSE(more);
    EXPECT_EQ(more.error().code(), Errc::busy);
    EXPECT_EQ(metrics.define({MetricKind::gauge, "a7", "Help", {}, {}}).value(), 8U);
    EXPECT_FALSE(metrics.change(65, MetricChange::set, 1));
    EXPECT_FALSE(metrics.change(0, MetricChange::set, 1));
}

TEST_F(MetricRules, forbid_one_name_for_two_kinds) {
    EXPECT_EQ(refusal({MetricKind::gauge, "depth", "Help", {}, {}}), "");
    AgentMetrics others{registry, {{"deployment", "desk"}, {"agent", "other"}}};
    const auto made = others.define({MetricKind::histogram, "depth", "Help", {}, {1}});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().message(), "another agent has a metric agent_depth of another kind");
}

}  // namespace
}  // namespace parley
