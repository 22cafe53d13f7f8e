// The log lines an agent writes through the host.
#include "base/log.hpp"
#include "host/host_services.hpp"
#include "host/host_text.hpp"
#include "host_fixture.hpp"

namespace parley {
namespace {

class AgentLogging : public ::testing::Test {
  protected:
    // What follows the time and the level on the line, or on all lines.
    std::string written(std::int32_t level, parley_turn turn, std::string_view text,
                        std::string_view fields) {
        testing::internal::CaptureStderr();
        const parley_host* host = services.table();
        host->log(host->ctx, level, turn, to_parley_str(text), to_parley_str(fields));
        const std::string line = testing::internal::GetCapturedStderr();
        const auto at = line.find("agent ");
        return at == line.npos ? line : line.substr(at);
    }

    FakeHttpClient http;
    FakeClock clock;
    FakeRandom random;
    Metrics metrics;
    TimerQueue timers{[] {}};
    HostServices services{{DeploymentId{"shop"}, "dev.example.echo"},
                          {},
                          {http, timers, clock, random, metrics},
                          [](parley_op, const OperationOwner&, OperationResult) {},
                          [] {}};
};

TEST_F(AgentLogging, names_deployment_and_agent) {
    EXPECT_EQ(written(PARLEY_LOG_INFO, 0, "ready", R"({"rows":3})"),
              "agent  deployment=shop  agent=dev.example.echo  text=ready  fields=\"{\\\"rows\\\":3}\"\n");
}

TEST_F(AgentLogging, leaves_out_what_there_is_not) {
    EXPECT_EQ(written(PARLEY_LOG_INFO, 0, "ready", ""),
              "agent  deployment=shop  agent=dev.example.echo  text=ready\n");
}

TEST_F(AgentLogging, names_the_message_of_an_open_turn_only) {
    TurnEvent event;
    event.deployment = std::make_shared<Deployment>();
    event.conversation = ConversationId{42};
    event.seq = ItemSeq{7};
    event.trace_id = to_trace_id("0123456789abcdef");
    const auto turn = std::make_shared<Turn>(std::move(event), [](TurnResult) {});
    const TurnTable::Handle handle = services.turns().open(turn, 0);
    EXPECT_EQ(written(PARLEY_LOG_INFO, handle, "asking", ""),
              "agent  deployment=shop  agent=dev.example.echo  text=asking  message=in-7  conversation=42"
              "  trace=30313233343536373839616263646566\n");
    services.turns().finish(handle);
    EXPECT_EQ(written(PARLEY_LOG_INFO, handle, "late", ""),
              "agent  deployment=shop  agent=dev.example.echo  text=late\n");
}

TEST_F(AgentLogging, cannot_add_a_line_nor_command_a_terminal) {
    EXPECT_EQ(written(PARLEY_LOG_INFO, 0, "a\n2026 error forged \x1b[2J", ""),
              "agent  deployment=shop  agent=dev.example.echo  text=\"a 2026 error forged  [2J\"\n");
}

TEST_F(AgentLogging, is_cut_at_4_kib) {
    EXPECT_LT(written(PARLEY_LOG_INFO, 0, std::string(100'000, 'x'), std::string(100'000, 'y')).size(),
              8'400U);
}

TEST_F(AgentLogging, refuses_a_text_without_data_and_stays_below_its_level) {
    testing::internal::CaptureStderr();
    services.table()->log(services.table()->ctx, PARLEY_LOG_INFO, 0, {nullptr, 5}, {nullptr, 0});
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
    EXPECT_EQ(written(PARLEY_LOG_DEBUG, 0, "quiet", ""), "");
}

TEST_F(AgentLogging, counts_a_plugin_that_reports_its_own_misbehaviour) {
    written(PARLEY_LOG_PLUGIN_MISBEHAVING, 0, "an exception left on_event", "");
    EXPECT_EQ(metrics.counter("parley_agent_misbehaviour_total", "", {{"deployment", "shop"}}).value(), 1);
}

}  // namespace
}  // namespace parley
