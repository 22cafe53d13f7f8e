// What an agent is told besides messages: how its sends ended, and other webhook fields.
#include <algorithm>

#include "world.hpp"

namespace parley::scenario {
namespace {

class Events : public World {
  protected:
    Events() {
        deployments = deployment("shop", "111", "{ file: " + file.string() + " }", "",
                                 PARLEY_BINARY_DIR "/tests/scenario-agents/witness.so");
    }
    std::vector<std::string> told() const {
        std::ifstream in(file);
        std::vector<std::string> lines;
        for (std::string line; std::getline(in, line);) lines.push_back(line);
        return lines;
    }
    std::string preference(const std::string& user, const std::string& value) const {
        return R"({"field":"user_preferences","value":{"messaging_product":"whatsapp","metadata":{"phone_number_id":"111"},)"
               R"("user_preferences":[{"wa_id":")" +
               user + R"(","category":"marketing_messages","value":")" + value + R"(","timestamp":)" +
               std::to_string(unix_ms(clock_.wall()) / 1000) + "}]}}";
    }
    std::string said(const std::string& user, const std::string& id, const std::string& text) const {
        return envelope({change("111", "\"messages\":[" + text_message(user, id, text) + "]")});
    }

    const std::filesystem::path file = folder_.path() / "told.txt";
};

TEST_F(Events, tells_the_agent_of_a_late_failure_by_its_own_callback) {
    sim::Behaviour behaviour = quick_statuses();
    behaviour.unreachable = {person(1)};
    start_graph(behaviour);
    start_engine();
    ASSERT_EQ(meta.post(said(person(1), "wamid.1", "lost")), 200);
    ASSERT_EQ(meta.post(said(person(2), "wamid.2", "fine")), 200);
    const std::string news = envelope({preference(person(2), "stop")});
    ASSERT_EQ(meta.post(news), 200);
    ASSERT_EQ(meta.post(news), 200);
    EXPECT_TRUE(eventually([&] { return told().size() == 2; }));
    auto lines = told();
    std::sort(lines.begin(), lines.end());
    EXPECT_EQ(lines, (std::vector<std::string>{"status failed about lost", "system user_preferences -"}));
    HttpCall letters;
    letters.url = door() + "/api/dead-letters";
    letters.headers = {{"X-API-Key", "scenario-key"}};
    const auto answer = ask(std::move(letters)).reply.value();
    EXPECT_NE(answer.body.find("131026: Message undeliverable"), std::string::npos) << answer.body;
}

TEST_F(Events, an_event_that_a_stopped_engine_left_is_told_by_the_next) {
    start_graph(quick_statuses());
    start_engine();
    ASSERT_EQ(meta.post(said(person(1), "wamid.1", "order")), 200);
    ASSERT_TRUE(eventually([&] { return accepted() == 1; }));
    const std::string callback = graph->cloud().accepted_to(person(1)).front().callback;
    std::ofstream(file.string() + ".hold");
    std::string failed = status_of("wamid.x", person(1), "failed");
    failed.insert(failed.size() - 1, R"(,"biz_opaque_callback_data":")" + callback + "\"");
    ASSERT_EQ(meta.post(said(person(1), "wamid.2", "holds the conversation")), 200);
    ASSERT_EQ(meta.post(envelope({change("111", "\"statuses\":[" + failed + "]")})), 200);
    engine.reset();
    EXPECT_TRUE(told().empty());
    std::filesystem::remove(file.string() + ".hold");
    start_engine();
    EXPECT_TRUE(eventually([&] { return told().size() == 1; }));
    EXPECT_EQ(told().front(), "status failed about order");
}

TEST_F(Events, does_not_answer_a_message_that_comes_a_day_late) {
    deployments =
        deployment("shop", "111", "{}", "    outside_window: { template: hello_again, language: hi }\n");
    start_graph();
    start_engine();
    const auto hours_ago = [&](int hours) {
        return std::to_string(unix_ms(clock_.wall() - std::chrono::hours(hours)) / 1000);
    };
    const auto late = [&](const std::string& user, const std::string& id, int hours) {
        return R"({"from":")" + user + R"(","id":")" + id + R"(","timestamp":")" + hours_ago(hours) +
               R"(","type":"text","text":{"body":"late"}})";
    };
    ASSERT_EQ(meta.post(envelope({change("111", "\"messages\":[" + late(person(1), "wamid.1", 30) + "," +
                                                    late(person(2), "wamid.2", 20) + "]")})),
              200);
    EXPECT_TRUE(eventually([&] { return accepted() == 2; }));
    EXPECT_EQ(graph->cloud().accepted_to(person(1)).front().type, "template");
    EXPECT_EQ(graph->cloud().accepted_to(person(2)).front().type, "text");
}

}  // namespace
}  // namespace parley::scenario
