// A new version of an agent gets a share of the conversations first, and goes or stays by how it does there.
#include "served.hpp"

namespace parley::scenario {
namespace {

constexpr int users = 300;

class Canary : public Served {
  protected:
    Canary() { put(1); }
    void put(int version) {
        std::filesystem::copy_file(
            PARLEY_BINARY_DIR "/tests/scenario-agents/clerk-" + std::to_string(version) + ".so",
            folder_.path() / "next.so", std::filesystem::copy_options::overwrite_existing);
        std::filesystem::rename(folder_.path() / "next.so", agent);
    }
    void begin(const std::string& canary) { begin_with("    canary: { " + canary + " }\n"); }
    void begin_with(const std::string& lines) {
        deployments = deployment("shop", "111", "{}",
                                 "    presence: { read: false, typing: false }\n" + lines, agent.string());
        write_config();
        start_graph();
        serve();
    }
    std::pair<int, sim::Json> reload(const std::string& body = "") {
        HttpCall call;
        call.method = "POST";
        call.url = door() + "/api/deployments/shop/reload";
        call.headers = {{"X-API-Key", "scenario-key"}};
        call.body = body;
        const auto answer = ask(std::move(call)).reply.value_or(HttpReply{});
        return {answer.status, sim::Json::parse(answer.body, nullptr, false)};
    }
    sim::Json shown() { return get_json("/api/deployments").at("data").at(0).at("agent"); }
    std::string version() { return shown().at("version"); }

    // One message of each user, 100 in a POST.
    void say(const std::string& word) {
        std::vector<std::string> messages;
        for (int user = 0; user < users; ++user) {
            messages.push_back(
                text_message(person(user), "wamid." + std::to_string(++messages_) + word, word));
            if (messages.size() < 100) continue;
            insist(envelope({change("111", "\"messages\":[" + join(messages) + "]")}));
            messages.clear();
        }
        said_ += users;
    }
    void await_answers() {
        EXPECT_TRUE(eventually([&] { return accepted() >= said_; })) << accepted() << " of " << said_;
        EXPECT_EQ(accepted(), said_);
        EXPECT_FALSE(repeated());
    }
    // How many users' last text begins so.
    int told(const std::string& words) {
        int count = 0;
        for (int user = 0; user < users; ++user) {
            const auto texts = texts_to(person(user));
            count += !texts.empty() && texts.back().starts_with(words) ? 1 : 0;
        }
        return count;
    }

