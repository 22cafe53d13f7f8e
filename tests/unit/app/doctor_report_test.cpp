#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "app/doctor/agent_check.hpp"
#include "app/doctor/report_text.hpp"
#include "app/doctor/secret_guard.hpp"
#include "fakes/answering_http_client.hpp"
#include "fakes/fake_clock.hpp"
#include "fakes/fake_random.hpp"
#include "fakes/temp_folder.hpp"
#include "unit/app/config_case.hpp"
#include "unit/app/doctor_case.hpp"

namespace parley::doctor {
namespace {

using namespace test;

const Section sample{"machine",
                     {pass("disk", "/var", "12.0 GiB free"),
                      warn("permissions", ".env", "everybody on this machine can read the secrets in it",
                           "close it with `chmod 600 /etc/parley/a-rather-long-name/.env` today"),
                      fail("clock", "", "2 hours\nbehind", "set it"), skip("offline", "", "not asked for")}};

TEST(DoctorReport, is_a_line_a_finding_where_nobody_watches) {
    EXPECT_EQ(to_text(sample, {}),
              "machine\n"
              "  ok    disk          /var: 12.0 GiB free\n"
              "  WARN  permissions   .env: everybody on this machine can read the secrets in it\n"
              "                      → close it with `chmod 600 /etc/parley/a-rather-long-name/.env` today\n"
              "  FAIL  clock         2 hours?behind\n"
              "                      → set it\n"
              "  -     offline       not asked for\n");
}

TEST(DoctorReport, breaks_lines_between_words_but_no_command) {
    EXPECT_EQ(to_text({"machine", {sample.report[1]}}, {60, false}),
              "machine\n"
              "  WARN  permissions   .env: everybody on this machine can\n"
              "                      read the secrets in it\n"
              "                      → close it with\n"
              "                        `chmod 600 /etc/parley/a-rather-long-name/.env`\n"
              "                        today\n");
}

TEST(DoctorReport, has_colours_only_when_asked) {
    EXPECT_EQ(to_text(sample, {}).find('\x1b'), std::string::npos);
    EXPECT_NE(to_text(sample, {80, true}).find("\x1b[31mFAIL\x1b[0m"), std::string::npos);
}

TEST(DoctorReport, ends_with_what_was_counted) {
    EXPECT_EQ(closing_text({sample}), "1 well, 1 doubtful, 1 broken, 1 not looked at.");
    EXPECT_EQ(closing_text({{"machine", {pass("disk", "", "")}}}), "1 well.");
}

TEST(DoctorReport, is_json_for_programs) {
    const auto json = nlohmann::json::parse(to_json({sample}));
    EXPECT_EQ(json["verdict"], "fail");
    EXPECT_EQ(json["warn"], 1);
    EXPECT_EQ(json["checks"][1]["section"], "machine");
    EXPECT_EQ(json["checks"][1]["check"], "permissions");
    EXPECT_EQ(json["checks"][1]["verdict"], "warn");
    EXPECT_TRUE(has_failed({sample}));
    EXPECT_FALSE(has_failed({{"machine", {sample.report[1]}}}));
    EXPECT_EQ(nlohmann::json::parse(to_json({{"machine", {sample.report[1]}}}))["verdict"], "warn");
}

TEST(DoctorSecretGuard, blots_out_every_secret_of_the_configuration) {
    const Config config = parley::test::load(parley::test::with_deployment("")).config;
    Report report{fail("x", "planted-token", "planted-app-secret", "planted-verify-token")};
    SecretGuard(config).clean(report);
    EXPECT_EQ(lines(report), "fail x ***: *** → ***\n");
}

Result<AgentSummary> inspect(const AgentQuery& query) {
    if (query.agent == "nobody") return Error{Errc::not_found, "there is no agent \"nobody\""};
    AgentSummary summary{query.agent, "1.2.3", "1.0", "/agents/echo.so", {}};
    if (query.agent == "picky")
        summary.mistakes.push_back({"", "the agent does not start with this: no facts", ""});
    return summary;
}

TEST(DoctorAgentCheck, tells_each_agent_and_where_it_runs) {
    fakes::TempFolder folder;
    Config config = parley::test::load(parley::test::with_deployment("")).config;
    EXPECT_TRUE(has(examine_agents(config, folder.path() / "parley", inspect),
                    "pass agent a: echo 1.2.3, ABI 1.0, starts with its settings, in the engine's process"));
    config.deployments[0].isolation.kind = IsolationConfig::Kind::process;
    EXPECT_TRUE(has(examine_agents(config, folder.path() / "parley", inspect), "fail agent a: there is no "));
    config.deployments[0].isolation.kind = IsolationConfig::Kind::none;
    config.deployments[0].deployment.agent = "nobody";
    EXPECT_TRUE(has(examine_agents(config, folder.path() / "parley", inspect), "→ put it on agents.path"));
    config.deployments[0].deployment.agent = "picky";
    const Report picky = examine_agents(config, folder.path() / "parley", inspect);
    EXPECT_TRUE(
        has(picky, "fail agent a: deployments.a.config: the agent does not start with this: no facts"));
    EXPECT_TRUE(every_trouble_has_a_remedy(picky));
}

class DoctorExamination : public testing::Test {
  protected:
    std::vector<Section> run(const LoadReport& report, const Questions& questions) {
        std::vector<Section> sections;
        const Ports ports{
            clock,
            random,
            inspect,
            folder.path() / "parley",
            [this]() -> std::unique_ptr<HttpClient> {
                ++clients;
                return std::make_unique<AnsweringHttpClient>([](const HttpCall& call) {
                    return AnsweringHttpClient::failure("no way to planted-app-secret of " + call.url);
                });
            },
            [](const auto&) -> Result<WallTime> { return Error(Errc::unavailable, "no way"); }};
        examine(report, questions, ports,
                {[](const auto&) {}, [&](const Section& one) { sections.push_back(one); }});
        return sections;
    }
    LoadReport load() {
        return parley::test::load("store: { url: \"sqlite:" + folder.path().string() + "/p.db\" }\n" +
                                  parley::test::with_deployment(""));
    }

