// Follow-ups over the life of an engine: they come once, whatever happens in between, and not when they should not.
#include "served.hpp"

namespace parley::scenario {
namespace {

class FollowingUp : public Served {
  protected:
    FollowingUp() { deploy(); }
    void deploy(const std::string& more = "") {
        put(1);
        deployments = deployment("shop", "111", "{}", "    presence: { read: false, typing: false }\n" + more,
                                 agent.string());
    }
    // As an operator does: a new file in the old one's place.
    void put(int version) {
        std::filesystem::copy_file(
            PARLEY_BINARY_DIR "/tests/scenario-agents/reminder-" + std::to_string(version) + ".so",
            folder_.path() / "next.so", std::filesystem::copy_options::overwrite_existing);
        std::filesystem::rename(folder_.path() / "next.so", agent);
    }
    void say(const std::string& user, const std::string& text) {
        const std::string id = "wamid." + std::to_string(++said_);
        insist(envelope({change("111", "\"messages\":[" + text_message(user, id, text) + "]")}));
    }
    // Says it and waits for the answer, so that what the turn scheduled is committed.
    void tell(const std::string& user, const std::string& text) {
        const std::size_t before = texts_to(user).size();
        say(user, text);
        EXPECT_TRUE(eventually([&] { return texts_to(user).size() > before; })) << text;
    }
    std::vector<std::string> reminders_to(const std::string& user) const {
        std::vector<std::string> texts = texts_to(user);
        std::erase(texts, "noted");
        return texts;
    }
    std::int64_t waiting() { return get_json("/api/deployments").at("data").at(0).at("followups"); }
    std::string metric(const std::string& event) {
        std::string body;
        get("/metrics", &body);
        const std::string name = "parley_followups_total{event=\"" + event + "\"} ";
        const auto at = body.find(name);
        if (at == std::string::npos) return "none";
        return body.substr(at + name.size(), body.find('\n', at) - at - name.size());
    }

    const std::filesystem::path agent = folder_.path() / "reminder.so";
    const std::string asha = person(1), ravi = person(2);

