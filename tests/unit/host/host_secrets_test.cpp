#include "host/host_secrets.hpp"

#include <gtest/gtest.h>

#include "base/log.hpp"
#include "host/host_services.hpp"
#include "host/host_text.hpp"
#include "host_fixture.hpp"

namespace parley {
namespace {

AgentPolicy with_secrets() {
    AgentPolicy policy;
    policy.secrets.emplace("CRM_KEY", Secret("s3cr3t-of-shop"));
    policy.secrets.emplace("LONG", Secret(std::string(5'000, 'x')));
    return policy;
}

class HostSecrets : public BothWays {};
class SecretsOfAnAgent : public HostFixture {};

TEST_P(HostSecrets, gives_the_ones_that_the_deployment_lists) {
    const auto agent = make("probe", with_secrets());
    EXPECT_EQ(ask(*agent, "secret CRM_KEY").reply(), text_reply("0 14 s3cr3t-of-shop"));
}

TEST_P(HostSecrets, says_how_large_a_value_is_that_does_not_fit_and_copies_nothing) {
    const auto agent = make("probe", with_secrets());
    EXPECT_EQ(ask(*agent, "secret LONG").reply(), text_reply("-3 5000 "));
}

TEST_P(HostSecrets, denies_what_is_not_listed) {
    const auto agent = make("probe", with_secrets());
    EXPECT_EQ(ask(*agent, "secret DB_PASSWORD").reply(), text_reply("-8 0 "));
    EXPECT_EQ(ask(*agent, "secret").reply(), text_reply("-2 0 "));
    EXPECT_EQ(ask(*agent, "secret " + std::string(257, 'n')).reply(), text_reply("-2 0 "));
}

TEST_P(HostSecrets, are_those_of_the_policy_as_it_is_now) {
    const auto agent = make("probe", with_secrets());
    AgentPolicy next;
    next.secrets.emplace("CRM_KEY", Secret("another"));
    host().set_policy(DeploymentId{"shop"}, next);
    EXPECT_EQ(ask(*agent, "secret CRM_KEY").reply(), text_reply("0 7 another"));
}

TEST_P(HostSecrets, never_stand_in_the_log) {
    testing::internal::CaptureStderr();
    configure_log(LogLevel::debug, LogFormat::text);
    {
        const auto agent = make("probe", with_secrets());
        ask(*agent, "secret CRM_KEY").wait();
        ask(*agent, "secret DB_PASSWORD").wait();
    }
    configure_log(LogLevel::warning, LogFormat::text);
    const std::string log = testing::internal::GetCapturedStderr();
    EXPECT_NE(log.find("no secret named DB_PASSWORD"), log.npos) << log;
    EXPECT_EQ(log.find("s3cr3t"), log.npos);
}

TEST_F(SecretsOfAnAgent, whose_manifest_does_not_name_them_stay_with_the_host) {
    TimerQueue timers{[] {}};
    HostServices services{{DeploymentId{"shop"}, "dev.example.echo"},
                          with_secrets(),
                          {http_, timers, clock_, random_, metrics_},
                          [](parley_op, const OperationOwner&, OperationResult) {},
                          [] {}};
    EXPECT_EQ(services.table()->get_extension(&services, PARLEY_EXT_SECRETS), nullptr);
    // Nor does a worker get them that asks nevertheless.
    EXPECT_EQ(read_secret(services, "CRM_KEY").status, PARLEY_UNSUPPORTED);
    EXPECT_TRUE(read_secret(services, "CRM_KEY").data.empty());
}

INSTANTIATE_TEST_SUITE_P(Agents, HostSecrets, both_ways, way_name);

}  // namespace
}  // namespace parley
