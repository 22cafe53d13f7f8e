#include "app/scalars.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

template <class T>
void expect_refused(Result<T> (*parse)(std::string_view), std::initializer_list<std::string_view> texts) {
    for (const std::string_view text : texts) {
        const auto value = parse(text);
        EXPECT_FALSE(value.has_value()) << '"' << text << '"';
        if (!value) {
            EXPECT_NE(value.error().message(), "") << text;
        }
    }
}

TEST(Scalars, only_true_and_false_are_flags) {
    EXPECT_TRUE(*parse_flag("true"));
    EXPECT_FALSE(*parse_flag("false"));
    expect_refused(parse_flag, {"", "yes", "no", "on", "off", "1", "0", "True", "TRUE", "true ", "y"});
}

TEST(Scalars, counts_have_digits_only_and_no_leading_zero) {
    EXPECT_EQ(*parse_count("0"), 0U);
    EXPECT_EQ(*parse_count("18446744073709551615"), UINT64_MAX);
    expect_refused(parse_count, {"", "010", "00", "-1", "+1", "1.0", "1e3", "0x10", "1_000", " 1", "1 ",
                                 "18446744073709551616"});
}

TEST(Scalars, durations_need_a_unit) {
    EXPECT_EQ(*parse_duration("500ms"), Millis(500));
    EXPECT_EQ(*parse_duration("30s"), Millis(30'000));
    EXPECT_EQ(*parse_duration("15m"), Millis(900'000));
    EXPECT_EQ(*parse_duration("24h"), Millis(86'400'000));
    EXPECT_EQ(*parse_duration("2d"), Millis(172'800'000));
    EXPECT_EQ(*parse_duration("0s"), Millis(0));
    expect_refused(parse_duration, {"", "30", "s", "1.5s", "-1s", "30 s", "30S", "30sec", "010s", "1h30m",
                                    "2w", "99999999999999999999d", "9223372036854775807s"});
}

TEST(Scalars, sizes_need_a_unit) {
    EXPECT_EQ(*parse_size("512B"), 512U);
    EXPECT_EQ(*parse_size("256KiB"), 256U << 10);
    EXPECT_EQ(*parse_size("4MiB"), 4U << 20);
    EXPECT_EQ(*parse_size("1GiB"), 1U << 30);
    expect_refused(parse_size,
                   {"", "4", "4MB", "4M", "4mib", "4 MiB", "0.5MiB", "-1B", "9223372036854775807GiB"});
}

TEST(Scalars, rates_are_events_in_a_time_or_off) {
    EXPECT_DOUBLE_EQ(*parse_rate("80/s"), 80);
    EXPECT_DOUBLE_EQ(*parse_rate("1/6s"), 1.0 / 6);
    EXPECT_DOUBLE_EQ(*parse_rate("100/m"), 100.0 / 60);
    EXPECT_DOUBLE_EQ(*parse_rate("100/minute"), 100.0 / 60);
    EXPECT_DOUBLE_EQ(*parse_rate("5/100ms"), 50);
    EXPECT_DOUBLE_EQ(*parse_rate("off"), 0);
    expect_refused(parse_rate, {"", "80", "/s", "80/", "0/s", "80/0s", "-1/s", "1.5/s", "80 / s", "OFF",
                                "1/s/s", "1000001/s"});
}

TEST(Scalars, what_is_written_reads_as_the_same) {
    for (const std::string_view text : {"2ms", "20s", "1m", "90s", "36h", "30d", "0ms"}) {
        EXPECT_EQ(to_duration_text(*parse_duration(text)), text);
    }
    for (const std::string_view text : {"0B", "1023B", "4MiB", "1536KiB", "3GiB"}) {
        EXPECT_EQ(to_size_text(*parse_size(text)), text);
    }
    for (const std::string_view text : {"off", "80/s", "1/6s", "1/10ms", "5/3s", "1/1d"}) {
        EXPECT_DOUBLE_EQ(*parse_rate(to_rate_text(*parse_rate(text))), *parse_rate(text))
            << to_rate_text(*parse_rate(text));
    }
    EXPECT_EQ(to_rate_text(1.0 / 6), "1/6s");
}

TEST(Scalars, listening_needs_an_address_and_a_port) {
    for (const std::string_view text :
         {"127.0.0.1:8000", "[::]:8000", "[::1]:0", "localhost:65535", "0.0.0.0:80"}) {
        EXPECT_TRUE(parse_host_port(text).has_value()) << text;
    }
    expect_refused(parse_host_port, {"", "8000", ":8000", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                                     "127.0.0.1:080", "::1:8000", "[::1]", "[::1]8000", "[127.0.0.1]:80",
                                     "example.com:80", "127.1:80", "*:80", "1.2.3.4:80:90", "1.2.3.4:-1"});
}

TEST(Scalars, only_loopback_is_loopback) {
    for (const std::string_view text : {"127.0.0.1:8000", "127.9.9.9:1", "[::1]:8000", "localhost:1"})
        EXPECT_TRUE(is_loopback(text)) << text;
    for (const std::string_view text :
         {"0.0.0.0:8000", "[::]:8000", "10.0.0.1:1", "128.0.0.1:1", "[fe80::1]:1"})
        EXPECT_FALSE(is_loopback(text)) << text;
    EXPECT_TRUE(is_loopback_url("http://127.0.0.1:8001/v25.0"));
    EXPECT_TRUE(is_loopback_url("http://localhost"));
    EXPECT_FALSE(is_loopback_url("http://localhost.example.com/"));
}

TEST(Scalars, urls_have_a_scheme_a_host_and_no_secrets) {
    for (const std::string_view text : {"https://graph.facebook.com", "http://127.0.0.1:8001",
                                        "http://[::1]:80/x", "https://a-b.example/p/q"}) {
        EXPECT_TRUE(parse_url(text).has_value()) << text;
    }
    expect_refused(parse_url, {"", "graph.facebook.com", "ftp://x", "https://", "https:///x", "https://u:p@x",
                               "https://x?a=b", "https://x#f", "https://x y", "https://x:99999", "HTTP://x",
                               "https://-x", "https://[::1", "https://x..y"});
}

TEST(Scalars, host_names_come_without_scheme_and_path) {
    for (const std::string_view text :
         {"api.example.com", "*.example.com", "10.0.0.7", "localhost:9000", "[::1]:80"}) {
        EXPECT_TRUE(parse_host_name(text).has_value()) << text;
    }
    expect_refused(parse_host_name, {"", "*", "*.", "https://x", "x/y", "a.*.com", "x:y", "a b"});
}

TEST(Scalars, ids_versions_stores_and_names_have_one_form_each) {
    EXPECT_EQ(*parse_digits("00123"), "00123");
    expect_refused(parse_digits, {"", "+91", "12 3", "123456789012345678901", "1a"});
    EXPECT_TRUE(parse_api_version("v25.0").has_value());
    expect_refused(parse_api_version, {"", "25.0", "v25", "v.0", "v25.", "v25.0.1", "V25.0", "v1234567.0"});
    for (const std::string_view text :
         {"sqlite:var/parley.db", "sqlite:/var/lib/p.db", "sqlite:///var/p.db"}) {
        EXPECT_TRUE(parse_store_url(text).has_value()) << text;
    }
    expect_refused(parse_store_url, {"", "var/parley.db", "sqlite:", "sqlite::memory:", "sqlite://host/x",
                                     "sqlite:var/", "mysql:x", "postgresql://x"});
    EXPECT_NE(parse_store_url("postgresql://x").error().message().find("not supported"), std::string::npos);
    EXPECT_TRUE(parse_name("jupiter-edge-2").has_value());
    expect_refused(
        parse_name,
        {"", "-a", "A", "a_b", "a.b", "a b", "ä", "a/../b",
         std::string_view("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")});
}

}  // namespace
}  // namespace parley
