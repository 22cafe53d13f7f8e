// metrics() in an agent's start(), and its handles.
#include <string>

#include <parley/sdk.hpp>
#include <parley/testing/agent_test.hpp>
#include <parley/testing/sdk_agent.hpp>

namespace {

using parley::testing::FakeHost;
using parley::testing::plugin_of;

struct Desk : parley::Agent<Desk> {
    void configure(const parley::Config& config) {
        is_late_ = config.json().find("late") != std::string_view::npos;
    }

    void start() {
        asked_ = metrics().counter("questions", "Questions", {{"intent", "loan"}});
        open_ = metrics().gauge("open_cases", "Cases");
        length_ = metrics().histogram("length_chars", "Lengths", {10, 100});
    }

    parley::Task on_message(parley::Turn turn) {
        if (is_late_) metrics().counter("late", "Too late");
        asked_.add();
        open_.set(5);
        open_.add(-2);
        length_.observe(static_cast<double>(turn.text.size()));
        never_defined_.add();
        turn.reply("ok");
        co_return;
    }

    parley::MetricCounter asked_, never_defined_;
    parley::MetricGauge open_;
    parley::MetricHistogram length_;
    bool is_late_ = false;
};

struct SdkMetrics : parley::testing::AgentTest {
    SdkMetrics() : AgentTest(plugin_of<Desk>) {}
};

TEST_F(SdkMetrics, are_counted_where_the_agent_says_so) {
    start();
    send({.text = "Hi"});
    send({.text = "Hello"});
    EXPECT_EQ(host.metrics().value("questions_total", {{"intent", "loan"}}), 2);
    EXPECT_EQ(host.metrics().value("open_cases"), 3);
    EXPECT_EQ(host.metrics().observed("length_chars"), (std::vector<double>{2, 5}));
    EXPECT_THROW(host.metrics().value("questions_total"), std::out_of_range);
}

TEST(SdkMetricsLate, are_refused_once_the_agent_has_started) {
    FakeHost host(plugin_of<Desk>);
    ASSERT_TRUE(host.start(R"({"late":true})").ok());
    EXPECT_EQ(host.send({.text = "Hi"}).error, "metric late: refused by the host (denied)");
    EXPECT_EQ(host.misbehaviours(), std::vector<std::string>{"metrics: defined after start has returned"});
}

struct Careless : parley::Agent<Careless> {
    void start() { metrics().gauge("Not-A-Name", "Help"); }
    parley::Task on_message(parley::Turn) { co_return; }
};

TEST(SdkMetricsWrong, keep_the_agent_from_starting) {
    FakeHost host(plugin_of<Careless>);
    const auto started = host.start();
    EXPECT_FALSE(started.ok());
    EXPECT_EQ(started.error, "metric Not-A-Name: refused by the host (invalid)");
}

TEST(SdkMetricsWithout, a_host_that_has_them_count_nothing) {
    FakeHost host(plugin_of<Desk>, {.withheld = {PARLEY_EXT_METRICS}});
    ASSERT_TRUE(host.start().ok());
    EXPECT_EQ(host.send({.text = "Hi"}).text(), "ok");
}

}  // namespace
