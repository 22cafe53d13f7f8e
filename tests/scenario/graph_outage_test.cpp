// Graph is away for a while: its replies wait, and then all go out once and in order.
#include "world.hpp"

namespace parley::scenario {
namespace {

class GraphOutage : public World {
  protected:
    static constexpr int users = 10;
    static constexpr int each = 3;

    void post_everything() {
        for (int n = 0; n < each; ++n)
            for (int user = 0; user < users; ++user) {
                const std::string id = "wamid.u" + std::to_string(user) + "n" + std::to_string(n);
                ASSERT_EQ(
                    meta.post(envelope({change(
                        "111", "\"messages\":[" + text_message(person(user), id, std::to_string(n)) + "]")})),
                    200);
            }
    }
    std::uint64_t calls(const std::string& result) {
        HttpCall call;
        call.url = door() + "/metrics";
        const HttpOutcome outcome = ask(std::move(call));
        const std::string line = "parley_graph_calls_total{result=\"" + result + "\"} ";
        const std::string text = outcome.reply ? outcome.reply->body : "";
        const std::size_t at = text.find(line);
        return at == std::string::npos ? 0 : std::stoull(text.substr(at + line.size()));
    }
    std::size_t dead_letters() {
        HttpCall call;
        call.url = door() + "/api/dead-letters";
        call.headers = {{"X-API-Key", "scenario-key"}};
        const HttpOutcome outcome = ask(std::move(call));
        return outcome.reply ? sim::Json::parse(outcome.reply->body).at("data").size() : 999;
    }
    void expect_everything_once_in_order() {
        EXPECT_TRUE(eventually([&] { return accepted() >= users * each; }));
        EXPECT_EQ(accepted(), static_cast<std::uint64_t>(users * each));
        EXPECT_FALSE(repeated());
        for (int user = 0; user < users; ++user)
            EXPECT_EQ(texts_to(person(user)), (std::vector<std::string>{"0", "1", "2"})) << "user " << user;
        EXPECT_EQ(dead_letters(), 0U);
    }

    // Graph answers every send so, until the engine has had `answers` of them.
    void play(const sim::FaultRule& rule, const std::string& counted, std::uint64_t answers) {
        start_graph();
        start_engine();
        ASSERT_TRUE(graph->cloud().add_fault(rule));
        post_everything();
        EXPECT_TRUE(eventually([&] { return calls(counted) >= answers; }));
        EXPECT_EQ(accepted(), 0U);
        EXPECT_EQ(dead_letters(), 0U);
        graph->cloud().clear_faults();
        expect_everything_once_in_order();
    }
    static sim::FaultRule endless(int http_status, int graph_code) {
        sim::FaultRule rule;
        rule.http_status = http_status;
        rule.graph_code = graph_code;
        rule.times = 0;
        return rule;
    }
};

TEST_F(GraphOutage, that_refuses_connections_is_waited_out) {
    start_engine();
    post_everything();
    EXPECT_TRUE(eventually([&] { return calls("retry_later") >= 3; }));
    EXPECT_EQ(dead_letters(), 0U);
    start_graph();
    expect_everything_once_in_order();
}

TEST_F(GraphOutage, with_errors_of_the_service_is_waited_out) {
    play(endless(503, 131000), "retry_later", 2 * users);
}

TEST_F(GraphOutage, with_the_page_of_a_broken_proxy_is_waited_out) {
    deployments = deployment("shop", "111", "{}", "    unknown_sends: { wait: 200ms, then: resend }\n");
    play(endless(502, 0), "unknown", 2 * users);
}

TEST_F(GraphOutage, that_asks_for_patience_gets_it) {
    play(endless(429, 0), "retry_later", 3);
}

TEST_F(GraphOutage, over_a_restart_is_waited_out) {
    start_engine();
    post_everything();
    EXPECT_TRUE(eventually([&] { return calls("retry_later") >= 2; }));
    engine->stop(Millis{10'000});
    engine.reset();
    start_engine();
    start_graph();
    expect_everything_once_in_order();
}

}  // namespace
}  // namespace parley::scenario
