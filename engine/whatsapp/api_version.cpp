#include "whatsapp/api_version.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace parley {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;
using namespace std::chrono_literals;

struct KnownVersion {
    int major;
    sys_days last_day;
};

// From Meta's changelog as of August 2026. v26.0 has no end yet.
constexpr std::array<KnownVersion, 8> known_versions{{{18, 2026y / 1 / 26},
                                                      {19, 2026y / 5 / 21},
                                                      {20, 2026y / 9 / 24},
                                                      {21, 2027y / 1 / 21},
                                                      {22, 2027y / 5 / 20},
                                                      {23, 2027y / 10 / 8},
                                                      {24, 2028y / 2 / 18},
                                                      {25, 2028y / 7 / 29}}};

std::optional<int> major_of(std::string_view version) {
    int major = 0;
    if (version.size() < 4 || version.front() != 'v') return std::nullopt;
    const char* const end = version.data() + version.size();
    const auto [dot, error] = std::from_chars(version.data() + 1, end, major);
    if (error != std::errc{} || major <= 0 ||
        std::string_view(dot, static_cast<std::size_t>(end - dot)) != ".0") {
        return std::nullopt;
    }
    return major;
}

std::string date_text(sys_days day) {
    const year_month_day date(day);
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text;
}

}  // namespace

std::optional<std::string> api_version_warning(std::string_view version, WallTime now) {
    const std::string name(version);
    const auto major = major_of(version);
    if (!major) return "Graph API version \"" + name + "\" is not written like v25.0";
    // Versions older than the table ended before its first.
    const auto found = std::find_if(known_versions.begin(), known_versions.end(),
                                    [&](const KnownVersion& known) { return *major <= known.major; });
    if (found == known_versions.end()) return std::nullopt;
    const std::string date = date_text(found->last_day);
    const WallTime end = found->last_day + 24h;
    const bool is_listed = *major == found->major;
    if (now >= end || !is_listed) {
        return "Graph API version " + name + " ended " + (is_listed ? "on " : "before ") + date +
               "; calls are served as the oldest living version";
    }
    if (now + 60 * 24h >= end) return "Graph API version " + name + " ends on " + date;
    return std::nullopt;
}

}  // namespace parley