    const std::filesystem::path agent = folder_.path() / "clerk.so";
    int messages_ = 0;
    std::uint64_t said_ = 0;
};

TEST_F(Canary, that_fails_is_taken_back_by_itself_under_load_and_nothing_is_lost) {
    begin("percent: 30, rollback_on_failures: 0.2");
    say("hi");
    put(2);
    const auto [status, body] = reload();
    ASSERT_EQ(status, 200) << body.dump();
    EXPECT_EQ(body["now"]["version"], "1.0.0");
    EXPECT_EQ(body["now"]["canary"]["version"], "2.0.0");
    EXPECT_EQ(body["now"]["canary"]["state"], "running");
    say("price");
    say("trouble");
    say("price");
    await_answers();
    EXPECT_TRUE(eventually([&] { return shown().at("canary").at("state") == "taken back"; }));
    EXPECT_EQ(version(), "1.0.0");
    say("price");
    await_answers();
    EXPECT_EQ(told("It costs 10 rupees"), users);
    int apologies = 0;
    for (int user = 0; user < users; ++user) {
        const auto texts = texts_to(person(user));
        ASSERT_EQ(texts.size(), 5U);
        apologies += texts[2] == "Sorry." ? 1 : 0;
    }
    EXPECT_GE(apologies, 3);
    EXPECT_LT(apologies, users / 2);
    // It is not tried again by itself, but when it is asked for.
    process->signal(SIGHUP);
    EXPECT_TRUE(eventually([&] {
        return text_of(folder_.path() / "engine.log").find("configuration unchanged") != std::string::npos;
    }));
    EXPECT_EQ(shown()["canary"]["state"], "taken back");
    EXPECT_EQ(reload().first, 200);
    EXPECT_EQ(shown()["canary"]["state"], "running");
}

TEST_F(Canary, that_does_well_serves_everybody_after_its_time) {
    begin("percent: 30, min_turns: 5, after: 0ms");
    put(2);
    process->signal(SIGHUP);
    ASSERT_TRUE(eventually([&] { return shown().contains("canary"); }));
    EXPECT_EQ(version(), "1.0.0");
    say("price");
    await_answers();
    const int tried = told("It costs 12 rupees");
    EXPECT_GT(tried, users / 6);
    EXPECT_LT(tried, users / 2);
    ASSERT_TRUE(eventually([&] { return version() == "2.0.0"; }));
    EXPECT_FALSE(shown().contains("canary"));
    say("price");
    await_answers();
    EXPECT_EQ(told("It costs 12 rupees"), users);
    EXPECT_EQ(reload(R"({"to":"previous"})").second["now"]["version"], "1.0.0");
}

TEST_F(Canary, ends_by_hand) {
    begin("percent: 30");
    EXPECT_EQ(reload(R"({"to":"promote"})").first, 409);
    put(2);
    ASSERT_EQ(reload().first, 200);
    EXPECT_EQ(reload(R"({"to":"previous"})").first, 200);
    EXPECT_EQ(shown()["canary"]["state"], "taken back");
    EXPECT_EQ(shown()["canary"]["reason"], "taken back by hand");
    ASSERT_EQ(reload().first, 200);
    EXPECT_EQ(shown()["canary"]["state"], "running");
    const auto [status, body] = reload(R"({"to":"promote"})");
    EXPECT_EQ(status, 200);
    EXPECT_EQ(body["now"]["version"], "2.0.0");
    say("price");
    await_answers();
    EXPECT_EQ(told("It costs 12 rupees"), users);
}

TEST_F(Canary, goes_on_after_a_restart_and_does_not_become_the_one_that_serves) {
    begin("percent: 30");
    put(2);
    ASSERT_EQ(reload().first, 200);
    process->kill();
    serve();
    EXPECT_EQ(version(), "1.0.0");
    EXPECT_EQ(shown()["canary"]["state"], "running");
    say("price");
    await_answers();
    EXPECT_GT(told("It costs 12 rupees"), 0);
    EXPECT_GT(told("It costs 10 rupees"), users / 2);
}

TEST_F(Canary, that_crashes_the_engine_is_taken_back_at_the_next_start) {
    begin("percent: 100");
    put(2);
    ASSERT_EQ(reload().first, 200);
    // The engine may end before it has answered.
    (void)meta.post(
        envelope({change("111", "\"messages\":[" + text_message(person(0), "wamid.die", "die") + "]")}));
    EXPECT_EQ(process->wait().signal, SIGABRT);
    serve();
    EXPECT_EQ(version(), "1.0.0");
    EXPECT_EQ(shown()["canary"]["state"], "taken back");
    EXPECT_TRUE(eventually([&] { return texts_to(person(0)).size() == 1; }));
    EXPECT_TRUE(texts_to(person(0)).at(0).starts_with("Hello")) << texts_to(person(0)).at(0);
}

TEST_F(Canary, without_a_voice_is_a_shadow_that_thinks_along_until_it_is_heard) {
    begin_with("    record: true\n    shadow: true\n");
    put(2);
    ASSERT_EQ(reload().first, 200);
    EXPECT_EQ(version(), "1.0.0");
    EXPECT_EQ(shown()["shadow"]["version"], "2.0.0");
    EXPECT_EQ(shown()["shadow"]["state"], "running");
    for (const std::string word : {"hi", "price", "die"}) {
        const std::string one = text_message(person(0), "wamid." + word, word);
        insist(envelope({change("111", "\"messages\":[" + one + "]")}));
        ++said_;
        await_answers();
        std::string metrics;
        EXPECT_TRUE(eventually([&] {
            get("/metrics", &metrics);
            const std::string written =
                "parley_records_total{result=\"written\"} " + std::to_string(2 * said_);
            return metrics.find(written) != std::string::npos;
        })) << metrics;
    }
    EXPECT_EQ(texts_to(person(0)).at(1), "It costs 10 rupees, .");
    Process compare({parley_program, "replay", "--shadow", "--records",
                     (store_folder / "parley.db.records/shop").string()},
                    {.out = folder_.path() / "shadow.txt"});
    EXPECT_EQ(compare.wait().code, 1);
    const std::string text = text_of(folder_.path() / "shadow.txt");
    EXPECT_NE(text.find("3 turns: 1 the same, 2 different"), std::string::npos) << text;
    EXPECT_NE(text.find("12 rupees"), std::string::npos) << text;
    EXPECT_NE(text.find("its process crashed"), std::string::npos) << text;
    EXPECT_EQ(reload(R"({"to":"promote"})").second["now"]["version"], "2.0.0");
    EXPECT_FALSE(shown().contains("shadow"));
    say("price");
    await_answers();
    EXPECT_EQ(told("It costs 12 rupees"), users);
}

}  // namespace
}  // namespace parley::scenario
