// An agent that takes its time costs nobody else theirs.
#include <algorithm>

#include "world.hpp"

namespace parley::scenario {
namespace {

class SlowAgent : public World {
  protected:
    // The 99th percentile of 300 ACKs while the agent has a turn that takes 20 s.
    Millis ack_p99(const std::string& config) {
        deployments = deployment("shop", "111", config, "    deadline: 30s\n");
        start_graph();
        start_engine();
        EXPECT_EQ(meta.post(envelope(
                      {change("111", "\"messages\":[" + text_message(person(90), "wamid.slow", "x") + "]")})),
                  200);
        std::vector<Millis> times;
        for (int i = 0; i < 300; ++i) {
            const std::string n = std::to_string(i);
            const auto began = clock_.mono();
            EXPECT_EQ(
                meta.post(envelope({change(
                    "111", "\"messages\":[" + text_message(person(1000 + i), "wamid.s" + n, n) + "]")})),
                200);
            times.push_back(std::chrono::duration_cast<Millis>(clock_.mono() - began));
        }
        std::sort(times.begin(), times.end());
        return times[times.size() * 99 / 100];
    }
};

TEST_F(SlowAgent, that_waits_does_not_slow_the_door) {
    EXPECT_LT(ack_p99("{ delay_ms: 20000 }"), ack_limit);
    engine->stop(Millis{0});
}

TEST_F(SlowAgent, that_misses_its_deadline_is_replaced_by_the_fallback) {
    deployments = deployment("shop", "111", "{ delay_ms: 20000 }", "    deadline: 200ms\n");
    start_graph();
    start_engine();
    EXPECT_EQ(meta.post(envelope(
                  {change("111", "\"messages\":[" + text_message(person(90), "wamid.late", "x") + "]")})),
              200);
    EXPECT_TRUE(eventually([&] { return texts_to(person(90)) == std::vector<std::string>{"Sorry."}; }));
}

}  // namespace
}  // namespace parley::scenario
