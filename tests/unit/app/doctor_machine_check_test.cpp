#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "app/doctor/configuration_check.hpp"
#include "app/doctor/machine_check.hpp"
#include "fakes/fake_clock.hpp"
#include "fakes/temp_folder.hpp"
#include "net/http_server.hpp"
#include "store/sqlite_store.hpp"
#include "unit/app/config_case.hpp"
#include "unit/app/doctor_case.hpp"

namespace parley::doctor {
namespace {

using namespace test;

constexpr std::uint64_t mib = 1U << 20;

class DoctorMachineCheck : public testing::Test {
  protected:
    DoctorMachineCheck() { config.store.url = "sqlite:" + (folder.path() / "parley.db").string(); }
    std::string path(const char* name) const { return (folder.path() / name).string(); }

    fakes::TempFolder folder;
    const FakeClock clock;
    Config config;
};

TEST(DoctorDisk, is_judged_by_what_is_free) {
    EXPECT_EQ(judge_disk("var", {5 * 1024 * mib, 0, 0}).text, "5.0 GiB free");
    EXPECT_EQ(judge_disk("var", {5 * 1024 * mib, 0, 0}).verdict, Verdict::pass) << "files are not counted";
    EXPECT_EQ(judge_disk("var", {500 * mib, 10'000, 20'000}).verdict, Verdict::warn);
    EXPECT_EQ(judge_disk("var", {63 * mib, 10'000, 20'000}).verdict, Verdict::fail);
    EXPECT_EQ(judge_disk("var", {63 * mib, 10'000, 20'000}).text, "only 63.0 MiB free");
    EXPECT_EQ(judge_disk("var", {5 * 1024 * mib, 999, 20'000}).verdict, Verdict::fail);
}

TEST(DoctorOpenFiles, are_judged_by_the_connections_that_the_engine_takes) {
    EXPECT_EQ(judge_open_files({16'384, 0}).verdict, Verdict::pass);
    EXPECT_EQ(judge_open_files({1'024, 0}).verdict, Verdict::warn);
    EXPECT_EQ(judge_open_files({HttpServerOptions{}.max_connections, 0}).verdict, Verdict::warn);
    EXPECT_EQ(judge_open_files({1'024, 77}).subject, "process 77");
}

TEST(DoctorCertificate, warns_in_the_last_two_weeks) {
    const WallTime now = FakeClock().wall();
    EXPECT_EQ(judge_certificate("x", now + std::chrono::hours(24 * 15), now).verdict, Verdict::pass);
    EXPECT_EQ(judge_certificate("x", now + std::chrono::hours(24 * 13), now).verdict, Verdict::warn);
    EXPECT_EQ(judge_certificate("x", now, now).text, "ended on 2026-09-21");
}

TEST_F(DoctorMachineCheck, knows_folders_that_are_there_and_those_that_are_made) {
    config.state_dir = path("state/of/parley");
    EXPECT_EQ(lines(examine_folders(config)).find("fail"), std::string::npos)
        << lines(examine_folders(config));
    EXPECT_TRUE(
        has(examine_folders(config), "pass state " + path("state/of/parley") + ": is made at the start"));
}

TEST_F(DoctorMachineCheck, fails_where_a_file_stands_in_the_way) {
    std::ofstream(path("taken")) << "x";
    config.store.url = "sqlite:" + path("taken/parley.db");
    const Report report = examine_folders(config);
    EXPECT_TRUE(has(report, "fail store " + path("taken") + ": " + path("taken") + " is no folder"))
        << lines(report);
    EXPECT_TRUE(every_trouble_has_a_remedy(report));
}

TEST_F(DoctorMachineCheck, looks_at_the_database_and_who_has_it) {
    EXPECT_TRUE(has(examine_database(config, clock), "is made at the first start"));
    {
        SqliteOptions options;
        options.path = path("parley.db");
        const auto store = open_sqlite_store(options, clock);
        ASSERT_TRUE(store);
        const Report report = examine_database(config, clock);
        EXPECT_TRUE(has(report, ", whole, in use by process " + std::to_string(getpid()))) << lines(report);
        EXPECT_TRUE(has(examine_open_files(config), "process " + std::to_string(getpid())));
    }
    EXPECT_TRUE(has(examine_database(config, clock), ", whole, no engine runs on it"));
}

TEST_F(DoctorMachineCheck, fails_for_a_database_that_is_damaged) {
    std::ofstream(path("parley.db")) << std::string(8192, 'x');
    const Report report = examine_database(config, clock);
    EXPECT_TRUE(has(report, "fail database " + path("parley.db"))) << lines(report);
    EXPECT_TRUE(has(report, "restore the last backup"));
}

TEST_F(DoctorMachineCheck, tells_files_that_are_open_to_everybody) {
    std::ofstream(path("parley.yaml")) << "deployments: {}\n# ${file:token}\n";
    for (const char* name : {"parley.yaml", ".env", "token"}) {
        std::ofstream(path(name), std::ios::app) << "";
        chmod(path(name).c_str(), 0640);
    }
    config.file = path("parley.yaml");
    config.base_dir = folder.path();
    EXPECT_EQ(lines(examine_permissions(config)), "pass permissions : 3 files, none open to everybody\n");
    chmod(path("token").c_str(), 0644);
    chmod(path(".env").c_str(), 0644);
    chmod(path("parley.yaml").c_str(), 0644);
    Report report = examine_permissions(config);
    EXPECT_EQ(report.size(), 2U) << "the file itself holds no secret: " << lines(report);
    EXPECT_TRUE(has(report, "warn permissions " + path("token"))) << lines(report);
    EXPECT_TRUE(has(report, "→ `chmod 600 " + path(".env") + "`"));
    chmod(path("parley.yaml").c_str(), 0666);
    EXPECT_TRUE(has(examine_permissions(config), "fail permissions " + path("parley.yaml")));
}

TEST(DoctorConfiguration, has_what_check_would_say) {
    const LoadReport good = parley::test::load(parley::test::with_deployment(""));
    EXPECT_EQ(lines(examine_configuration(good)), "pass file test.yaml: 1 deployment, no mistakes\n");
    const LoadReport bad = parley::test::load(parley::test::with_deployment("    fallbck: x\n"));
    const Report report = examine_configuration(bad);
    EXPECT_TRUE(has(report, "fail file test.yaml:7:5: deployments.a.fallbck: unknown key. Did you mean"))
        << lines(report);
    EXPECT_TRUE(every_trouble_has_a_remedy(report));
    const LoadReport old = parley::test::load(
        "whatsapp: { app_secret: \"${WHATSAPP_APP_SECRET}\", verify_token: \"${WHATSAPP_VERIFY_TOKEN}\", "
        "api_version: v18.0 }\n");
    EXPECT_TRUE(has(examine_configuration(old), "warn file test.yaml:1:"))
        << lines(examine_configuration(old));
}

}  // namespace
}  // namespace parley::doctor
