// Meta's limits, enforced by the simulator: the engine stays below them, so Graph never has to refuse.
#include "core/outbox_pump.hpp"
#include "fakes/fake_clock.hpp"
#include "fakes/fake_inflight_log.hpp"
#include "fakes/fake_message_store.hpp"
#include "fakes/fake_random.hpp"
#include "served.hpp"
#include "simulator/cloud.hpp"
#include "whatsapp/graph_error.hpp"
#include "whatsapp/send_payload.hpp"

namespace parley::scenario {
namespace {

// Graph without HTTP: each call is answered at once, in the clock's time.
class DirectGraph final : public Sender {
  public:
    DirectGraph(sim::Cloud& cloud, const Clock& clock) : cloud_(cloud), clock_(clock) {}

    void send(const OutboundMessage& message, DeploymentPtr, Completion<SendOutcome> done) override {
        const auto body = to_graph_body(message);
        const sim::GraphAnswer answer = cloud_.send("v25.0", message.channel.str(), "Bearer t", *body);
        HttpOutcome outcome;
        outcome.reply = HttpReply{.status = answer.response.status, .body = answer.response.body};
        if (answer.response.status == 200) times_.push_back(clock_.mono());
        done(to_send_outcome(outcome, message.tries));
    }
    bool needs_window(const OutboundMessage&) const override { return true; }
    void show_presence(const MessageId&, DeploymentPtr, bool) override {}

    const std::vector<MonoTime>& times() const { return times_; }  // of what was accepted

  private:
    sim::Cloud& cloud_;
    const Clock& clock_;
    std::vector<MonoTime> times_;
};

class NoWakeup final : public Wakeup {
  public:
    void wake_at(MonoTime) override {}
};

// The outbox pump with its pace as shipped, in virtual time.
class Pace : public ::testing::Test {
  protected:
    Pace() {
        Deployment deployment;
        deployment.id = DeploymentId("shop");
        deployment.channel = PhoneNumberId("111");
        accounts.replace({std::move(deployment)});
    }

    static sim::CloudOptions strict_cloud() {
        sim::CloudOptions options;
        options.numbers.push_back({"111", "15550000111", "2", "t", "Shop"});
        options.behaviour.pair_rate = true;
        options.behaviour.throughput = true;
        options.behaviour.statuses = false;
        return options;
    }
    void enqueue(const std::string& user) {
        NewOutbound fresh;
        fresh.channel = PhoneNumberId("111");
        fresh.to.wa_id = user;
        fresh.payload_json = R"({"type":"text","text":{"body":"hello"}})";
        fresh.callback = "p1." + std::to_string(++enqueued);
        store.add_outbound(fresh, clock.wall(), [&](Result<OutboundMessage> made) {
            ASSERT_TRUE(made);
            pump.enqueue({*made});
        });
    }
    // Runs the clock until nothing waits any more; at most `longest`.
    void run(Millis longest) {
        const MonoTime end = clock.mono() + longest;
        while (pump.size() > 0 && clock.mono() < end) {
            pump.step(clock.mono());
            clock.advance(Millis{1});
        }
    }
    std::size_t most_within(Millis span) const {
        const auto& times = graph.times();
        std::size_t most = 0;
        for (std::size_t first = 0, last = 0; last < times.size(); ++last) {
            while (times[last] - times[first] >= span) ++first;
            most = std::max(most, last - first + 1);
        }
        return most;
    }
    double seconds_taken() const {
        return std::chrono::duration<double>(graph.times().back() - graph.times().front()).count();
    }
    sim::Json refused() const { return cloud.state("", 1).at("sends").at("refused"); }

    int enqueued = 0;
    FakeClock clock;
    FakeRandom random;
    Metrics metrics;
    AccountRegistry accounts;
    fakes::FakeMessageStore store;
    fakes::FakeInflightLog inflight;
    NoWakeup wakeup;
    sim::Cloud cloud{strict_cloud(), clock, random};
    DirectGraph graph{cloud, clock};
    OutboxPump pump{OutboxOptions{}, {store, graph, inflight, accounts, clock, random, metrics, wakeup}};
};

TEST_F(Pace, of_one_number_is_its_rate_when_more_is_offered) {
    constexpr int offered = 200, seconds = 10;
    for (int i = 0; i < offered * seconds; ++i) {
        enqueue(person(i));
        if (i % offered == offered - 1) run(Millis{1'000});
    }
    run(Millis{60'000});
    ASSERT_EQ(graph.times().size(), static_cast<std::size_t>(offered * seconds));
    EXPECT_TRUE(refused().empty()) << refused();
    EXPECT_LE(most_within(Millis{1'000}), 88U);  // 80 and the tenth of a second that may leave at once
    EXPECT_NEAR(seconds_taken(), offered * seconds / 80.0, 0.2);
}

TEST_F(Pace, to_one_person_is_the_pair_limit_after_its_burst) {
    constexpr int offered = 60, burst = 45;
    for (int i = 0; i < offered; ++i) enqueue(person(1));
    run(Millis{200'000});
    ASSERT_EQ(graph.times().size(), static_cast<std::size_t>(offered));
    EXPECT_TRUE(refused().empty()) << refused();
    EXPECT_LT(graph.times()[burst - 1] - graph.times()[0], Millis{1'000});
    EXPECT_NEAR(seconds_taken(), (offered - burst) * 6.0, 1);
}

TEST_F(Pace, of_a_person_who_waits_delays_nobody_else) {
    for (int i = 0; i < 60; ++i) enqueue(person(1));
    for (int i = 2; i < 40; ++i) enqueue(person(i));
    run(Millis{2'000});
    EXPECT_EQ(graph.times().size(), 45U + 38U);
    EXPECT_TRUE(refused().empty()) << refused();
}

class PacedEngine : public Served {};

// The same through webhooks, an agent and HTTP, in real time: five seconds of what one number may send.
TEST_F(PacedEngine, sends_what_a_number_may_and_is_never_refused) {
    deployments = deployment("shop", "111", "{}", "    pace: { number: 80/s }\n");
    sim::Behaviour behaviour;
    behaviour.pair_rate = true;
    behaviour.throughput = true;
    behaviour.statuses = false;
    start_graph(behaviour);
    start_engine();
    const auto began = std::chrono::steady_clock::now();
    post_all(100, 0, 4);
    expect_all_answered(100, 4);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - began;
    EXPECT_GE(taken.count(), (400 - 8) / 80.0);
    const sim::Json refused = graph->cloud().state("", 1).at("sends").at("refused");
    EXPECT_TRUE(refused.empty()) << refused;
}

}  // namespace
}  // namespace parley::scenario
