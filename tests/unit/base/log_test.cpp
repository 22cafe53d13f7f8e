#include "base/log.hpp"

#include <cmath>
#include <limits>
#include <regex>

#include <gtest/gtest.h>

namespace parley {
namespace {

// What `write` brings to stderr.
template <class F>
std::string logged(LogLevel level, LogFormat format, F write) {
    configure_log(level, format);
    testing::internal::CaptureStderr();
    write();
    std::string lines = testing::internal::GetCapturedStderr();
    configure_log(LogLevel::info, LogFormat::text);
    return lines;
}

constexpr std::size_t after_time = 37;  // "2026-09-21T14:13:20.000+00:00 info    "

std::string text_of(std::string_view event, std::initializer_list<LogField> fields = {}) {
    const std::string line = logged(LogLevel::info, LogFormat::text, [&] { log_info(event, fields); });
    return line.size() > after_time ? line.substr(after_time + 1) : line;
}

std::string json_of(std::string_view event, std::initializer_list<LogField> fields = {}) {
    const std::string line = logged(LogLevel::info, LogFormat::json, [&] { log_info(event, fields); });
    const auto at = line.find("\"event\"");
    return at == std::string::npos ? line : line.substr(at);
}

TEST(Log, writes_time_level_event_and_fields_on_one_line) {
    const std::string line = logged(LogLevel::info, LogFormat::text, [] {
        log_warning("turn failed", {{"deployment", "shop"}, {"attempt", 2}, {"late", true}, {"ms", 1.5}});
    });
    EXPECT_TRUE(std::regex_match(
        line, std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d warning )"
                         R"(turn failed  deployment=shop  attempt=2  late=true  ms=1\.500000\n)")))
        << line;
}

TEST(Log, writes_json_with_typed_values) {
    const std::string line = logged(LogLevel::info, LogFormat::json, [] {
        log_error("turn failed", {{"deployment", "shop"}, {"attempt", 2}, {"late", false}});
    });
    EXPECT_TRUE(std::regex_match(
        line, std::regex(R"(\{"at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d","level":"error",)"
                         R"("event":"turn failed","deployment":"shop","attempt":2,"late":false\}\n)")))
        << line;
}

TEST(Log, writes_nothing_below_its_level) {
    const auto all = [] {
        log_debug("d");
        log_info("i");
        log_warning("w");
        log_error("e");
    };
    const auto lines = [&](LogLevel level) {
        const std::string text = logged(level, LogFormat::text, all);
        return std::count(text.begin(), text.end(), '\n');
    };
    EXPECT_EQ(lines(LogLevel::debug), 4);
    EXPECT_EQ(lines(LogLevel::info), 3);
    EXPECT_EQ(lines(LogLevel::warning), 2);
    EXPECT_EQ(lines(LogLevel::error), 1);
    EXPECT_EQ(lines(LogLevel::off), 0);
}

TEST(Log, tells_beforehand_what_would_be_written) {
    configure_log(LogLevel::warning, LogFormat::text);
    EXPECT_FALSE(log_enabled(LogLevel::info));
    EXPECT_TRUE(log_enabled(LogLevel::warning));
    EXPECT_TRUE(log_enabled(LogLevel::error));
    configure_log(LogLevel::info, LogFormat::text);
}

TEST(Log, quotes_values_that_would_read_as_something_else) {
    EXPECT_EQ(text_of("e", {{"a", ""}, {"b", "two words"}, {"c", "x=y"}, {"d", "say \"hi\""}}),
              "e  a=\"\"  b=\"two words\"  c=\"x=y\"  d=\"say \\\"hi\\\"\"\n");
    EXPECT_EQ(text_of("e", {{"name", "दुकान"}}), "e  name=\"दुकान\"\n");
}

// Whoever writes a value must not be able to add a line or to command the terminal.
TEST(Log, escapes_control_characters_in_values_and_events) {
    EXPECT_EQ(text_of("e", {{"v", "a\nb\r\x1b[31m\x7f"}}), "e  v=\"a\\nb\\r\\u001b[31m\\u007f\"\n");
    EXPECT_EQ(text_of("e", {{"v",
                             "\xC2\x9B"
                             "31m"}}),
              "e  v=\"\\u009b31m\"\n");
    EXPECT_EQ(text_of("e", {{"v", "\x9B"}}), "e  v=\"\xEF\xBF\xBD\"\n");
    EXPECT_EQ(text_of("two\nlines"), "\"two\\nlines\"\n");
    EXPECT_EQ(json_of("two\nlines", {{"v", "\x1b\"\\"}}),
              "\"event\":\"two\\nlines\",\"v\":\"\\u001b\\\"\\\\\"}\n");
}

TEST(Log, takes_no_text_for_a_format) {
    EXPECT_EQ(text_of("100% of {} %v {0}", {{"v", "%n{}"}}), "100% of {} %v {0}  v=%n{}\n");
}

TEST(Log, keeps_the_whole_range_of_numbers) {
    EXPECT_EQ(text_of("e", {{"n", std::numeric_limits<std::int64_t>::min()},
                            {"m", std::numeric_limits<std::int64_t>::max()}}),
              "e  n=-9223372036854775808  m=9223372036854775807\n");
    EXPECT_EQ(json_of("e", {{"n", std::nan("")}, {"m", HUGE_VAL}}),
              "\"event\":\"e\",\"n\":null,\"m\":null}\n");
}

}  // namespace
}  // namespace parley
