#include "app/scalars.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>

namespace parley {
namespace {

struct Unit {
    std::string_view name;
    std::uint64_t factor;
};

constexpr std::array<Unit, 5> time_units{
    {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
constexpr std::array<Unit, 4> size_units{{{"B", 1}, {"KiB", 1U << 10}, {"MiB", 1U << 20}, {"GiB", 1U << 30}}};

Error expected(std::string what) {
    return {Errc::invalid_input, "expected " + std::move(what)};
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

// A whole number and its unit, multiplied; false for anything else, and for what does not fit 63 bits.
template <std::size_t N>
bool read_with_unit(std::string_view text, const std::array<Unit, N>& units, std::uint64_t& value) {
    const auto digits =
        static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
    const auto number = parse_count(text.substr(0, digits));
    const auto unit = std::find_if(units.begin(), units.end(),
                                   [&](const Unit& known) { return known.name == text.substr(digits); });
    if (!number || unit == units.end()) return false;
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (*number > most / unit->factor) return false;
    value = *number * unit->factor;
    return true;
}

template <std::size_t N>
std::string written(std::uint64_t value, const std::array<Unit, N>& units) {
    auto unit = units.rbegin();
    while (unit->factor > 1 && (value == 0 || value % unit->factor != 0)) ++unit;
    return std::to_string(value / unit->factor) + std::string(unit->name);
}

}  // namespace

Result<bool> parse_flag(std::string_view text) {
    if (text == "true") return true;
    if (text == "false") return false;
    return expected("true or false");
}

Result<std::uint64_t> parse_count(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_whole = problem == std::errc{} && end == text.data() + text.size() && all_digits(text);
    if (!is_whole || (text.size() > 1 && text.front() == '0')) {
        return expected("a whole number without leading zeros");
    }
    return value;
}

Result<Millis> parse_duration(std::string_view text) {
    std::uint64_t value = 0;
    if (!read_with_unit(text, time_units, value))
        return expected("a duration with its unit: ms, s, m, h or d");
    return Millis{static_cast<std::int64_t>(value)};
}

Result<std::uint64_t> parse_size(std::string_view text) {
    std::uint64_t value = 0;
    if (!read_with_unit(text, size_units, value)) return expected("a size with its unit: B, KiB, MiB or GiB");
    return value;
}

Result<double> parse_rate(std::string_view text) {
    if (text == "off") return 0.0;
    const Error wanted = expected("a rate such as 80/s or 1/6s, or off");
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return wanted;
    const auto events = parse_count(text.substr(0, slash));
    std::string period(text.substr(slash + 1));
    for (const std::string_view word : {"second", "minute", "hour", "day"})
        if (period == word) period.resize(1);
    if (!period.empty() && !is_digit(period.front())) period.insert(0, "1");
    const auto time = parse_duration(period);
    if (!events || !time || *events == 0 || *events > 1'000'000 || time->count() == 0) return wanted;
    return static_cast<double>(*events) * 1000.0 / static_cast<double>(time->count());
}

Result<double> parse_ratio(std::string_view text) {
    double value = 0;
    const auto [end, failed] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    const bool is_number = failed == std::errc{} && end == text.data() + text.size();
    if (!is_number || !(value >= 0 && value <= 1)) return expected("a number from 0 to 1, such as 0.2");
    return value;
}

Result<std::string> parse_digits(std::string_view text) {
    if (!all_digits(text) || text.size() > 20) return expected("an id of 1 to 20 digits");
    return std::string(text);
}

Result<std::string> parse_api_version(std::string_view text) {
    const auto dot = text.find('.');
    const bool is_version = text.starts_with('v') && dot != std::string_view::npos && text.size() <= 8 &&
                            all_digits(text.substr(1, dot - 1)) && all_digits(text.substr(dot + 1));
    if (!is_version) return expected("a Graph API version such as v25.0");
    return std::string(text);
}

Result<std::string> parse_store_url(std::string_view text) {
    constexpr std::string_view sqlite = "sqlite:";
    if (text.starts_with("postgresql:") || text.starts_with("postgres:")) {
        return Error{Errc::invalid_input, "PostgreSQL is not supported by this version yet"};
    }
    const std::string_view path = text.substr(std::min(text.size(), sqlite.size()));
    const bool is_path = !path.empty() && path.front() != ':' && path.back() != '/' &&
                         (!path.starts_with("//") || path.starts_with("///"));
    if (!text.starts_with(sqlite) || !is_path) return expected("sqlite: and the path of a file");
    return std::string(text);
}

Result<std::string> parse_name(std::string_view text) {
    const auto fits = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-'; };
    const bool is_name = !text.empty() && text.size() <= 63 && text.front() != '-' &&
                         std::all_of(text.begin(), text.end(), fits);
    if (!is_name) return expected("a name of lower-case letters, digits and hyphens, at most 63");
    return std::string(text);
}

std::string to_duration_text(Millis duration) {
    return written(static_cast<std::uint64_t>(duration.count()), time_units);
}

std::string to_size_text(std::uint64_t bytes) {
    return written(bytes, size_units);
}

std::string to_ratio_text(double ratio) {
    std::array<char, 32> text{};
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), ratio).ptr};
}

std::string to_rate_text(double per_second) {
    if (per_second <= 0) return "off";
    if (const double events = std::round(per_second); std::abs(events - per_second) < 1e-9) {
        return std::to_string(static_cast<std::uint64_t>(events)) + "/s";
    }
    // Some whole number of events in some whole time, the shortest that is exact enough to be what was read.
    for (std::uint64_t events = 1; events <= 1'000'000; ++events) {
        const double ms = static_cast<double>(events) * 1000.0 / per_second;
        if (std::abs(ms - std::round(ms)) < 1e-6) {
            const std::string time = to_duration_text(Millis{static_cast<std::int64_t>(std::round(ms))});
            return std::to_string(events) + "/" + time;
        }
    }
    return std::to_string(per_second) + "/s";
}

}  // namespace parley
