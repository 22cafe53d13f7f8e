#include "whatsapp/api_version.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

WallTime on(std::chrono::year_month_day day) {
    return std::chrono::sys_days(day);
}

using namespace std::chrono_literals;

TEST(ApiVersion, living_and_newer_ones_need_no_warning) {
    for (const char* version : {"v24.0", "v25.0", "v26.0", "v31.0"}) {
        EXPECT_FALSE(api_version_warning(version, on(2026y / 11 / 21))) << version;
    }
}

TEST(ApiVersion, expired_ones_are_named_with_their_end) {
    const auto eighteen = api_version_warning("v18.0", on(2026y / 11 / 21));
    ASSERT_TRUE(eighteen);
    EXPECT_NE(eighteen->find("ended on 2026-01-26"), std::string::npos) << *eighteen;
    EXPECT_TRUE(api_version_warning("v20.0", on(2026y / 11 / 21)));
    EXPECT_TRUE(api_version_warning("v12.0", on(2026y / 11 / 21)));
    EXPECT_TRUE(api_version_warning("v25.0", on(2028y / 7 / 30)));
}

TEST(ApiVersion, soon_expiring_ones_are_told_in_time) {
    EXPECT_FALSE(api_version_warning("v21.0", on(2026y / 11 / 20)));
    const auto soon = api_version_warning("v21.0", on(2026y / 12 / 1));
    ASSERT_TRUE(soon);
    EXPECT_NE(soon->find("ends on 2027-01-21"), std::string::npos) << *soon;
    EXPECT_NE(api_version_warning("v21.0", on(2027y / 1 / 21))->find("ends"), std::string::npos);
    EXPECT_NE(api_version_warning("v21.0", on(2027y / 1 / 22))->find("ended"), std::string::npos);
}

TEST(ApiVersion, must_be_written_like_one) {
    for (const char* version :
         {"", "25", "v25", "v25.1", "V25.0", "v.0", "v-1.0", "latest", "v25.0/", "v99999999999.0"}) {
        const auto warning = api_version_warning(version, on(2026y / 11 / 21));
        ASSERT_TRUE(warning) << version;
        EXPECT_NE(warning->find("v25.0"), std::string::npos);
    }
}

}  // namespace
}  // namespace parley
