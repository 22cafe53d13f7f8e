// The strict readings of single values: every one says what it expected, none guesses.
//
// `010` is not 8, `yes` is not true, and a duration or a size without its unit is nothing. The to_* functions
// write a value the way the parse_* functions read it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace parley {

// All errors are invalid_input with a message of the form "expected …"; none quotes the text.
Result<bool> parse_flag(std::string_view text);              // true, false
Result<std::uint64_t> parse_count(std::string_view text);    // decimal digits, no leading zero
Result<Millis> parse_duration(std::string_view text);        // 500ms 30s 15m 24h 2d
Result<std::uint64_t> parse_size(std::string_view text);     // 512B 256KiB 4MiB 1GiB, in bytes
Result<double> parse_rate(std::string_view text);            // 80/s 1/6s 100/minute, or off = 0; a second
Result<double> parse_ratio(std::string_view text);           // 0 to 1: 0.2
Result<std::string> parse_digits(std::string_view text);     // 1 to 20 digits: Meta's ids
Result<std::string> parse_host_port(std::string_view text);  // 127.0.0.1:8000 [::]:8000 localhost:8000
Result<std::string> parse_url(std::string_view text);  // http(s)://host[:port][/path], no user, no query
// api.example.com *.example.com 10.0.0.7, maybe :port
Result<std::string> parse_host_name(std::string_view text);
Result<std::string> parse_network(std::string_view text);      // 10.0.0.0/8 fd00::/8 192.0.2.7
Result<std::string> parse_api_version(std::string_view text);  // v25.0
Result<std::string> parse_store_url(std::string_view text);    // sqlite:path
Result<std::string> parse_name(std::string_view text);         // [a-z0-9][a-z0-9-]*, at most 63

std::string to_duration_text(Millis duration);
std::string to_size_text(std::uint64_t bytes);
std::string to_rate_text(double per_second);
std::string to_ratio_text(double ratio);

// Whether a host:port that parse_host_port accepted is reachable from this machine only.
bool is_loopback(std::string_view host_port);

// Whether an http:// or https:// URL names this machine.
bool is_loopback_url(std::string_view url);

}  // namespace parley