    fakes::TempFolder folder;
    const FakeClock clock;
    FakeRandom random;
    int clients = 0;
};

TEST_F(DoctorExamination, stops_at_a_configuration_with_mistakes) {
    const auto sections = run(parley::test::load("serfer: {}\n"), {});
    ASSERT_EQ(sections.size(), 1U);
    EXPECT_TRUE(has(sections[0].report, "skip rest"));
    EXPECT_EQ(clients, 0);
}

TEST_F(DoctorExamination, calls_nobody_offline) {
    const auto sections = run(load(), {.deployment = "", .url = "", .is_offline = true});
    ASSERT_EQ(sections.size(), 6U);
    EXPECT_EQ(clients, 0);
    for (const std::size_t at : {3U, 4U, 5U}) EXPECT_TRUE(has(sections[at].report, "skip offline"));
}

TEST_F(DoctorExamination, asks_nothing_more_of_a_meta_that_does_not_answer_and_shows_no_secret) {
    const auto sections = run(load(), {});
    ASSERT_EQ(sections.size(), 6U);
    EXPECT_TRUE(has(sections[3].report, "fail engine"));
    EXPECT_EQ(sections[4].report.size(), 2U) << lines(sections[4].report);
    EXPECT_TRUE(has(sections[4].report, "no way to *** of https://graph.facebook.com/"));
    EXPECT_TRUE(has(sections[4].report, "skip token"));
    EXPECT_TRUE(has(sections[5].report, "Meta must answer first: it knows the address"));
    for (const Section& section : sections) EXPECT_FALSE(has(section.report, "planted-"));
}

}  // namespace
}  // namespace parley::doctor