  private:
    int said_ = 0;
};

TEST_F(FollowingUp, comes_once_though_the_engine_is_killed_before_and_after) {
    start_graph(quick_statuses());
    write_config();
    serve();
    tell(asha, "remind nudge 2");
    EXPECT_EQ(waiting(), 1);
    process->kill();
    serve();
    ASSERT_TRUE(eventually([&] { return !reminders_to(asha).empty(); }));
    EXPECT_EQ(reminders_to(asha), std::vector<std::string>{R"(1 nudge {"by":"1"})"});
    EXPECT_EQ(waiting(), 0);
    process->kill();
    serve();
    tell(ravi, "remind nudge 1");
    ASSERT_TRUE(eventually([&] { return !reminders_to(ravi).empty(); }));
    EXPECT_EQ(reminders_to(asha).size(), 1U);
    EXPECT_FALSE(repeated());
}

// Those that come due while no engine runs are late, not lost, and come once each, however often it is killed.
TEST_F(FollowingUp, of_many_people_come_once_each_over_kills) {
    constexpr int users = 60;
    start_graph(quick_statuses());
    write_config();
    serve();
    for (int user = 0; user < users; ++user) say(person(user), "remind nudge 1");
    EXPECT_TRUE(eventually([&] { return accepted() >= users; }));
    const auto reminded = [&] {
        int count = 0;
        for (int user = 0; user < users; ++user) count += static_cast<int>(reminders_to(person(user)).size());
        return count;
    };
    for (int kills = 0; kills < 5; ++kills) {
        process->kill();
        serve();
    }
    EXPECT_TRUE(eventually([&] { return reminded() >= users; })) << reminded();
    for (int user = 0; user < users; ++user) EXPECT_EQ(reminders_to(person(user)).size(), 1U) << user;
    EXPECT_EQ(waiting(), 0);
}

TEST_F(FollowingUp, is_the_new_versions_after_a_swap) {
    start_graph(quick_statuses());
    start_engine();
    tell(asha, "remind nudge 2");
    put(2);
    HttpCall call;
    call.method = "POST";
    call.url = door() + "/api/deployments/shop/reload";
    call.headers = {{"X-API-Key", "scenario-key"}};
    ASSERT_EQ(ask(std::move(call)).reply.value().status, 200);
    ASSERT_TRUE(eventually([&] { return !reminders_to(asha).empty(); }));
    EXPECT_EQ(reminders_to(asha), std::vector<std::string>{R"(2 nudge {"by":"1"})"});
}

TEST_F(FollowingUp, of_an_agent_in_a_process_of_its_own) {
    deploy("    isolation: process\n");
    start_graph(quick_statuses());
    write_config();
    serve();
    tell(asha, "remind nudge 1");
    tell(ravi, "remind nudge 600");
    tell(ravi, "forget nudge");
    ASSERT_TRUE(eventually([&] { return !reminders_to(asha).empty(); }));
    EXPECT_EQ(reminders_to(asha), std::vector<std::string>{R"(1 nudge {"by":"1"})"});
    EXPECT_EQ(waiting(), 0);
    EXPECT_EQ(metric("scheduled"), "2");
    EXPECT_EQ(metric("fired"), "1");
    EXPECT_EQ(metric("cancelled"), "1");
}

TEST_F(FollowingUp, for_silence_does_not_come_when_the_person_writes) {
    start_graph(quick_statuses());
    write_config();
    serve();
    tell(asha, "remind nudge 600 silent");
    tell(asha, "remind report 1");
    EXPECT_EQ(waiting(), 1) << "the second message took the first one's away";
    EXPECT_EQ(metric("written"), "1");
    EXPECT_TRUE(eventually([&] { return !reminders_to(asha).empty(); }));
    EXPECT_EQ(reminders_to(asha), std::vector<std::string>{R"(1 report {"by":"1"})"});
}

// A wall clock that a test puts forward; what waits for a short time goes on as ever.
class MovedClock final : public Clock {
  public:
    WallTime wall() const override { return system_.wall() + Millis{ahead_.load()}; }
    MonoTime mono() const override { return system_.mono(); }
    void advance(Millis by) { ahead_ += by.count(); }

  private:
    SystemClock system_;
    std::atomic<std::int64_t> ahead_{0};
};

class FollowingUpLater : public FollowingUp {
  protected:
    void start() {
        start_graph(quick_statuses());
        LoadReport report = load_config("scenario.yaml", config_text(), environment(), clock_.wall());
        for (const Diagnostic& one : report.errors) ADD_FAILURE() << to_text(one);
        configure_log(LogLevel::off, LogFormat::text);
        auto started = Engine::start(std::move(report.config), {moved, random_, "/proc/self/exe"});
        ASSERT_TRUE(started) << started.error().message();
        engine = std::move(*started);
    }
    void TearDown() override { engine.reset(); }  // before its clock

    MovedClock moved;
};

TEST_F(FollowingUpLater, for_the_window_does_not_come_when_it_is_closed) {
    start();
    tell(asha, "remind early 82800 window");
    tell(asha, "remind late 90000 window");
    tell(asha, "remind anyway 90000");
    tell(ravi, "remind wake 2");  // when the engine next looks at its clock
    moved.advance(std::chrono::hours(23) + Millis{2'000});
    EXPECT_TRUE(eventually([&] { return reminders_to(asha).size() + reminders_to(ravi).size() == 2; }));
    tell(ravi, "remind wake 2");
    moved.advance(std::chrono::hours(3));
    EXPECT_TRUE(eventually([&] { return waiting() == 0; }));
    EXPECT_EQ(metric("outside_window"), "1");
    EXPECT_EQ(metric("fired"), "4");
    // The replies of the two that came all the same cannot be sent, and no template is configured.
    EXPECT_TRUE(eventually([&] { return get_json("/api/dead-letters").at("data").size() == 2; }));
    EXPECT_EQ(reminders_to(asha), std::vector<std::string>{R"(1 early {"by":"1"})"});
}

}  // namespace
}  // namespace parley::scenario
