// What outlives a version: documents are brought to the new form, memory is handed over, and there is a way back.
#include "world.hpp"

namespace parley::scenario {
namespace {

// The agent in the engine ("none"), and in a process of its own.
class Versions : public World, public ::testing::WithParamInterface<const char*> {
  protected:
    Versions() {
        put(1);
        executable = PARLEY_BINARY_DIR "/bin/parley";
        deployments = deployment("shop", "111", "{}", std::string("    isolation: ") + GetParam() + "\n",
                                 agent.string());
    }
    void put(int version) {
        std::filesystem::copy_file(
            PARLEY_BINARY_DIR "/tests/scenario-agents/keeper-" + std::to_string(version) + ".so",
            folder_.path() / "next.so", std::filesystem::copy_options::overwrite_existing);
        std::filesystem::rename(folder_.path() / "next.so", agent);
    }
    sim::Json call(const std::string& method, const std::string& path, const std::string& body = "") {
        HttpCall call;
        call.method = method;
        call.url = door() + path;
        call.headers = {{"X-API-Key", "scenario-key"}};
        call.body = body;
        return sim::Json::parse(ask(std::move(call)).reply.value_or(HttpReply{}).body, nullptr, false);
    }
    std::string handover_of_swap(const std::string& body = "") {
        const sim::Json answer = call("POST", "/api/deployments/shop/reload", body);
        return answer.contains("now") ? answer["now"].value("handover", "none") : answer.dump();
    }
    std::string reply_to(const std::string& user, const std::string& text) {
        const std::size_t before = texts_to(user).size();
        const std::string id = "wamid.v" + std::to_string(++serial_);
        EXPECT_EQ(meta.post(envelope({change("111", "\"messages\":[" + text_message(user, id, text) + "]")})),
                  200);
        EXPECT_TRUE(eventually([&] { return texts_to(user).size() > before; })) << text;
        return texts_to(user).back();
    }

    const std::filesystem::path agent = folder_.path() / "keeper.so";
    int serial_ = 0;
};

TEST_P(Versions, bring_documents_and_memory_along_and_go_back_to_what_was_not_rewritten) {
    start_graph();
    start_engine();
    const std::string asha = person(1), ravi = person(2);
    EXPECT_EQ(reply_to(asha, "keep"), "1 none 1");
    EXPECT_EQ(reply_to(ravi, "keep"), "1 none 2");

    put(2);
    EXPECT_EQ(handover_of_swap(), "done");
    EXPECT_EQ(reply_to(asha, "look"), R"(2 {"from":1,"v1":1} 3)");
    EXPECT_EQ(reply_to(asha, "look"), R"(2 {"from":1,"v1":1} 4)") << "only a commit replaces the original";
    EXPECT_EQ(reply_to(ravi, "keep"), R"(2 {"from":1,"v1":1} 5)");

    EXPECT_EQ(handover_of_swap(R"({"to":"previous"})"), "done");
    EXPECT_EQ(reply_to(asha, "look"), R"(1 {"v1":1} 6)") << "the original";
    EXPECT_EQ(reply_to(ravi, "look"), R"(1 {"v2":1} 7)") << "the new version had written it";

    EXPECT_TRUE(eventually([&] {
        const sim::Json shown = call("GET", "/api/deployments")["data"][0]["agent"];
        return shown.contains("health") && shown["health"]["state"] == "degraded" &&
               shown["health"]["text"].get<std::string>().starts_with("knows ");
    }));
    HttpCall metrics;
    metrics.url = door() + "/metrics";
    EXPECT_NE(ask(std::move(metrics))
                  .reply.value()
                  .body.find("agent_messages_total{agent=\"keeper\",deployment=\"shop\"} 7\n"),
              std::string::npos);
}

TEST_P(Versions, leave_the_values_of_the_deployment_alone) {
    start_graph();
    start_engine();
    EXPECT_EQ(reply_to(person(1), "count"), "1");
    put(2);
    handover_of_swap();
    EXPECT_EQ(reply_to(person(2), "count"), "2");
    engine.reset();
    start_engine();
    EXPECT_EQ(reply_to(person(1), "count"), "3");
}

INSTANTIATE_TEST_SUITE_P(Agents, Versions, ::testing::Values("none", "process"),
                         [](const auto& way) { return std::string(way.param); });

}  // namespace
}  // namespace parley::scenario
