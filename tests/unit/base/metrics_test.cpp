#include "base/metrics.hpp"

#include <limits>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>

namespace parley {
namespace {

bool has_line(const std::string& text, const std::string& wanted) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        if (line == wanted) return true;
    return false;
}

TEST(Metrics, names_help_and_type_once_a_family) {
    Metrics metrics;
    metrics.counter("parley_turns_total", "Turns by how they ended", {{"result", "answered"}}).add();
    metrics.counter("parley_turns_total", "Turns by how they ended", {{"result", "failed"}}).add(2);
    metrics.gauge("parley_inbox_messages", "Messages in memory").set(7);
    const std::string text = metrics.text();
    EXPECT_TRUE(has_line(text, "# HELP parley_turns_total Turns by how they ended")) << text;
    EXPECT_TRUE(has_line(text, "# TYPE parley_turns_total counter")) << text;
    EXPECT_TRUE(has_line(text, "parley_turns_total{result=\"answered\"} 1")) << text;
    EXPECT_TRUE(has_line(text, "parley_turns_total{result=\"failed\"} 2")) << text;
    EXPECT_TRUE(has_line(text, "# TYPE parley_inbox_messages gauge")) << text;
    EXPECT_TRUE(has_line(text, "parley_inbox_messages 7")) << text;
    EXPECT_EQ(text.find("# TYPE parley_turns_total"), text.rfind("# TYPE parley_turns_total")) << text;
}

TEST(Metrics, counts_histograms_cumulatively) {
    Metrics metrics;
    Histogram& seconds = metrics.histogram("parley_turn_seconds", "Turns", {0.1, 1, 10});
    for (const double value : {0.0625, 0.5, 0.5, 100.0}) seconds.observe(value);
    const std::string text = metrics.text();
    EXPECT_TRUE(has_line(text, "# TYPE parley_turn_seconds histogram")) << text;
    EXPECT_TRUE(has_line(text, "parley_turn_seconds_bucket{le=\"0.1\"} 1")) << text;
    EXPECT_TRUE(has_line(text, "parley_turn_seconds_bucket{le=\"1\"} 3")) << text;
    EXPECT_TRUE(has_line(text, "parley_turn_seconds_bucket{le=\"10\"} 3")) << text;
    EXPECT_TRUE(has_line(text, "parley_turn_seconds_bucket{le=\"+Inf\"} 4")) << text;
    EXPECT_TRUE(has_line(text, "parley_turn_seconds_count 4")) << text;
    EXPECT_TRUE(has_line(text, "parley_turn_seconds_sum 101.0625")) << text;
}

TEST(Metrics, escapes_the_values_of_labels) {
    Metrics metrics;
    metrics.counter("parley_turns_total", "Turns", {{"deployment", "a\"b\\c\nd"}}).add();
    const std::string text = metrics.text();
    EXPECT_TRUE(has_line(text, R"(parley_turns_total{deployment="a\"b\\c\nd"} 1)")) << text;
}

TEST(Metrics, gives_the_same_handle_for_the_same_name_and_labels) {
    Metrics metrics;
    Counter& first = metrics.counter("parley_sends_total", "Sends", {{"a", "1"}, {"b", "2"}});
    Counter& again = metrics.counter("parley_sends_total", "Sends", {{"b", "2"}, {"a", "1"}});
    Counter& other = metrics.counter("parley_sends_total", "Sends", {{"a", "1"}, {"b", "3"}});
    EXPECT_EQ(&first, &again);
    EXPECT_NE(&first, &other);
    again.add(2);
    EXPECT_EQ(first.value(), 2);
    EXPECT_EQ(other.value(), 0);
    Gauge& gauge = metrics.gauge("parley_open", "Open");
    gauge.set(5);
    metrics.gauge("parley_open", "Open").add(-2);
    EXPECT_EQ(gauge.value(), 3);
}

TEST(Metrics, loses_no_count_between_threads) {
    Metrics metrics;
    const auto count = [&] {
        for (int i = 0; i < 1'000; ++i) metrics.counter("parley_sends_total", "Sends").add();
    };
    std::thread other(count);
    count();
    other.join();
    EXPECT_EQ(metrics.counter("parley_sends_total", "Sends").value(), 2'000);
}

}  // namespace
}  // namespace parley
